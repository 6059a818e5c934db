package io.tidegate.engine.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.servers.MongoWireServer;
import io.tidegate.servers.ScriptedMongo;
import io.tidegate.servers.TestCertificates;
import io.tidegate.servers.TlsProxy;
import io.tidegate.target.Engine;
import io.tidegate.target.EngineContract;
import io.tidegate.target.ProbeResult.Ready;
import io.tidegate.target.Reason;
import io.tidegate.target.Targets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * What every engine must do, of MongoDB, as far as it can be shown without mongod.
 *
 * <p>{@link MongoWireServer} answers the queries, but has no users, no replica sets and no TLS. A
 * {@link ScriptedMongo} before it checks passwords as mongod does (SCRAM-SHA-256) and speaks for a
 * replica set; a {@link TlsProxy} ends TLS. So the driver and the probe are shown to take such
 * answers rightly; that mongod gives them is what its documentation says.
 */
class MongoContractTest extends EngineContract {
  private static final String USER = "app_user";
  private static final String PASSWORD = "app-user-password";
  private static final String SECONDARY =
      "{setName: 'rs0', secondary: true, isWritablePrimary: false, ismaster: false, "
          + "hosts: ['127.0.0.1:1'], primary: '127.0.0.1:1'}";

  private static final MongoWireServer SERVER = MongoWireServer.started();
  private static final ScriptedMongo FRONT =
      new ScriptedMongo(SERVER).requiring(USER, PASSWORD).start();
  private static final TlsProxy TLS =
      proxy(TestCertificates.get().server(), TestCertificates.get().serverKey());
  private static final TlsProxy ELSEWHERE =
      proxy(TestCertificates.get().elsewhere(), TestCertificates.get().elsewhereKey());

  private static TlsProxy proxy(Path certificate, Path key) {
    return new TlsProxy(FRONT.port(), certificate, key);
  }

  @AfterAll
  static void stopServers() {
    TLS.close();
    ELSEWHERE.close();
    FRONT.close();
    SERVER.close();
  }

  @Override
  protected Engine engine() {
    return new MongoEngine();
  }

  @Override
  protected Targets ready() {
    return at(FRONT.port());
  }

  @Override
  protected Targets at(int port) {
    return Targets.at("mongodb", port, "app")
        .parameters(Map.of("authSource", "admin"))
        .as(USER, PASSWORD);
  }

  /** Those of the driver's monitors too, which log in as nobody. */
  @Override
  protected int connections() {
    return FRONT.connections();
  }

  /** A database that does not exist is no error: MongoDB makes it at the first write. */
  @Override
  protected boolean hasDatabases() {
    return false;
  }

  @Override
  protected Targets otherDatabase() {
    return Targets.at("mongodb", FRONT.port(), "not-there").as(USER, PASSWORD);
  }

  @Override
  protected void readOnly(boolean on) {
    if (on) {
      FRONT.answering("hello", SECONDARY);
    } else {
      FRONT.handingOn("hello");
    }
  }

  @Override
  protected void changePassword(String password) {
    FRONT.requiring(USER, password);
  }

  @Override
  protected String user() {
    return USER;
  }

  @Override
  protected String password() {
    return PASSWORD;
  }

  @Override
  protected void kill() {
    FRONT.close();
    SERVER.close();
  }

  @Override
  protected void start() {
    SERVER.start();
    FRONT.start();
  }

  @Override
  protected Targets withTls() {
    return at(TLS.port());
  }

  @Override
  protected Targets withTlsElsewhere() {
    return at(ELSEWHERE.port());
  }

  /** As MongoDB's drivers have it: a file for TLS asks for TLS. */
  @Test
  void caFileOfTheUrl_asksForTls() throws InterruptedException {
    TestCertificates files = TestCertificates.get();
    assertThat(probe(withTls().parameters(Map.of("tlsCAFile", files.ca().toString()))))
        .isInstanceOf(Ready.class);
    assertWrong(
        probe(withTls().parameters(Map.of("tlsCAFile", files.otherCa().toString()))), Reason.TLS);
  }
}
