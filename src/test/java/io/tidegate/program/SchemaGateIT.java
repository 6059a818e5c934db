package io.tidegate.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.servers.Ports;
import io.tidegate.servers.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program, held back by a schema that another tool keeps. */
class SchemaGateIT {
  private static final PostgresServer POSTGRES = new PostgresServer();

  @BeforeAll
  static void startServer() {
    POSTGRES.start();
  }

  @AfterAll
  static void stopServer() {
    POSTGRES.close();
  }

  private String database = "";
  private int number;

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

  @Test
  void run_says_on_its_endpoints_what_is_missing_and_sees_a_downgrade() {
    int port = Ports.free();
    Endpoints endpoints = new Endpoints(port);
    Map<String, String> settings = Map.of("TOOL", "golang-migrate", "REVISION", "2");
    execute("CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL)");
    execute("INSERT INTO schema_migrations VALUES (1, false)");
    try (TidegateProcess run =
        start(
            settings,
            Map.of("TIDEGATE_HTTP_PORT", "" + port, "TIDEGATE_WATCH_INTERVAL", "100ms"),
            "run")) {
      awaitBody(endpoints, "golang-migrate: version 1 is applied, 2 is not");
      assertThat(endpoints.code("/ready")).isEqualTo(503);
      execute("UPDATE schema_migrations SET version = 2, dirty = true");
      awaitBody(endpoints, "golang-migrate: version 2 is dirty: it has failed, or still runs");
      execute("UPDATE schema_migrations SET dirty = false");
      awaitBody(endpoints, "primary; golang-migrate at 2");
      eventually().until(() -> endpoints.code("/ready") == 200);
      execute("UPDATE schema_migrations SET version = 3");
      awaitBody(endpoints, "golang-migrate at 3, ahead of 2");
      assertThat(endpoints.code("/ready")).isEqualTo(200);
      execute("UPDATE schema_migrations SET version = 1");
      eventually().until(() -> endpoints.code("/ready") == 503);
      assertThat(endpoints.body("/ready")).contains("version 1 is applied, 2 is not");
      run.terminate();
      assertThat(run.exitCode()).as(run.output()).isEqualTo(143);
    }
  }

  @Test
  void wait_goes_by_a_changeset_that_liquibase_has_applied(@TempDir Path folder)
      throws IOException {
    Path changelog = folder.resolve("changelog.sql");
    String first =
        "--liquibase formatted sql\n--changeset me:orders\nCREATE TABLE orders (n int);\n";
    String second = "--changeset me:lines\nCREATE TABLE lines (n int);\n";
    Files.writeString(changelog, first);
    migrate(changelog);
    try (TidegateProcess wait =
        start(Map.of("TOOL", "liquibase", "REVISION", "me:lines"), "wait")) {
      awaitOutput(wait, "Liquibase: changeset me:orders is applied, me:lines is not");
      Files.writeString(changelog, first + second);
      migrate(changelog);
      assertThat(wait.exitCode()).as(wait.output()).isZero();
      assertThat(wait.output()).contains("; Liquibase at me:lines");
    }
  }

  private void migrate(Path changelog) {
    try (TidegateProcess init =
        start(Map.of(), Map.of("TIDEGATE_CHANGELOG", changelog.toString()), "init")) {
      assertThat(init.exitCode()).as(init.output()).isZero();
    }
  }

  @Test
  void init_ends_with_69_where_the_schema_stays_behind() {
    execute("CREATE TABLE schema_migrations (version varchar(255) PRIMARY KEY)");
    try (TidegateProcess init =
        start(
            Map.of("TOOL", "rails", "REVISION", "20240102000000"),
            Map.of("TIDEGATE_DEADLINE", "15s"), // Time for one whole attempt on a busy machine.
            "init")) {
      assertThat(init.exitCode()).as(init.output()).isEqualTo(69);
      assertThat(init.output())
          .contains(
              "not ready within 15 s: Rails: no version is applied, 20240102000000 is needed");
    }
  }

  @Test
  void a_folder_that_cannot_be_read_ends_it_before_anything_is_connected_to() {
    try (TidegateProcess wait =
        start(
            Map.of("TOOL", "alembic", "DIRECTORY", "/no/such/folder"),
            Map.of("TIDEGATE_TARGETS_DB_URL", "postgresql://127.0.0.1:1/app"),
            "wait")) {
      assertThat(wait.exitCode()).as(wait.output()).isEqualTo(78);
      assertThat(wait.output())
          .contains(
              "TIDEGATE_TARGETS_DB_SCHEMA_DIRECTORY: names /no/such/folder, which does not exist")
          .doesNotContain("waiting for");
    }
  }

  private TidegateProcess start(Map<String, String> gate, String... command) {
    return start(gate, Map.of(), command);
  }

  private TidegateProcess start(
      Map<String, String> gate, Map<String, String> others, String... command) {
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
    environment.putAll(others);
    return TidegateProcess.start(environment, command);
  }

  private void execute(String sql) {
    POSTGRES.execute(database, sql);
  }

  private static void awaitOutput(TidegateProcess process, String text) {
    eventually().until(() -> process.output().contains(text));
  }

  private static void awaitBody(Endpoints endpoints, String text) {
    eventually()
        .until(
            () -> endpoints.code("/ready/db") != 0 && endpoints.body("/ready/db").contains(text));
  }

  private static ConditionFactory eventually() {
    return Awaitility.await().pollInterval(Duration.ofMillis(20)).atMost(Duration.ofMinutes(2));
  }
}
