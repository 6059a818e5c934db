package io.tidegate.policy.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.cli.Composition;
import io.tidegate.policy.Evidence;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.servers.Ports;
import io.tidegate.servers.RedisServer;
import io.tidegate.target.Facts;
import io.tidegate.target.ServiceUrl;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Target;
import io.tidegate.target.Target.Purpose;
import io.tidegate.target.Targets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * All rules together on what real servers tell, each configured in another way; three replicas of the
 * app. Redis 7.0 is past its end of life, so that the rule on that always finds it.
 */
class RedisRulesLiveTest {
  private static final String OLD = "warning end-of-life";
  private static final String OPEN = "notice redis-superuser";
  private static final String PASSWORD = "right-password";

  @Test
  void a_server_that_is_set_up_well_is_clean_but_for_its_age() throws InterruptedException {
    RedisServer server = sound().with("--user", "app", "on", ">" + PASSWORD, "~*", "+@all");
    try (server) {
      server.with("-@admin", "+config|get", "+acl|whoami", "+acl|getuser").start();
      Target target = Targets.at("redis", server.port(), "").as("app", PASSWORD).target();
      assertThat(words(evaluate(target))).containsExactly(OLD);
    }
  }

  @Test
  void what_nobody_configured_is_told() throws InterruptedException {
    assertThat(evaluate(new RedisServer(), Purpose.STORE))
        .containsExactlyInAnyOrder(OLD, OPEN, "notice redis-memory");
    assertThat(evaluate(new RedisServer().withoutPersistence(), Purpose.STORE))
        .containsExactlyInAnyOrder(OLD, OPEN, "warning redis-memory", "error redis-persistence");
  }

  @ParameterizedTest
  @CsvSource({
    "allkeys-lru, QUEUE, warning redis-eviction",
    "volatile-ttl, SESSION, warning redis-eviction",
    "volatile-ttl, STORE, notice redis-eviction",
    "allkeys-lru, CACHE, ''",
    "noeviction, QUEUE, ''"
  })
  void eviction_is_checked_by_purpose(String policy, Purpose purpose, String found)
      throws InterruptedException {
    assertThat(evaluate(sound().with("--maxmemory-policy", policy), purpose))
        .containsExactlyInAnyOrderElementsOf(
            found.isEmpty() ? List.of(OLD, OPEN) : List.of(OLD, OPEN, found));
  }

  @ParameterizedTest
  @CsvSource({
    "no, STORE, warning redis-fsync",
    "no, SESSION, notice redis-fsync",
    "no, CACHE, ''",
    "always, STORE, ''"
  })
  void fsync_is_checked_by_purpose(String fsync, Purpose purpose, String found)
      throws InterruptedException {
    assertThat(evaluate(sound().with("--appendfsync", fsync), purpose))
        .containsExactlyInAnyOrderElementsOf(
            found.isEmpty() ? List.of(OLD, OPEN) : List.of(OLD, OPEN, found));
  }

  @Test
  void a_snapshot_and_a_rewrite_that_failed_are_told_until_one_succeeds()
      throws InterruptedException, IOException {
    try (RedisServer server = sound()) {
      Path data = Files.createDirectory(server.folder().resolve("data"));
      server.with("--dir", data.toString(), "--enable-protected-configs", "local").start();
      delete(data);
      server.run("BGSAVE");
      until(() -> server.info("rdb_last_bgsave_status").equals("err"));
      server.run("BGREWRITEAOF");
      until(() -> server.info("aof_last_bgrewrite_status").equals("err"));
      List<Finding> findings = evaluate(Targets.at("redis", server.port(), "").target());
      assertThat(words(findings).stream().filter("warning redis-last-write"::equals)).hasSize(2);

      Files.createDirectory(data);
      assertThat(server.run("CONFIG", "SET", "dir", data.toString())).isEqualTo("+OK");
      server.run("BGSAVE");
      until(() -> server.info("rdb_last_bgsave_status").equals("ok"));
      server.run("BGREWRITEAOF");
      until(() -> server.info("aof_last_bgrewrite_status").equals("ok"));
      assertThat(words(evaluate(Targets.at("redis", server.port(), "").target())))
          .containsExactlyInAnyOrder(OLD, OPEN);
    }
  }

  @Test
  void an_append_only_file_that_cannot_grow_is_told() throws InterruptedException {
    try (RedisServer server = sound().withFilesOfAtMost(128)) {
      server.start();
      server.run("SET", "k", "v".repeat(200_000));
      until(() -> server.info("aof_last_write_status").equals("err"));
      assertThat(evaluate(Targets.at("redis", server.port(), "").target()))
          .extracting(Finding::evidence)
          .contains("aof_last_write_status is err");
    }
  }

  @Test
  void a_primary_that_keeps_nothing_can_wipe_its_replicas() throws InterruptedException {
    try (RedisServer primary = sound().withoutPersistence()) {
      primary.with("--repl-diskless-sync-delay", "0").start();
      try (RedisServer replica = sound()) {
        replica.with("--replicaof", "127.0.0.1", "" + primary.port()).start();
        until(() -> replica.info("master_link_status").equals("up"));
        until(() -> primary.info("connected_slaves").equals("1"));
        assertThat(words(evaluate(Targets.at("redis", primary.port(), "").target())))
            .containsExactlyInAnyOrder(OLD, OPEN, "error redis-empty-primary");
        assertThat(words(evaluate(Targets.at("redis", replica.port(), "").target())))
            .containsExactlyInAnyOrder(OLD, OPEN, "warning required-primary");
        primary.run("CONFIG", "SET", "appendonly", "yes");
        assertThat(words(evaluate(Targets.at("redis", primary.port(), "").target())))
            .containsExactlyInAnyOrder(OLD, OPEN);
      }
    }
  }

