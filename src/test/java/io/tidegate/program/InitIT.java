package io.tidegate.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.servers.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent as an init container, and the commands around a migration. */
class InitIT {
  private static final AtomicInteger DATABASES = new AtomicInteger();
  private static PostgresServer postgres;

  @TempDir Path folder;
  private String database = "";
  private Path changelog = Path.of(".");

  @BeforeAll
  static void server() {
    postgres = new PostgresServer().with("log_connections=on");
    postgres.start();
  }

  @AfterAll
  static void close() {
    postgres.close();
  }

  @BeforeEach
  void emptyDatabase() throws IOException {
    database = "init" + DATABASES.incrementAndGet();
    postgres.createDatabase(database);
    changelog = Files.createDirectory(folder.resolve("changelog"));
    changeset("001-create.sql", "CREATE TABLE orders (id int PRIMARY KEY);");
    changeset("002-fill.sql", "INSERT INTO orders VALUES (1), (2);");
  }

  @Test
  void init_migrates_once_and_a_second_one_finds_nothing_to_do() throws SQLException {
    ends(0, Map.of(), "init");
    assertThat(count("orders")).isEqualTo(2);
    assertThat(ends(0, Map.of(), "init")).contains("0 applied now, 2 before");
    assertThat(count("orders")).isEqualTo(2);
  }

  @Test
  void init_and_migrate_log_in_once_each() {
    ends(0, Map.of(), "init");
    assertThat(logins()).isEqualTo(1);
    ends(0, Map.of(), "init");
    assertThat(logins()).isEqualTo(2);
    ends(0, Map.of(), "migrate");
    assertThat(logins()).isEqualTo(3);
    ends(0, Map.of("TIDEGATE_TARGETS_DB_READINESS_QUERY", "SELECT 1"), "init");
    assertThat(logins())
        .as("one for each, the question for replicas too, after a query of the user's own")
        .isEqualTo(7);
  }

  private long logins() {
    return postgres
        .log()
        .lines()
        .filter(line -> line.matches(".*connection authorized: .*database=" + database + "( .*)?"))
        .count();
  }

  @Test
  void plan_prints_the_sql_and_changes_nothing() throws SQLException {
    assertThat(ends(0, Map.of(), "plan")).contains("CREATE TABLE orders", "INSERT INTO orders");
    assertThat(tables()).isZero();
  }

  @Test
  void status_tells_pending_and_then_applied_and_changes_nothing() throws SQLException {
    assertThat(ends(0, Map.of(), "status")).contains("0 applied, 2 pending", "lock        free");
    assertThat(tables()).isZero();
    ends(0, Map.of(), "migrate");
    assertThat(ends(0, Map.of(), "status")).contains("2 applied, 0 pending", "002-fill.sql");
  }

  @Test
  void a_changeset_changed_after_it_ran_is_named_and_exits_65() throws IOException {
    ends(0, Map.of(), "init");
    changeset("002-fill.sql", "INSERT INTO orders VALUES (3);");
    assertThat(ends(65, Map.of(), "init")).contains("002-fill.sql");
    assertThat(ends(65, Map.of(), "status")).contains("1 changed");
  }

  @Test
  void an_older_agent_on_a_newer_schema_is_ready() throws IOException {
    changeset("003-newer.sql", "CREATE TABLE newer (id int);");
    ends(0, Map.of(), "init");
    Files.delete(changelog.resolve("003-newer.sql"));
    assertThat(ends(0, Map.of(), "init")).contains("unknown to this changelog");
  }

