package io.tidegate.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.servers.MariaDbServer;
import io.tidegate.servers.Ports;
import io.tidegate.servers.PostgresServer;
import io.tidegate.servers.RedisServer;
import io.tidegate.servers.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Agents on a Redis that keeps nothing, where nothing but their own sessions tells of each other. */
class ReplicaSessionsIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Map<String, String> ACCEPTED =
      Map.of("TIDEGATE_ACCEPT_REDIS_PERSISTENCE_REASON", "a test");

  @TempDir Path folder;
  private final RedisServer redis = new RedisServer().withoutPersistence();
  private final int port = Ports.free();
  private final Endpoints endpoints = new Endpoints(port);

  @BeforeEach
  void start() {
    redis.start();
  }

  @AfterEach
  void stop() {
    redis.close();
  }

  @Test
  void agents_count_each_other_refuse_a_further_start_and_forget_one_that_stops()
      throws IOException {
    try (TidegateProcess _ = run(port, Map.of());
        TidegateProcess second = run(Ports.free(), ACCEPTED);
        TidegateProcess _ = run(Ports.free(), ACCEPTED)) {
      eventually().until(() -> told("at least 3 replicas seen as sessions of Tidegate"));
      assertThat(endpoints.body("/status")).contains("\"refused\":true");
      assertThat(endpoints.body("/metrics"))
          .contains("tidegate_replicas{certainty=\"at-least\"} 3");
      assertThat(endpoints.code("/ready")).as("what runs goes on").isEqualTo(200);

      try (TidegateProcess further = init(Map.of())) {
        assertThat(further.exitCode()).as(further.output()).isEqualTo(78);
        assertThat(further.output()).contains("redis-persistence");
        seen(further, "CLIENT LIST of redis");
      }
      otherAppsAreNotCounted();

      second.terminate();
      assertThat(second.exitCode()).isEqualTo(143);
      eventually().until(() -> told("at least 2 replicas seen as sessions of Tidegate"));
    }
  }

  /** SQLite is what several replicas would break; the server beside it is where they see each other. */
  @ParameterizedTest
  @ValueSource(strings = {"postgresql", "mariadb"})
  void agents_on_a_database_count_each_other_too(String kind) throws IOException {
    Path file = Files.createFile(folder.resolve("app.db"));
    try (ServerProcess server =
        kind.equals("mariadb")
            ? new MariaDbServer().with("--performance-schema=ON")
            : new PostgresServer()) {
      server.start();
      String url =
          server instanceof PostgresServer postgres
              ? postgres.url("postgres")
              : ((MariaDbServer) server).url("mysql");
      String list = kind.equals("mariadb") ? "performance_schema" : "pg_stat_activity";
      Map<String, String> app =
          Map.of(
              "TIDEGATE_TARGETS_MAIN_URL", url, "TIDEGATE_TARGETS_FILE_URL", "sqlite:///" + file);
      Map<String, String> accepted = new HashMap<>(app);
      accepted.put("TIDEGATE_ACCEPT_SQLITE_REPLICAS_REASON", "a test");
      try (TidegateProcess _ = run(port, app);
          TidegateProcess second = run(Ports.free(), accepted);
          TidegateProcess _ = run(Ports.free(), accepted)) {
        eventually().until(() -> told("at least 3 replicas seen as sessions of Tidegate"));
        assertThat(endpoints.body("/status")).contains("\"refused\":true");
        try (TidegateProcess further = init(app)) {
          assertThat(further.exitCode()).as(further.output()).isEqualTo(78);
          assertThat(further.output()).contains("sqlite-replicas");
          seen(further, list + " of main");
        }
        Map<String, String> other = new HashMap<>(app);
        other.put("TIDEGATE_APP", "billing");
        try (TidegateProcess further = init(other)) {
          assertThat(further.exitCode()).as(further.output()).isZero();
        }
        second.terminate();
        assertThat(second.exitCode()).isEqualTo(143);
        eventually().until(() -> told("at least 2 replicas seen as sessions of Tidegate"));
      }
    }
  }

  /** A process that starts looks once: a session that is being renewed just then is not there. */
  private static void seen(TidegateProcess further, String where) {
    assertThat(further.output())
        .containsPattern(
            "at least [23] replicas seen as sessions of Tidegate "
                + Pattern.quote("(" + where + ";"));
  }

  private void otherAppsAreNotCounted() throws IOException {
    Path database = Files.createFile(folder.resolve("app.db"));
    for (Map<String, String> other :
        List.of(
            Map.of("TIDEGATE_APP", "billing"),
            Map.of("REDIS_URL", redis.url() + "/1"),
            Map.of("DATABASE_URL", "sqlite:///" + database))) {
      try (TidegateProcess init = init(other)) {
        assertThat(init.exitCode()).as(init.output()).isZero();
        assertThat(init.output()).contains("redis-persistence").doesNotContain("replicas seen");
      }
    }
  }

  @Test
  void one_that_replaces_another_may_start_beside_it() {
    try (TidegateProcess _ = run(port, Map.of());
        TidegateProcess next = init(Map.of())) {
      assertThat(next.exitCode()).as(next.output()).isZero();
    }
  }

  @Test
  void a_user_that_may_not_list_sessions_is_no_fault() {
    redis.run("ACL", "SETUSER", "app", "on", ">right", "~*", "+@all", "-client");
    Map<String, String> app = Map.of("REDIS_URL", redis.url().replace("://", "://app:right@"));
    try (TidegateProcess _ = run(port, app);
        TidegateProcess _ = run(Ports.free(), app);
        TidegateProcess _ = run(Ports.free(), app);
        TidegateProcess further = init(app)) {
      assertThat(further.exitCode()).as(further.output()).isZero();
      assertThat(endpoints.body("/status")).contains("\"unknown\"");
    }
  }

  @Test
  void inside_kubernetes_whose_api_knows_rollouts_sessions_are_not_counted() {
    Map<String, String> pod =
        Map.of("KUBERNETES_SERVICE_HOST", "127.0.0.1", "KUBERNETES_SERVICE_PORT", "1");
    Map<String, String> environment = new HashMap<>(ACCEPTED);
    environment.putAll(pod);
    try (TidegateProcess _ = run(port, environment)) {
      assertThat(redis.lines("CLIENT LIST")).noneMatch(line -> line.contains("name=tidegate"));
    }
  }

  /** One that watches. */
  private TidegateProcess run(int own, Map<String, String> more) {
    Map<String, String> environment = environment(more);
    environment.put("TIDEGATE_HTTP_PORT", Integer.toString(own));
    TidegateProcess process = TidegateProcess.start(environment, "run");
    Endpoints its = new Endpoints(own);
    eventually().until(() -> its.code("/ready") == 200);
    return process;
  }

  private TidegateProcess init(Map<String, String> more) {
    return TidegateProcess.start(environment(more), "init");
  }

  private Map<String, String> environment(Map<String, String> more) {
    Map<String, String> environment = new HashMap<>();
    if (!more.containsKey("TIDEGATE_TARGETS_MAIN_URL")) {
      environment.put("REDIS_URL", redis.url());
    }
    environment.put("TIDEGATE_WATCH_INTERVAL", "1s");
    environment.put("TIDEGATE_WATCH_RECOUNT", "1s");
    environment.put("TIDEGATE_DEADLINE", "60s");
    environment.putAll(more);
    return environment;
  }

  private boolean told(String what) {
    return endpoints.body("/status").contains(what);
  }

  private static ConditionFactory eventually() {
    return Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50));
  }
}
