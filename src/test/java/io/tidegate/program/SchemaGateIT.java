package io.tidegate.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.servers.PostgresServer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The program, held back by a schema that another tool keeps. */
class SchemaGateIT {
  private static final PostgresServer POSTGRES = new PostgresServer();

  private int number;

  @BeforeAll
  static void startServer() {
    POSTGRES.start();
  }

  @AfterAll
  static void stopServer() {
    POSTGRES.close();
  }

  private String database = "";

  @BeforeEach
  void createDatabase() {
    database = "gate_" + Long.toString(System.nanoTime(), 36) + number++;
    POSTGRES.createDatabase(database);
  }

  @Test
  void wait_ends_when_the_revision_is_applied_and_says_before_what_is() {
    try (TidegateProcess wait = start(Map.of("TOOL", "alembic", "REVISION", "9c1d"), "wait")) {
      awaitOutput(wait, "Alembic: nothing is applied, since there is no table alembic_version yet");
      execute("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)");
      awaitOutput(wait, "Alembic: no revision is applied, 9c1d is needed");
      execute("INSERT INTO alembic_version VALUES ('3f2a')");
      awaitOutput(wait, "Alembic: revision 3f2a is applied, 9c1d is not");
      assertThat(wait.running()).isTrue();
      execute("UPDATE alembic_version SET version_num = '9c1d'");
      assertThat(wait.exitCode()).as(wait.output()).isZero();
      assertThat(wait.output()).contains("primary; Alembic at 9c1d");
    }
  }

  private TidegateProcess start(Map<String, String> gate, String... command) {
    Map<String, String> environment =
        new HashMap<>(
            Map.of(
                "TIDEGATE_TARGETS_DB_URL",
                POSTGRES.url(database),
                "TIDEGATE_LOG_LEVEL",
                "debug",
                "TIDEGATE_DEADLINE",
                "120s"));
    gate.forEach((key, value) -> environment.put("TIDEGATE_TARGETS_DB_SCHEMA_" + key, value));
    return TidegateProcess.start(environment, command);
  }

  private void execute(String sql) {
    POSTGRES.execute(database, sql);
  }

  private static void awaitOutput(TidegateProcess process, String text) {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(20))
        .atMost(Duration.ofMinutes(2))
        .until(() -> process.output().contains(text));
  }
}
