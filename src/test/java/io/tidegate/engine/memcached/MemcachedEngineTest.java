package io.tidegate.engine.memcached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.tidegate.problem.ExitCode;
import io.tidegate.problem.ProblemException;
import io.tidegate.servers.MemcachedServer;
import io.tidegate.servers.Ports;
import io.tidegate.servers.StandInServer;
import io.tidegate.servers.TestCertificates;
import io.tidegate.target.Engine;
import io.tidegate.target.EngineContract;
import io.tidegate.target.Facts;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.ProbeResult.Ready;
import io.tidegate.target.Reason;
import io.tidegate.target.ServiceUrl;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Targets;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A real Memcached, from the operating system's packages: see {@code .ci/packaged}. Skipped where there
 * is none.
 */
class MemcachedEngineTest extends EngineContract {
  private static final String USER = "app_user";
  private static final String PASSWORD = "app-user-password";

  private static final MemcachedServer SERVER = new MemcachedServer().as(USER, PASSWORD);
  private static final MemcachedServer OPEN = new MemcachedServer();
  private static final MemcachedServer TLS = new MemcachedServer();
  private static final MemcachedServer ELSEWHERE = new MemcachedServer();

  @BeforeAll
  static void startServers() {
    if (!Boolean.getBoolean("tidegate.packaged.required")) {
      Assumptions.assumeTrue(MemcachedServer.isInstalled(), "there is no Memcached");
    }
    TestCertificates files = TestCertificates.get();
    TLS.withTls(files.server(), files.serverKey());
    ELSEWHERE.withTls(files.elsewhere(), files.elsewhereKey());
    List.of(SERVER, OPEN, TLS, ELSEWHERE).forEach(MemcachedServer::start);
  }

  @AfterAll
  static void stopServers() {
    List.of(SERVER, OPEN, TLS, ELSEWHERE).forEach(MemcachedServer::close);
  }

  @Override
  protected Engine engine() {
    return new MemcachedEngine();
  }

  @Override
  protected Targets ready() {
    return at(SERVER.port());
  }

  @Override
  protected Targets at(int port) {
    return Targets.at("memcached", port, "").as(USER, PASSWORD);
  }

  @Override
  protected int connections() {
    return SERVER.connections();
  }

  @Override
  protected boolean hasDatabases() {
    return false;
  }

  @Override
  protected Targets otherDatabase() {
    return Targets.at("memcached", SERVER.port(), "other");
  }

