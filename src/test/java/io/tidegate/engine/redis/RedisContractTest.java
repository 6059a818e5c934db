package io.tidegate.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.ArrayOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.tidegate.engine.Engine;
import io.tidegate.engine.EngineContract;
import io.tidegate.engine.ProbeResult.Ready;
import io.tidegate.engine.Reason;
import io.tidegate.engine.Targets;
import io.tidegate.servers.RedisServer;
import io.tidegate.servers.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
    String clients = Cli.run(SERVER.port(), redis -> redis.clientList());
    return (int) clients.lines().filter(line -> line.contains("user=" + USER)).count();
  }

  @Override
  protected Targets otherDatabase() {
    return Targets.at("redis", SERVER.port(), "99").as(USER, PASSWORD);
  }

  @Override
  protected void readOnly(boolean on) {
    if (!on) {
      Cli.run(SERVER.port(), redis -> redis.replicaofNoOne());
      return;
    }
    Cli.run(SERVER.port(), redis -> redis.replicaof("127.0.0.1", UPSTREAM.port()));
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() ->
            Cli.run(SERVER.port(), redis -> redis.info("replication"))
                .contains("master_link_status:up"));
  }

  @Override
  protected void changePassword(String password) {
    var words = new CommandArgs<>(StringCodec.UTF8);
    for (String word : List.of("SETUSER", USER, "resetpass", ">" + password)) {
      words.add(word);
    }
    Cli.run(
        SERVER.port(),
        redis -> redis.dispatch(CommandType.ACL, new ArrayOutput<>(StringCodec.UTF8), words));
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
  void tooManyClients_areWaitedFor() throws IOException, InterruptedException {
    List<Socket> clients = new ArrayList<>();
    try (RedisServer small = withUser().with("--maxclients", "3")) {
      small.start();
      assertThat(probe(at(small.port()))).isInstanceOf(Ready.class);
      for (int i = 0; i < 4; i++) {
        clients.add(new Socket(InetAddress.getLoopbackAddress(), small.port()));
      }
      // The server says why and closes at once; its words may be lost with the connection.
      assertNotYet(probe(at(small.port())), Reason.OVERLOADED, Reason.UNREACHABLE);
    } finally {
      for (Socket client : clients) {
        client.close();
      }
    }
  }
}
