package io.tidegate.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.servers.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person or a script meets first. */
class CommandLineIT {
  @TempDir Path folder;

  @Test
  void help_names_every_command_and_every_exit_code() {
    try (TidegateProcess help = run(Map.of(), "--help")) {
      assertThat(help.exitCode()).isZero();
      assertThat(help.output())
          .contains("run", "init", "wait", "migrate", "plan", "status", "health")
          .contains("64", "65", "69", "70", "75", "77", "78", "143");
    }
  }

  @Test
  void help_of_a_command_teaches_keys_and_variables() {
    try (TidegateProcess help = run(Map.of(), "init", "--help")) {
      assertThat(help.exitCode()).isZero();
      assertThat(help.output()).contains("TIDEGATE_REPLICAS", "--targets.NAME.url");
    }
  }

  @Test
  void an_unknown_command_is_a_usage_error() {
    refused(64, "bogus", Map.of(), "bogus");
  }

  @Test
  void an_unknown_option_is_a_usage_error_that_suggests_the_likely_one() {
    refused(64, "deadline", Map.of("DATABASE_URL", "postgresql://db/app"), "run", "--deadlin=3s");
  }

  @Test
  void a_command_that_is_misspelt_is_a_usage_error_that_suggests_the_likely_one() {
    refused(64, "Perhaps you meant migrate.", Map.of(), "miggrate");
    refused(64, "Perhaps you meant check.", Map.of(), "chekc", ".");
  }

  @Test
  void a_timeout_is_called_deadline_and_is_suggested_so() {
    refused(64, "Perhaps you meant deadline.", Map.of(), "init", "--timeout=5s");
    refused(64, "Perhaps you meant deadline.", Map.of(), "wait", "redis://h", "--timout", "5s");
  }

  @Test
  void init_without_a_changelog_says_that_nothing_is_migrated() {
    try (RedisServer redis = RedisServer.started();
        TidegateProcess init = run(Map.of("REDIS_URL", redis.url()), "init")) {
      assertThat(init.exitCode()).isZero();
      assertThat(init.output()).contains("no target has a changelog (TIDEGATE_CHANGELOG)");
    }
  }

  @Test
  void an_option_without_a_value_is_a_usage_error() {
    refused(64, "deadline", Map.of("DATABASE_URL", "postgresql://db/app"), "wait", "--deadline");
  }

  /** The JVM's own end prints the statistics of its memory, which is how the two are told apart. */
  @Test
  void the_direct_end_leaves_nothing_unsaid_and_the_jvm_out() {
    String statistics =
        "-XX:+UnlockDiagnosticVMOptions -XX:NativeMemoryTracking=summary -XX:+PrintNMTStatistics";
    for (String end : new String[] {"jvm", "direct"}) {
      String options = statistics + " -Dtidegate.exit=" + end;
      try (TidegateProcess init = run(Map.of("JAVA_TOOL_OPTIONS", options), "init")) {
        assertThat(init.exitCode()).as(end).isEqualTo(78);
        assertThat(init.output()).as(end).contains("DATABASE_URL", "exit 78");
        assertThat(init.output().contains("Native Memory Tracking:"))
            .as(end)
            .isEqualTo(end.equals("jvm"));
      }
    }
  }

  @Test
  void wait_takes_urls_as_arguments_and_needs_no_environment() {
    try (RedisServer redis = RedisServer.started()) {
      String url = "redis://127.0.0.1:" + redis.port();
      try (TidegateProcess wait =
          run(Map.of(), "wait", url, "--timeout", "1m", url, "--log.format=text")) {
        assertThat(wait.exitCode()).as(wait.output()).isZero();
        assertThat(wait.output()).contains("redis-1: ready", "redis-2: ready");
      }
    }
  }

  @Test
  void timeout_of_wait_is_its_deadline() {
    refused(69, "within 1 s", Map.of(), "wait", "--timeout=1s", "redis://127.0.0.1:1");
    refused(64, "--timeout", Map.of(), "wait", "redis://h", "--timeout=1s", "--deadline", "1s");
  }