  @Override
  protected void changePassword(String password) {
    SERVER.as(USER, password);
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

  private static Targets open() {
    return Targets.at("memcached", OPEN.port(), "");
  }

  private static Targets both() {
    return Targets.of(
        new ServiceUrl(
            "memcached",
            List.of(
                new HostPort("127.0.0.1", OPEN.port()), new HostPort("127.0.0.1", SERVER.port())),
            "",
            Map.of()));
  }

  @Test
  void version_is_the_detail() throws InterruptedException {
    assertThat(probe(open()).sentence()).matches("Memcached \\d+\\.\\d+.*");
  }

  /** To a server that does not ask for it, a login is an item to be stored. */
  @Test
  void password_is_not_sent_to_a_server_that_asks_for_none() throws InterruptedException {
    String items = item("cmd_set");
    assertThat(probe(open().as(USER, PASSWORD))).isInstanceOf(Ready.class);
    assertThat(item("cmd_set")).isEqualTo(items);
  }

  private static String item(String name) {
    return OPEN.stats().stream()
        .filter(line -> line.startsWith("STAT " + name + " "))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void server_that_asks_for_a_password_where_none_is_declared_is_a_permanent_failure()
      throws InterruptedException {
    assertWrong(probe(Targets.at("memcached", SERVER.port(), "")), Reason.CREDENTIALS);
  }

  @Test
  void every_server_of_a_pool_has_to_answer() throws InterruptedException {
    assertThat(probe(both().as(USER, PASSWORD)).sentence()).endsWith(", 2 servers");
    assertWrong(probe(both()), Reason.CREDENTIALS);
  }

  @Test
  void server_of_a_pool_that_is_down_is_named_alone() throws InterruptedException {
    int free = Ports.free();
    ServiceUrl url =
        new ServiceUrl(
            "memcached",
            List.of(new HostPort("127.0.0.1", OPEN.port()), new HostPort("127.0.0.1", free)),
            "",
            Map.of());
    ProbeResult result = probe(Targets.of(url));
    assertNotYet(result, Reason.UNREACHABLE);
    assertThat(result.sentence()).endsWith("127.0.0.1:" + free).doesNotContain(":" + OPEN.port());
  }

  /** Long enough for a cut in the middle of it; a stand-in, since Memcached never says it. */
  @ParameterizedTest
  @ValueSource(ints = {0, 480, 2_030})
  void password_that_an_answer_repeats_is_masked(int before) throws InterruptedException {
    String answer = "CLIENT_ERROR " + "x".repeat(before) + "pässwort-4711\r\n";
    try (StandInServer other = StandInServer.greeting(answer.getBytes(StandardCharsets.UTF_8))) {
      ProbeResult result =
          probe(Targets.at("memcached", other.port(), "").as(USER, "pässwort-4711"));
      assertThat(result.sentence()).doesNotContain("sswort", "p\u00c3");
    }
  }

  @Test
  void more_connections_than_it_accepts_are_waited_for() throws Exception {
    try (MemcachedServer small = new MemcachedServer().with("-t", "1", "-c", "16")) {
      small.start();
      ProbeResult full =
          whenFull(
              Targets.at("memcached", small.port(), ""),
              () -> new Socket(InetAddress.getLoopbackAddress(), small.port()));
      // The server says why and closes at once; its words may be lost with the connection.
      assertNotYet(full, Reason.OVERLOADED, Reason.NO_ANSWER, Reason.UNREACHABLE);
    }
  }

  /** Another service behind the address: what its kind is, nobody can tell by one answer. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "-ERR unknown command 'version'\r\n",
        "HTTP/1.1 400 Bad Request\r\n\r\n",
        "VERSION",
        "VERSION 1.6.18\r\nSTAT pid 1\r\nSTAT\r\n"
      })
  void what_is_no_reply_of_memcached_is_not_ready(String answer) throws InterruptedException {
    try (StandInServer other = StandInServer.greeting(answer.getBytes(StandardCharsets.US_ASCII))) {
      assertNotYet(probe(at(other.port())), Reason.OTHER, Reason.NO_ANSWER);
    }
  }

  /** A stand-in: no real server sends without an end. */
  @ParameterizedTest
  @ValueSource(strings = {"a", "STAT a 1\r\n"})
  void an_answer_without_end_is_not_read_without_end(String forever) throws InterruptedException {
    try (StandInServer endless =
        StandInServer.saying(socket -> {
          socket.getOutputStream().write("VERSION 1\r\n".getBytes(StandardCharsets.US_ASCII));
          while (!Thread.currentThread().isInterrupted()) {
            socket.getOutputStream().write(forever.getBytes(StandardCharsets.US_ASCII));
          }
        })) {
      assertNotYet(probe(at(endless.port())), Reason.OTHER);
    }
  }

  @Test
  void readiness_query_finds_its_key() throws InterruptedException {
    assertThat(OPEN.run("set orders:ready 0 0 3\r\nyes")).isEqualTo("STORED");
    assertThat(probe(open().query("get orders:ready"))).isInstanceOf(Ready.class);
    assertNotYet(probe(open().query("GET not-there")), Reason.QUERY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"flush_all", "get a b", "get", "set a 0 0 1", "get a\r\nflush_all"})
  void readiness_query_that_is_no_get_is_refused(String query) {
    assertThatThrownBy(() -> probe(open().query(query)))
        .asInstanceOf(type(ProblemException.class))
        .satisfies(e -> assertThat(e.exit()).isEqualTo(ExitCode.REFUSED));
  }

  @Test
  void database_in_the_url_is_refused() {
    assertThatThrownBy(() -> probe(otherDatabase()))
        .asInstanceOf(type(ProblemException.class))
        .satisfies(e -> {
          assertThat(e.exit()).isEqualTo(ExitCode.REFUSED);
          assertThat(e).hasMessageContaining("Memcached has none");
        });
  }

  @Test
  void facts_are_what_stats_reports() throws InterruptedException {
    Facts facts = engine().facts(open().target(), TIMEOUT);
    assertThat(facts.get("limit_maxbytes")).isEqualTo(new Fact.Known("8388608"));
    assertThat(facts.get("evictions")).isEqualTo(new Fact.Known("0"));
    Facts each = engine().facts(both().as(USER, PASSWORD).target(), TIMEOUT);
    assertThat(each.nodes()).containsKeys("127.0.0.1:" + OPEN.port(), "127.0.0.1:" + SERVER.port());
    Facts refused = engine().facts(both().target(), TIMEOUT);
    assertThat(refused.get("version")).isInstanceOf(Fact.Unknown.class);
  }
}
