package io.tidegate.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.servers.Ports;
import io.tidegate.servers.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the tutorial shows is what the program does, on a PostgreSQL of the test. Its containers are
 * those of {@code .ci/scenarios/tutorial}.
 */
class TutorialIT {
  private static final Path REFUSED = Path.of("compose-examples/refused-sqlite-three-replicas");

  @TempDir Path folder;
  private final int port = Ports.free();
  private final Endpoints endpoints = new Endpoints(port);

  /** The blocks of a language and, behind it, a file. */
  private static List<String> blocks(String opening) throws IOException {
    return Pattern.compile("(?m)^```" + opening + "\\n(.*?)^```$", Pattern.DOTALL)
        .matcher(Files.readString(Path.of("docs/tutorial.md")))
        .results()
        .map(match -> match.group(1))
        .toList();
  }

  private static ConditionFactory eventually() {
    return Awaitility.await().atMost(Duration.ofMinutes(2));
  }

  /** Without times and durations, which differ from run to run. */
  private static String normal(String text) {
    return text.replaceAll("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z", "TIME")
        .replaceAll("Millis\": ?\\d+", "Millis\":N")
        .strip();
  }

  private static String onOneLine(String json) {
    return normal(json).replaceAll("\\s*\\n\\s*", "").replace("\": ", "\":");
  }

  private static String output(Map<String, String> environment, String... command) {
    try (TidegateProcess process = TidegateProcess.start(environment, command)) {
      assertThat(process.exitCode()).as(process.output()).isZero();
      return normal(process.output());
    }
  }

  @Test
  void its_project_starts_changes_and_recovers_as_it_says() throws Exception {
    Path changelog = Files.createDirectory(folder.resolve("changelog"));
    try (Stream<Path> files = Files.list(Path.of("compose-examples/postgresql/changelog"))) {
      for (Path file : files.toList()) {
        Files.copy(file, changelog.resolve(file.getFileName()));
      }
    }
    try (PostgresServer server = new PostgresServer().with("fsync=on")) {
      server.start();
      server.execute("postgres", "CREATE ROLE app SUPERUSER LOGIN PASSWORD 'pw'");
      server.execute("postgres", "CREATE DATABASE app OWNER app");
      Path password = Files.writeString(folder.resolve("db-password"), "pw");
      Map<String, String> environment =
          Map.of(
              "DATABASE_URL", "postgresql://app@127.0.0.1:" + server.port() + "/app",
              "TIDEGATE_TARGETS_DATABASE_PASSWORD_FILE", password.toString(),
              "TIDEGATE_CHANGELOG", changelog.toString(),
              "TIDEGATE_REPLICAS", "1",
              "TIDEGATE_HTTP_PORT", Integer.toString(port));
      String address = "127.0.0.1:" + server.port();
      List<String> states = blocks("text");

      untilReady(environment, () -> {});
      assertThat(output(environment, "status").replace(address, "db:5432"))
          .isEqualTo(normal(states.get(0)));

      untilReady(
          environment,
          () -> {
            assertThat(onOneLine(endpoints.body("/ready")))
                .isEqualTo(onOneLine(blocks("json").getFirst()));
            assertThat(endpoints.body("/status"))
                .contains("\"rule\":\"superuser\"") // The other is not one on the loopback address.
                .containsOnlyOnce("\"rule\":");
            assertThat(endpoints.body("/")).contains("<html");
          });

      String third = blocks("sql changelog/003-done.sql").getFirst();
      Files.writeString(changelog.resolve("003-done.sql"), third);
      assertThat(output(environment, "plan"))
          .contains(third.strip(), "INSERT INTO public.databasechangelog");
      untilReady(
          environment,
          () -> {
            assertThat(output(environment, "status").replace(address, "db:5432"))
                .isEqualTo(normal(states.get(1)));
            server.stop();
            eventually().until(() -> endpoints.code("/ready") == 503);
            assertThat(endpoints.code("/live")).isEqualTo(200);
            server.start();
            eventually().until(() -> endpoints.code("/ready") == 200);
          });

      Files.writeString(changelog.resolve("003-done.sql"), third.replace("FALSE", "TRUE"));
      try (TidegateProcess changed = TidegateProcess.start(environment, "init")) {
        assertThat(changed.exitCode()).as(changed.output()).isEqualTo(65);
      }
    }
  }

  /** What is done while the agent is ready. */
  private interface Step {
    void run() throws Exception;
  }

  private void untilReady(Map<String, String> environment, Step step) throws Exception {
    try (TidegateProcess agent = TidegateProcess.start(environment, "run")) {
      eventually().until(() -> endpoints.code("/ready") == 200);
      step.run();
      agent.terminate();
      assertThat(agent.exitCode()).as(agent.output()).isEqualTo(143);
    }
  }

  @Test
  void its_files_are_accepted_by_check() throws IOException {
    Path project =
        Files.copy(
            Path.of("compose-examples/postgresql/compose.yaml"), folder.resolve("compose.yaml"));
    Path override = folder.resolve("compose.override.yaml");
    Files.writeString(override, blocks("yaml compose.override.yaml").getFirst());
    assertThat(output(Map.of(), "check", project.toString(), override.toString()))
        .contains("0 errors, 0 warnings, 0 notices");
  }

  @Test
  void its_refusal_is_printed_as_it_says() throws IOException {
    try (TidegateProcess check =
        TidegateProcess.start(REFUSED, Map.of(), line -> {}, "check", "compose.yaml")) {
      assertThat(check.exitCode()).isEqualTo(78);
      assertThat(check.output()).isEqualTo(blocks("text").getLast().strip());
    }
  }
}
