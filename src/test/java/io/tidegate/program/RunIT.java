package io.tidegate.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.servers.Ports;
import io.tidegate.servers.PostgresServer;
import io.tidegate.servers.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent as a sidecar: it waits, migrates, opens, closes, opens again and stops. */
class RunIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path folder;
  private final int port = Ports.free();
  private final Endpoints endpoints = new Endpoints(port);

  @Test
  void it_opens_when_the_server_answers_closes_when_it_is_killed_and_opens_again()
      throws Exception {
    Path changelog = folder.resolve("changelog");
    Files.createDirectory(changelog);
    Files.writeString(changelog.resolve("001.sql"), "CREATE TABLE t (id int);");
    try (PostgresServer postgres = new PostgresServer();
        TidegateProcess gate =
            start(
                Map.of(
                    "TIDEGATE_TARGETS_DB_URL", postgres.url("postgres"),
                    "TIDEGATE_TARGETS_DB_CHANGELOG", changelog.toString(),
                    "TIDEGATE_WATCH_INTERVAL", "100ms"))) {
      eventually().until(() -> endpoints.code("/live") == 200);
      assertThat(endpoints.code("/ready")).isEqualTo(503);
      assertThat(endpoints.body("/ready")).contains("db");

      postgres.start();
      eventually().until(() -> endpoints.code("/ready") == 200);
      postgres.execute("postgres", "INSERT INTO t VALUES (1)");

      postgres.kill();
      eventually().until(() -> endpoints.code("/ready") == 503);
      assertThat(endpoints.code("/live")).isEqualTo(200);

      postgres.start();
      eventually().until(() -> endpoints.code("/ready") == 200);

      gate.terminate();
      assertThat(gate.exitCode()).as(gate.output()).isEqualTo(143);
    }
  }

  @Test
  void the_heap_that_a_migration_used_goes_back_when_watching_begins() throws Exception {
    Path changelog = folder.resolve("changelog");
    Files.createDirectory(changelog);
    for (int i = 1000; i < 1500; i++) {
      Files.writeString(changelog.resolve(i + ".sql"), "CREATE TABLE t%d (id int);".formatted(i));
    }
    String heap =
        Stream.of("common.args", "run.args")
            .map(Path.of("src/main/docker")::resolve)
            .flatMap(RunIT::lines)
            .filter(line -> line.matches("-Xm[sx].*|-XX:.*(HeapFreeRatio|InSteps|NewRatio).*"))
            .collect(Collectors.joining(" "));
    Pattern collection = Pattern.compile("\\(System.gc\\(\\)\\) \\d+M->(\\d+)M\\((\\d+)M\\)");
    try (TidegateProcess gate =
        start(
            Map.of(
                "TIDEGATE_TARGETS_FILE_URL", "sqlite:///" + folder.resolve("app.db"),
                "TIDEGATE_TARGETS_FILE_CHANGELOG", changelog.toString(),
                "JDK_JAVA_OPTIONS", heap + " -Xlog:gc"))) {
      eventually().until(() -> collection.matcher(gate.output()).find());
      Matcher told = collection.matcher(gate.output());
      assertThat(told.find()).isTrue();
      int used = Integer.parseInt(told.group(1));
      assertThat(Integer.parseInt(told.group(2))).as("kept, MiB").isLessThan(2 * used);
      assertThat(endpoints.code("/ready")).isEqualTo(200);
    }
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void sigterm_while_waiting_ends_it_at_once_with_143() {
    try (TidegateProcess gate =
        start(Map.of("TIDEGATE_TARGETS_DB_URL", "postgresql://127.0.0.1:1/app"))) {
      eventually().until(() -> endpoints.code("/live") == 200);
      gate.terminate();
      assertThat(gate.exitCode()).isEqualTo(143);
      assertThat(gate.output()).contains("exit 143");
    }
  }

  @Test
  void a_port_in_use_is_one_clear_problem() {
    try (RedisServer other = RedisServer.started();
        TidegateProcess gate =
            TidegateProcess.start(
                Map.of(
                    "TIDEGATE_TARGETS_CACHE_URL", other.url(),
                    "TIDEGATE_HTTP_HOST", "127.0.0.1",
                    "TIDEGATE_HTTP_PORT", Integer.toString(other.port())),
                "run")) {
      assertThat(gate.exitCode()).as(gate.output()).isEqualTo(78);
      assertThat(gate.output()).contains("http.port").doesNotContain("\tat ");
    }
  }

  private TidegateProcess start(Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("TIDEGATE_HTTP_PORT", Integer.toString(port));
    return TidegateProcess.start(all, "run");
  }

  private static ConditionFactory eventually() {
    return Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50));
  }
}