  @Test
  void config_that_is_renamed_away_hides_only_what_info_does_not_tell()
      throws InterruptedException {
    RedisServer server = sound().withoutPersistence().with("--rename-command", "CONFIG", "");
    assertThat(evaluate(server.with("--maxmemory-policy", "allkeys-lru"), Purpose.QUEUE))
        .containsExactlyInAnyOrder(OLD, OPEN, "notice redis-persistence", "warning redis-eviction");
  }

  @Test
  void of_a_user_without_dangerous_rights_nothing_is_known_and_nothing_blamed()
      throws InterruptedException {
    RedisServer server =
        sound()
            .withoutPersistence()
            .with("--maxmemory-policy", "allkeys-lru")
            .with("--user", "app", "on", ">" + PASSWORD, "~*", "+@all", "-@dangerous");
    try (server) {
      server.start();
      assertThat(
              words(evaluate(Targets.at("redis", server.port(), "").as("app", PASSWORD).target())))
          .containsExactlyInAnyOrder("notice redis-persistence", "notice redis-eviction");
    }
  }

  @Test
  void every_primary_of_a_cluster_is_asked() throws InterruptedException {
    int busPort = Ports.free();
    try (RedisServer one = member(sound(), Ports.free());
        RedisServer two =
            member(
                sound().withoutPersistence().with("--maxmemory-policy", "allkeys-lru"), busPort)) {
      one.run("CLUSTER", "MEET", "127.0.0.1", "" + two.port(), "" + busPort);
      one.run("CLUSTER", "ADDSLOTSRANGE", "0", "8000");
      two.run("CLUSTER", "ADDSLOTSRANGE", "8001", "16383");
      until(() -> clusterOk(one) && clusterOk(two));
      List<Finding> findings = evaluate(Targets.at("redis-cluster", one.port(), "").target());
      assertThat(words(findings))
          .containsExactlyInAnyOrder(
              OLD, OPEN, OPEN, "error redis-persistence", "warning redis-eviction");
      assertThat(findings)
          .filteredOn(finding -> finding.rule().id().matches("redis-(persistence|eviction)"))
          .allSatisfy(finding ->
              assertThat(finding.evidence()).startsWith("127.0.0.1:" + two.port() + ": "));
    }
  }

  @Test
  void the_primary_that_a_sentinel_names_is_asked() throws InterruptedException, IOException {
    try (RedisServer primary = sound().withoutPersistence();
        RedisServer sentinel = new RedisServer()) {
      primary.start();
      Path file = sentinel.folder().resolve("sentinel.conf");
      Files.writeString(file, "sentinel monitor mymaster 127.0.0.1 " + primary.port() + " 1\n");
      sentinel.with("--sentinel", "--protected-mode", "no").configuredBy(file).start();
      ServiceUrl url =
          new ServiceUrl(
              "redis-sentinel",
              List.of(new HostPort("127.0.0.1", sentinel.port())),
              "",
              Map.of("sentinelMasterId", "mymaster"));
      assertThat(evaluate(Targets.of(url).target()))
          .filteredOn(finding -> finding.rule().id().equals("redis-persistence"))
          .singleElement()
          .satisfies(finding ->
              assertThat(finding.evidence()).startsWith("127.0.0.1:" + primary.port() + ": "));
    }
  }

  /** Append-only, with a limit of memory at which it refuses writes. */
  private static RedisServer sound() {
    return new RedisServer().with("--maxmemory", "100mb", "--maxmemory-policy", "noeviction");
  }

  private static RedisServer member(RedisServer server, int busPort) {
    server.with("--cluster-enabled", "yes", "--cluster-port", Integer.toString(busPort)).start();
    return server;
  }

  private static boolean clusterOk(RedisServer server) {
    return server.run("SET", "k", "v").matches("\\+OK|-MOVED.*");
  }

  private List<String> evaluate(RedisServer server, Purpose purpose) throws InterruptedException {
    try (server) {
      server.start();
      return words(evaluate(Targets.at("redis", server.port(), "").purpose(purpose).target()));
    }
  }

  private List<Finding> evaluate(Target target) throws InterruptedException {
    Facts facts = new Composition().engines().of(target).facts(target, Duration.ofSeconds(10));
    Evidence evidence =
        new Evidence(
            Situation.scaled().replicas(), List.of(target), Map.of(target.name(), facts), Map.of());
    return Composition.guard()
        .evaluate(evidence, List.of(), LocalDate.now(Clock.systemUTC()))
        .findings();
  }

  /** Another program than the usual one may not be old: what is expected of that one is added. */
  private static List<String> words(List<Finding> findings) {
    List<String> words = new ArrayList<>();
    if (System.getProperty("tidegate.redis") != null) {
      words.add(OLD);
    }
    findings.forEach(finding ->
        words.add(finding.severity().name().toLowerCase(Locale.ROOT) + " " + finding.rule().id()));
    return List.copyOf(words);
  }

  private static void until(Callable<Boolean> condition) {
    Awaitility.await().atMost(Duration.ofMinutes(2)).until(condition);
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(file -> {
            try {
              Files.delete(file);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }
}
