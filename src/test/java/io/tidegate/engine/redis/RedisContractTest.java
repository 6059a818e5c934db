package io.tidegate.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.servers.RedisServer;
import io.tidegate.servers.TestCertificates;
import io.tidegate.target.Engine;
import io.tidegate.target.EngineContract;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.Reason;
import io.tidegate.target.Targets;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What every engine must do, of Redis. Its own states are in {@link RedisEngineTest}. */
class RedisContractTest extends EngineContract {
  private static final String USER = "app_user";
  private static final String PASSWORD = "app-user-password";

  private static final RedisServer SERVER = withUser();

  /** What {@link #SERVER} becomes a replica of. */
  private static final RedisServer UPSTREAM =
      new RedisServer().withoutPersistence().with("--repl-diskless-sync-delay", "0");

  private static final RedisServer TLS = withUser();
  private static final RedisServer ELSEWHERE = withUser();

  private static RedisServer withUser() {
    return new RedisServer().with("--user", USER, "on", ">" + PASSWORD, "~*", "+@all");
  }

  @BeforeAll
  static void startServers() {
    TestCertificates files = TestCertificates.get();
    tls(TLS, files.server(), files.serverKey());
    tls(ELSEWHERE, files.elsewhere(), files.elsewhereKey());
    List.of(SERVER, UPSTREAM, TLS, ELSEWHERE).forEach(RedisServer::start);
  }

  private static void tls(RedisServer server, Path certificate, Path key) {
    server.withTls(certificate, key, TestCertificates.get().ca());
  }

  @AfterAll
  static void stopServers() {
    List.of(SERVER, UPSTREAM, TLS, ELSEWHERE).forEach(RedisServer::close);
  }

  @Override
  protected Engine engine() {
    return new RedisEngine();
  }

  @Override
  protected Targets ready() {
    return at(SERVER.port());
  }

  @Override
  protected Targets at(int port) {
    return Targets.at("redis", port, "").as(USER, PASSWORD);
  }

  @Override
  protected int connections() {
    return (int)
        SERVER.lines("CLIENT LIST").stream().filter(line -> line.contains("user=" + USER)).count();
  }

  @Override
  protected Targets otherDatabase() {
    return Targets.at("redis", SERVER.port(), "99").as(USER, PASSWORD);
  }

  @Override
  protected void readOnly(boolean on) {
    if (!on) {
      assertThat(SERVER.run("REPLICAOF", "NO", "ONE")).startsWith("+OK");
      return;
    }
    assertThat(SERVER.run("REPLICAOF", "127.0.0.1", "" + UPSTREAM.port())).startsWith("+OK");
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> SERVER.info("master_link_status").equals("up"));
  }

  @Override
  protected void changePassword(String password) {
    assertThat(SERVER.run("ACL", "SETUSER", USER, "resetpass", ">" + password)).isEqualTo("+OK");
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
    SERVER.kill();
  }

  @Override
  protected void start() {
    SERVER.start();
  }

  @Override
  protected Targets withTls() {
    return at(TLS.port());
  }

  @Override
  protected Targets withTlsElsewhere() {
    return at(ELSEWHERE.port());
  }

  @Test
  void tooManyClients_areWaitedFor() throws Exception {
    try (RedisServer small = withUser().with("--maxclients", "3")) {
      small.start();
      ProbeResult full =
          whenFull(
              at(small.port()), () -> new Socket(InetAddress.getLoopbackAddress(), small.port()));
      // The server says why and closes at once; its words may be lost with the connection.
      assertNotYet(full, Reason.OVERLOADED, Reason.UNREACHABLE);
    }
  }
}