  @Test
  void wait_names_the_changesets_it_waits_for_and_ends_when_another_has_applied_them()
      throws IOException {
    changeset(
        "003-always.sql",
        "--liquibase formatted sql\n--changeset a:1 runAlways:true\nINSERT INTO orders VALUES (9);\n");
    try (TidegateProcess waiting = start(Map.of("TIDEGATE_DEADLINE", "60s"), "wait")) {
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> waiting.output().contains("001-create.sql"));
      ends(0, Map.of(), "init");
      assertThat(waiting.exitCode()).as(waiting.output()).isZero();
    }
  }

  @Test
  void a_wrong_password_ends_after_its_grace_with_77() {
    String output =
        ends(
            77,
            Map.of(
                "TIDEGATE_TARGETS_DB_PASSWORD", "not-the-password",
                "TIDEGATE_TARGETS_DB_URL",
                    "postgresql://postgres@127.0.0.1:" + postgres.port() + "/" + database,
                "TIDEGATE_PERMANENT_GRACE", "500ms"),
            "init");
    assertThat(output).contains("db (").contains("password").doesNotContain("not-the-password");
  }

  @Test
  void a_missing_database_ends_after_its_grace_with_78() {
    assertThat(
            ends(
                78,
                Map.of(
                    "TIDEGATE_TARGETS_DB_URL",
                    postgres.url("nosuch"),
                    "TIDEGATE_PERMANENT_GRACE",
                    "500ms"),
                "init"))
        .contains("nosuch");
  }

  @Test
  void the_deadline_names_every_target_that_is_not_ready() {
    assertThat(
            ends(
                69,
                Map.of(
                    "TIDEGATE_TARGETS_OTHER_URL", "mysql://root@127.0.0.1:1/app",
                    "TIDEGATE_TARGETS_THIRD_URL", "postgresql://127.0.0.1:1/app",
                    "TIDEGATE_DEADLINE", "1s"),
                "init"))
        .contains("other (", "third (");
  }

  @Test
  void sigterm_in_mid_migration_rolls_back_the_changeset_and_leaves_the_lock_free()
      throws IOException, SQLException {
    changeset("003-slow.sql", "CREATE TABLE slow (id int); SELECT pg_sleep(60);");
    try (TidegateProcess migrating =
        start(Map.of("TIDEGATE_MIGRATION_STOP_GRACE", "100ms"), "init")) {
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> migrating.output().contains("002-fill.sql"));
      migrating.terminate();
      assertThat(migrating.exitCode()).as(migrating.output()).isEqualTo(143);
    }
    assertThat(count("orders")).isEqualTo(2);
    changeset("003-slow.sql", "CREATE TABLE slow (id int);");
    ends(0, Map.of(), "init");
    assertThat(count("slow")).isZero();
  }

  @Test
  void sqlite_is_waited_for_and_migrated_under_one_replica_with_a_warning() {
    String output =
        ends(
            0,
            Map.of(
                "TIDEGATE_TARGETS_DB_URL",
                "sqlite:///" + folder.resolve("app.db"),
                "TIDEGATE_REPLICAS",
                "1"),
            "init");
    assertThat(output).contains("sqlite-replicas", "2 applied now");
  }

  @Test
  void a_refused_rule_can_be_accepted_by_name_with_a_reason() {
    Map<String, String> scaled =
        Map.of(
            "TIDEGATE_TARGETS_DB_URL",
            "sqlite:///" + folder.resolve("app.db"),
            "TIDEGATE_REPLICAS",
            "3");
    assertThat(ends(78, scaled, "init")).contains("TIDEGATE_ACCEPT_SQLITE_REPLICAS_REASON");
    Map<String, String> accepted = new HashMap<>(scaled);
    accepted.put("TIDEGATE_ACCEPT_SQLITE_REPLICAS_REASON", "a test");
    assertThat(ends(0, accepted, "init")).contains("accepted");
  }

  private String ends(int exit, Map<String, String> environment, String command) {
    try (TidegateProcess process = start(environment, command)) {
      assertThat(process.exitCode()).as(process.output()).isEqualTo(exit);
      assertThat(process.output()).doesNotContain("\tat ");
      return process.output();
    }
  }

  private TidegateProcess start(Map<String, String> environment, String command) {
    Map<String, String> all = new HashMap<>();
    all.put("TIDEGATE_TARGETS_DB_URL", postgres.url(database));
    all.put("TIDEGATE_TARGETS_DB_CHANGELOG", changelog.toString());
    all.put("TIDEGATE_DEADLINE", "20s");
    all.putAll(environment);
    return TidegateProcess.start(folder, all, line -> {}, command);
  }

  private void changeset(String name, String sql) throws IOException {
    Files.writeString(changelog.resolve(name), sql);
  }

  private long count(String table) throws SQLException {
    return number("SELECT count(*) FROM " + table);
  }

  private long tables() throws SQLException {
    return number("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'");
  }

  private long number(String sql) throws SQLException {
    try (Connection connection = postgres.connect(database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
