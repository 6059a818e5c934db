package io.tidegate.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.engine.redis.NodeCheck.Info;
import io.tidegate.problem.ProblemException;
import io.tidegate.servers.Ports;
import io.tidegate.servers.RedisServer;
import io.tidegate.servers.StandInServer;
import io.tidegate.target.Facts;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Probe;
import io.tidegate.target.Probe.ProbeMode;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.ProbeResult.NotYet;
import io.tidegate.target.ProbeResult.Ready;
import io.tidegate.target.ProbeResult.Wrong;
import io.tidegate.target.Reason;
import io.tidegate.target.Target;
import io.tidegate.target.Target.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisEngineTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final RedisEngine ENGINE = new RedisEngine();
  private static final RedisServer SERVER = new RedisServer();

  @BeforeAll
  static void start() {
    SERVER.start();
    must(SERVER, "ACL", "SETUSER", "app", "on", ">right-password", "~*", "+@all", "-@dangerous");
    must(SERVER, "ACL", "SETUSER", "nobody", "on", ">right-password", "-@all");
    must(SERVER, "SET", "present", "yes");
    must(SERVER, "SET", "zero", "0");
  }

  private static void must(RedisServer server, String... words) {
    assertThat(server.run(words)).isEqualTo("+OK");
  }

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  private static RedisTarget here() {
    return RedisTarget.at("redis", SERVER.port());
  }

  private static ProbeResult probe(RedisTarget target) throws InterruptedException {
    try (Probe probe = ENGINE.open(target.target(), ProbeMode.AWAIT)) {
      return probe.attempt(TIMEOUT);
    }
  }

  private static void assertNotYet(ProbeResult result, Reason reason) {
    assertThat(result).isInstanceOf(NotYet.class);
    assertThat(((NotYet) result).reason()).as("%s", result).isEqualTo(reason);
  }

  private static void assertWrong(ProbeResult result, Reason reason) {
    assertThat(result).isInstanceOf(Wrong.class);
    assertThat(((Wrong) result).reason()).as("%s", result).isEqualTo(reason);
  }

  @Test
  void server_thatRuns_isReady() throws InterruptedException {
    assertThat(probe(here())).isInstanceOf(Ready.class);
    String product = System.getProperty("tidegate.redis") == null ? "Redis 7.0" : "";
    assertThat(probe(here()).toString()).contains(product, "primary");
  }

  @Test
  void port_withoutListener_isUnreachable() throws InterruptedException {
    assertNotYet(probe(RedisTarget.at("redis", Ports.free())), Reason.UNREACHABLE);
  }

  @Test
  void silence_endsInTime() throws InterruptedException, IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Probe probe =
            ENGINE.open(RedisTarget.at("redis", silent.getLocalPort()).target(), ProbeMode.AWAIT)) {
      long start = System.nanoTime();
      assertNotYet(probe.attempt(Duration.ofMillis(700)), Reason.NO_ANSWER);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT);
    }
  }

  @Test
  void close_endsARunningAttempt() {
    try (StandInServer silent = StandInServer.silent()) {
      Probe probe = ENGINE.open(RedisTarget.at("redis", silent.port()).target(), ProbeMode.AWAIT);
      var attempt =
          CompletableFuture.supplyAsync(() -> {
            try {
              return probe.attempt(Duration.ofSeconds(60));
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          });
      Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> silent.connections() > 0);
      probe.close();
      Awaitility.await().atMost(Duration.ofMinutes(2)).until(attempt::isDone);
      assertThat(attempt.join())
          .isEqualTo(new NotYet(Reason.OTHER, "the probe was closed meanwhile"));
    }
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().startsWith("probe-cache"));
  }

  @Test
  void close_leavesNoThreadOfLettuceBehind() throws InterruptedException {
    Target target = here().target();
    for (int i = 0; i < 10; i++) {
      try (Probe probe = ENGINE.open(target, ProbeMode.WATCH)) {
        assertThat(probe.attempt(TIMEOUT)).isInstanceOf(ProbeResult.Ready.class);
      }
      assertThat(ENGINE.facts(target, TIMEOUT).get("role")).isEqualTo(new Fact.Known("master"));
    }
    // Those that all clients share are left: one for the time, two to compute.
    Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> threadsOfLettuce() <= 3);
  }

  private static long threadsOfLettuce() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("redis-"))
        .count();
  }

  @Test
  void password_thatIsWrongOrMissing_isPermanent() throws InterruptedException {
    assertWrong(probe(here().as("app", () -> "canary-4711")), Reason.CREDENTIALS);
    assertThat(probe(here().as("app", () -> "canary-4711")).toString())
        .doesNotContain("canary-4711");
    try (RedisServer locked = new RedisServer().with("--requirepass", "secret-4711")) {
      locked.start();
      RedisTarget target = RedisTarget.at("redis", locked.port());
      assertWrong(probe(target), Reason.CREDENTIALS);
      assertThat(probe(target.as(null, () -> "secret-4711"))).isInstanceOf(Ready.class);
    }
  }

  @Test
  void user_withoutDangerousRights_isReadyWithAWordAboutIt() throws InterruptedException {
    RedisTarget target = here().as("app", () -> "right-password");
    assertThat(probe(target)).isInstanceOf(Ready.class);
    assertThat(probe(target).toString()).contains("may not ask INFO");
    assertThat(ENGINE.facts(target.target(), TIMEOUT).get("appendonly"))
        .isInstanceOfSatisfying(
            Fact.Unknown.class, unknown -> assertThat(unknown.reason()).contains("NOPERM"));
    assertWrong(probe(here().as("nobody", () -> "right-password")), Reason.CREDENTIALS);
  }

  @Test
  void password_thatIsRotated_isUsedByTheNextConnection() throws InterruptedException {
    AtomicReference<String> password = new AtomicReference<>("stale-password");
    RedisTarget target = here().as("app", password::get);
    try (Probe probe = ENGINE.open(target.target(), ProbeMode.AWAIT)) {
      assertWrong(probe.attempt(TIMEOUT), Reason.CREDENTIALS);
      password.set("right-password");
      assertThat(probe.attempt(TIMEOUT)).isInstanceOf(Ready.class);
    }
  }

  @Test
  void database_thatDoesNotExist_isPermanent() throws InterruptedException {
    assertThat(probe(here().database("3"))).isInstanceOf(Ready.class);
    assertWrong(probe(here().database("99")), Reason.NO_DATABASE);
    assertThatThrownBy(() -> probe(here().database("orders")))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("not a number");
  }

  @Test
  void readinessQuery_mustFindSomething() throws InterruptedException {
    assertThat(probe(here().asking("EXISTS present"))).isInstanceOf(Ready.class);
    assertThat(probe(here().asking("GET 'present'"))).isInstanceOf(Ready.class);
    assertNotYet(probe(here().asking("EXISTS absent")), Reason.QUERY);
    assertNotYet(probe(here().asking("GET absent")), Reason.QUERY);
    assertNotYet(probe(here().asking("GET zero")), Reason.QUERY);
    assertNotYet(probe(here().asking("LRANGE absent 0 1")), Reason.QUERY);
    assertNotYet(probe(here().asking("NOSUCHCOMMAND")), Reason.QUERY);
    assertThatThrownBy(() -> probe(here().asking("GET a\r\nFLUSHALL")))
        .isInstanceOf(ProblemException.class);
  }

  @Test
  void replica_isNotReadyAsAPrimary() throws InterruptedException {
    try (RedisServer replica =
        new RedisServer().with("--replicaof", "127.0.0.1 " + SERVER.port())) {
      replica.start();
      RedisTarget target = RedisTarget.at("redis", replica.port());
      assertNotYet(probe(target), Reason.ROLE);
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> probe(target.role(Role.ANY)) instanceof Ready);
    }
  }

  @Test
  void watchedServer_thatIsKilled_isNoticedAndBack() throws InterruptedException {
    try (RedisServer server = RedisServer.started();
        Probe probe =
            ENGINE.open(RedisTarget.at("redis", server.port()).target(), ProbeMode.WATCH)) {
      assertThat(probe.attempt(TIMEOUT)).isInstanceOf(Ready.class);
      server.kill();
      assertNotYet(probe.attempt(TIMEOUT), Reason.UNREACHABLE);
      server.start();
      assertThat(probe.attempt(TIMEOUT)).isInstanceOf(Ready.class);
    }
  }

  /** Real: a data set is written, and the server is told to take its time for each key. */
  @Test
  void serverThatLoadsALargeFile_isStartingUntilItHasLoaded() throws InterruptedException {
    try (RedisServer server =
        new RedisServer()
            .withoutPersistence()
            .with("--enable-debug-command", "local")
            .with("--loading-process-events-interval-bytes", "1024")) {
      server.start();
      must(server, "DEBUG", "POPULATE", "20000", "key", "100");
      must(server, "SAVE");
      server.stop();
      // Microseconds a key.
      server.with("--key-load-delay", "200").startWithoutWaiting();
      try (Probe probe =
          ENGINE.open(RedisTarget.at("redis", server.port()).target(), ProbeMode.AWAIT)) {
        Awaitility.await()
            .atMost(Duration.ofMinutes(2))
            .pollInterval(Duration.ofMillis(20))
            .until(() ->
                probe.attempt(TIMEOUT) instanceof NotYet(Reason reason, String sentence)
                    && reason == Reason.STARTING
                    && sentence.contains("loading its data"));
        Awaitility.await()
            .atMost(Duration.ofMinutes(2))
            .until(() -> probe.attempt(TIMEOUT) instanceof Ready);
      }
    }
  }

  @Test
  void facts_areTheServersOwn() throws InterruptedException {
    var facts = ENGINE.facts(here().target(), TIMEOUT);
    assertThat(facts.get("appendonly")).isEqualTo(new Fact.Known("yes"));
    assertThat(facts.get("aof_enabled")).isEqualTo(new Fact.Known("1"));
    assertThat(facts.get("role")).isEqualTo(new Fact.Known("master"));
    assertThat(facts.get("maxmemory-policy")).isEqualTo(new Fact.Known("noeviction"));
    try (RedisServer bare = new RedisServer().withoutPersistence()) {
      bare.start();
      var none = ENGINE.facts(RedisTarget.at("redis", bare.port()).target(), TIMEOUT);
      assertThat(none.get("save")).isEqualTo(new Fact.Known(""));
      assertThat(none.get("appendonly")).isEqualTo(new Fact.Known("no"));
    }
  }

  @Test
  void facts_takeFourCommandsAServer() throws InterruptedException {
    RedisTarget target = here();
    SERVER.run("CONFIG", "RESETSTAT");
    ENGINE.facts(target.target(), TIMEOUT);
    assertThat(asked(SERVER))
        .containsExactlyInAnyOrder("info", "config|get", "acl|whoami", "acl|getuser");
  }

  @Test
  void facts_ofAServerThatTakesOneParameter_takeFourCommandsToo() throws InterruptedException {
    try (RedisServer old = new RedisServer().six()) {
      old.with("--maxmemory", "100mb", "--masterauth", "a-secret").start();
      old.run("CONFIG", "RESETSTAT");
      Facts facts = ENGINE.facts(RedisTarget.at("redis", old.port()).target(), TIMEOUT);
      // Before 7 the statistics know commands as a whole.
      assertThat(asked(old)).containsExactlyInAnyOrder("info", "config", "acl", "acl", "config");
      assertThat(facts.get("redis_version"))
          .isInstanceOfSatisfying(
              Fact.Known.class, known -> assertThat(known.value()).startsWith("6.2."));
      assertConfigured(facts);
      assertThat(facts.get("acl_commands")).isEqualTo(new Fact.Known("+@all"));
      assertThat(matching(old, RedisFacts.CONFIG_PATTERN))
          .contains("save")
          .allSatisfy(name -> assertThat(name).matches("save|append.*|maxmemory.*"));
    }
  }

  /** The names of what CONFIG GET tells, which stand before their values. */
  private static List<String> matching(RedisServer server, String pattern) {
    List<String> texts =
        server.lines("CONFIG GET " + pattern).stream()
            .filter(line -> !line.matches("[*$][0-9]+|\\+OK"))
            .toList();
    return IntStream.range(0, texts.size()).filter(i -> i % 2 == 0).mapToObj(texts::get).toList();
  }

  @Test
  void facts_whereTheVersionIsNotTold_areThere() throws InterruptedException {
    try (RedisServer server = new RedisServer().with("--maxmemory", "100mb")) {
      server.start();
      server.run("ACL", "SETUSER", "app", "on", ">right-password", "~*", "+@all", "-info");
      RedisTarget target = RedisTarget.at("redis", server.port()).as("app", () -> "right-password");
      Facts facts = ENGINE.facts(target.target(), TIMEOUT);
      assertThat(facts.get("redis_version"))
          .isInstanceOfSatisfying(
              Fact.Unknown.class, unknown -> assertThat(unknown.reason()).startsWith("NOPERM"));
      assertConfigured(facts);
    }
  }

  private static void assertConfigured(Facts facts) {
    assertThat(facts.get("save")).isEqualTo(new Fact.Known("3600 1 300 100 60 10000"));
    assertThat(facts.get("appendonly")).isEqualTo(new Fact.Known("yes"));
    assertThat(facts.get("appendfsync")).isEqualTo(new Fact.Known("everysec"));
    assertThat(facts.get("maxmemory")).isEqualTo(new Fact.Known("104857600"));
    assertThat(facts.get("maxmemory-policy")).isEqualTo(new Fact.Known("noeviction"));
  }

  @ParameterizedTest
  @CsvSource({
    "redis_version:6.2.14, false",
    "redis_version:7.0.15, true",
    "redis_version:10.0.0, true",
    "valkey_version:7.2.5, true",
    "'', false"
  })
  void facts_areAskedForByName_whereTheVersionTakesSeveral(String info, boolean several) {
    assertThat(Info.parse(info).takesSeveralParameters()).isEqualTo(several);
  }

  @Test
  void sentinelOfValkey_saysSoUnderAnotherName() {
    assertThat(Info.parse("valkey_version:9.1.2\r\nserver_mode:sentinel\r\n").isSentinel())
        .isTrue();
    assertThat(Info.parse("valkey_version:9.1.2\r\nserver_mode:standalone\r\n").isSentinel())
        .isFalse();
  }

  /** What was run but for the connection's own beginning and for resetting the count. */
  private static List<String> asked(RedisServer server) {
    return server.commands().stream()
        .filter(command -> !command.matches("hello|auth|select|client.*|config\\|resetstat"))
        .toList();
  }

  @Test
  void sentinel_leadsToThePrimary() throws InterruptedException, IOException {
    try (RedisServer sentinel = new RedisServer()) {
      var file = sentinel.folder().resolve("sentinel.conf");
      java.nio.file.Files.writeString(
          file, "sentinel monitor mymaster 127.0.0.1 " + SERVER.port() + " 1\n");
      sentinel.with("--sentinel", "--protected-mode", "no");
      startAsSentinel(sentinel, file);
      RedisTarget target = RedisTarget.at("redis-sentinel", Ports.free(), sentinel.port());
      assertThat(probe(target)).as("%s", probe(target)).isInstanceOf(Ready.class);
      assertThat(probe(target).toString()).contains(":" + SERVER.port());
      assertThat(
              ENGINE
                  .facts(target.target(), TIMEOUT)
                  .get("node.127.0.0.1:" + SERVER.port() + ".appendonly"))
          .isEqualTo(new Fact.Known("yes"));
      assertWrong(probe(RedisTarget.at("redis", sentinel.port())), Reason.UNSUITABLE);
      assertWrong(probe(RedisTarget.at("redis-sentinel", SERVER.port())), Reason.UNSUITABLE);
    }
  }

  private static void startAsSentinel(RedisServer sentinel, java.nio.file.Path file) {
    sentinel.configuredBy(file).start();
  }

  @Test
  void cluster_isReadyOnceEverySlotIsServed() throws InterruptedException {
    int busPort = Ports.free();
    try (RedisServer one = member(Ports.free());
        RedisServer two = member(busPort)) {
      RedisTarget target = RedisTarget.at("redis-cluster", one.port());
      assertNotYet(probe(target), Reason.STARTING);
      must(one, "CLUSTER", "MEET", "127.0.0.1", "" + two.port(), "" + busPort);
      must(one, "CLUSTER", "ADDSLOTSRANGE", "0", "7999");
      assertNotYet(probe(target), Reason.STARTING);
      must(two, "CLUSTER", "ADDSLOTSRANGE", "8000", "16383");
      Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> probe(target) instanceof Ready);
      assertThat(probe(target).toString()).contains("2 primaries");
      assertNotYet(probe(target.asking("EXISTS somewhere")), Reason.QUERY);
      assertThat(
              ENGINE
                  .facts(target.target(), TIMEOUT)
                  .get("node.127.0.0.1:" + two.port() + ".appendonly"))
          .isEqualTo(new Fact.Known("yes"));
      two.kill();
      assertThat(probe(target)).isInstanceOf(NotYet.class);
      assertWrong(probe(RedisTarget.at("redis-cluster", SERVER.port())), Reason.UNSUITABLE);
    }
  }

  private static RedisServer member(int busPort) {
    RedisServer server =
        new RedisServer()
            .with("--cluster-enabled", "yes", "--cluster-port", Integer.toString(busPort));
    server.start();
    return server;
  }
}