  @Test
  void url_of_wait_that_is_wrong_is_one_message_without_the_secret_in_it() {
    for (String[] args :
        new String[][] {
          {"wait", "postgresql://app:hunt/er2@db/app"},
          {"wait", "-x", "postgresql://app:hunt/er2@db/app"},
          {"wait", "--postgresql://app:hunt/er2@db/app"},
          {"run", "postgresql://app:hunt/er2@db/app"},
          {"check", "--url", "postgresql://app:hunt/er2@db/app"},
          {"postgresql://app:hunt/er2@db/app"},
        }) {
      try (TidegateProcess process = run(Map.of("TIDEGATE_LOG_FORMAT", "text"), args)) {
        assertThat(process.exitCode()).as(args[0]).isEqualTo(64);
        assertThat(process.output()).as(args[0]).doesNotContain("hunt", "er2", "Exception");
        assertThat(process.output().lines()).as(args[0]).hasSize(2);
      }
    }
  }

  @Test
  void help_of_wait_shows_urls_as_arguments() {
    try (TidegateProcess help = run(Map.of(), "wait", "--help")) {
      assertThat(help.exitCode()).isZero();
      assertThat(help.output())
          .contains("[URL]...", "--timeout=DURATION", "tidegate wait postgresql://app@db/app");
    }
  }

  @Test
  void no_target_names_the_one_variable_that_a_newcomer_needs() {
    refused(78, "DATABASE_URL", Map.of(), "init");
  }

  @Test
  void a_flag_goes_before_a_variable() {
    refused(
        69,
        "not ready within 1 s",
        Map.of("DATABASE_URL", "postgresql://127.0.0.1:1/app", "TIDEGATE_DEADLINE", "1h"),
        "wait",
        "--deadline",
        "1s");
  }

  @Test
  void an_unknown_number_of_replicas_is_one_short_line() {
    try (TidegateProcess init =
        run(
            Map.of("DATABASE_URL", "redis://127.0.0.1:1", "TIDEGATE_LOG_FORMAT", "text"),
            "init",
            "--deadline=1s")) {
      assertThat(init.exitCode()).as(init.output()).isEqualTo(69);
      assertThat(init.output().lines().filter(line -> line.contains("replicas-unknown")))
          .singleElement()
          .asString()
          .contains("unknown", "counts as one", "TIDEGATE_REPLICAS")
          .hasSizeLessThan(160);
    }
  }

  @Test
  void sqlite_on_ecs_is_refused_until_one_replica_is_declared_or_the_rule_accepted()
      throws IOException {
    Map<String, String> ecs =
        Map.of(
            "DATABASE_URL",
            "sqlite:///" + Files.createFile(folder.resolve("app.db")),
            "ECS_CONTAINER_METADATA_URI_V4",
            "http://169.254.170.2/v4/1");
    refused(78, "on Amazon ECS counts as more than one: if exactly one runs", ecs, "init");
    refused(78, "TIDEGATE_ACCEPT_SQLITE_REPLICAS_REASON", ecs, "init");

    for (var way :
        Map.of("TIDEGATE_REPLICAS", "1", "TIDEGATE_ACCEPT_SQLITE_REPLICAS_REASON", "a demo")
            .entrySet()) {
      Map<String, String> environment = new HashMap<>(ecs);
      environment.put(way.getKey(), way.getValue());
      refused(0, "database", environment, "init");
    }
  }

  @Test
  void plan_without_a_changelog_says_what_to_set() {
    refused(
        78, "TIDEGATE_CHANGELOG", Map.of("DATABASE_URL", "postgresql://127.0.0.1:1/app"), "plan");
  }

  @Test
  void health_without_an_agent_fails_with_one_line() {
    try (TidegateProcess health = run(Map.of(), "health", "--http.port=1")) {
      assertThat(health.exitCode()).isEqualTo(69);
      assertThat(health.output().lines()).hasSize(1);
    }
  }

  private void refused(int exit, String said, Map<String, String> environment, String... args) {
    try (TidegateProcess process = run(environment, args)) {
      assertThat(process.exitCode()).as(process.output()).isEqualTo(exit);
      assertThat(process.output()).contains(said).doesNotContain("Exception", "\tat ");
    }
  }

  private TidegateProcess run(Map<String, String> environment, String... args) {
    return TidegateProcess.start(folder, environment, line -> {}, args);
  }
}
