package io.tidegate.engine.mysql;

import static io.tidegate.migration.sql.Changelogs.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.program.Endpoints;
import io.tidegate.program.TidegateProcess;
import io.tidegate.servers.DoltEngineServer;
import io.tidegate.servers.Ports;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dolt's SQL engine is ready like any other server, and is not migrated: {@code .ci/dolt-engine}. */
@EnabledIfSystemProperty(named = "tidegate.dolt-engine", matches = ".+")
class DoltEngineIT {
  private static final String PROGRAM = System.getProperty("tidegate.dolt-engine", "");
  private static final DoltEngineServer SERVER = new DoltEngineServer(PROGRAM);

  @TempDir private Path folder;
  private String database = "";
  private int number;

  @BeforeAll
  static void start() {
    SERVER.start();
  }

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @BeforeEach
  void createDatabase() {
    database = "app_" + Long.toString(System.nanoTime(), 36) + number++;
    SERVER.execute("", "CREATE DATABASE " + database);
  }

  @Test
  void it_is_waited_for_by_its_name() {
    try (TidegateProcess wait = start(SERVER.url(database), Map.of(), "wait")) {
      assertThat(wait.exitCode()).as(wait.output()).isZero();
      assertThat(wait.output()).contains("ready: Dolt, as MySQL 8.0.31, primary");
    }
  }

  @Test
  void a_wrong_password_ends_the_wait() {
    String url = SERVER.url(database).replace("root@", "root:wrong@");
    try (TidegateProcess wait = start(url, Map.of("TIDEGATE_PERMANENT_GRACE", "1s"), "wait")) {
      assertThat(wait.exitCode()).as(wait.output()).isEqualTo(77);
      assertThat(wait.output()).contains("Access denied").doesNotContain("wrong@");
    }
  }

  @Test
  void a_database_that_is_made_later_is_waited_for() {
    String later = database + "_later";
    try (TidegateProcess wait =
        start(SERVER.url(later), Map.of("TIDEGATE_PERMANENT_GRACE", "5m"), "wait")) {
      eventually().until(() -> wait.output().contains("has no such database"));
      SERVER.execute("", "CREATE DATABASE " + later);
      assertThat(wait.exitCode()).as(wait.output()).isZero();
    }
  }

  /** Its version is that of a MySQL which its makers no longer mend; the engine's own is another one. */
  @Test
  void run_goes_with_it_and_sees_it_go_and_come_back() {
    int port = Ports.free();
    Endpoints endpoints = new Endpoints(port);
    try (DoltEngineServer server = new DoltEngineServer(PROGRAM)) {
      server.start();
      try (TidegateProcess run =
          start(
              server.url(""),
              Map.of("TIDEGATE_HTTP_PORT", "" + port, "TIDEGATE_WATCH_INTERVAL", "200ms"),
              "run")) {
        eventually().until(() -> endpoints.code("/ready") == 200);
        server.kill();
        eventually().until(() -> endpoints.code("/ready") == 503);
        server.start();
        eventually().until(() -> endpoints.code("/ready") == 200);
        run.terminate();
        assertThat(run.exitCode()).as(run.output()).isEqualTo(143);
        assertThat(run.output()).contains("Dolt, as MySQL").doesNotContain("end-of-life");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"init", "migrate", "status", "plan", "adopt", "adopt --dry-run"})
  void no_command_looks_at_its_schema_or_changes_it(String command) throws Exception {
    write(folder, "001_notes.sql", "CREATE TABLE notes (id int);");
    List<String> before = tables();
    try (TidegateProcess refused =
        start(
            SERVER.url(database),
            Map.of("TIDEGATE_CHANGELOG", folder.toString()),
            command.split(" ", -1))) {
      assertThat(refused.exitCode()).as(refused.output()).isEqualTo(78);
      assertThat(refused.output()).contains("the server is Dolt, where", "Migrate it by another");
    }
    assertThat(tables()).isEqualTo(before);
  }

  @Test
  void the_schema_gate_waits_for_golang_migrate() {
    try (TidegateProcess wait = gated("golang-migrate", "2")) {
      eventually().until(() -> wait.output().contains("there is no table schema_migrations yet"));
      SERVER.execute(
          database,
          "CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL)");
      SERVER.execute(database, "INSERT INTO schema_migrations VALUES (2, true)");
      eventually().until(() -> wait.output().contains("golang-migrate: version 2 is dirty"));
      SERVER.execute(database, "UPDATE schema_migrations SET dirty = false");
      assertThat(wait.exitCode()).as(wait.output()).isZero();
      assertThat(wait.output()).contains("Dolt, as MySQL 8.0.31, primary; golang-migrate at 2");
    }
  }

  @Test
  void the_schema_gate_waits_for_flyway() {
    try (TidegateProcess wait = gated("flyway", "2")) {
      eventually()
          .until(() -> wait.output().contains("there is no table flyway_schema_history yet"));
      SERVER.execute(
          database,
          "CREATE TABLE flyway_schema_history (installed_rank int PRIMARY KEY, version varchar(50),"
              + " description varchar(200), type varchar(20), script varchar(1000), checksum int,"
              + " installed_by varchar(100), installed_on timestamp, execution_time int,"
              + " success boolean NOT NULL)");
      SERVER.execute(
          database,
          "INSERT INTO flyway_schema_history VALUES (1, '2', 'notes', 'SQL', 'V2__notes.sql', 1,"
              + " 'root', now(), 1, true)");
      assertThat(wait.exitCode()).as(wait.output()).isZero();
      assertThat(wait.output()).contains("Dolt, as MySQL 8.0.31, primary; Flyway at 2");
    }
  }

  /** What a migration would need, and has: between two sessions the lock holds, and ends with its own. */
  @Test
  void a_lock_by_name_holds_until_its_session_ends() throws Exception {
    try (Connection two = SERVER.connect(database)) {
      try (Connection one = SERVER.connect(database)) {
        assertThat(first(one, "SELECT GET_LOCK('held', 0)")).isEqualTo("1");
        assertThat(first(one, "SELECT IS_USED_LOCK('held') = CONNECTION_ID()")).isEqualTo("1");
        assertThat(first(two, "SELECT GET_LOCK('held', 0)")).isEqualTo("0");
      }
      eventually().until(() -> first(two, "SELECT GET_LOCK('held', 0)").equals("1"));
    }
  }

  /**
   * Why it is not migrated: a client that vanished keeps its lock, since the server does not end what is
   * silent for longer than {@code wait_timeout}; and two transactions change one row at once. Nor does a
   * session that only reads keep anybody from writing. Should this fail with a later version, look again.
   */
  @Test
  void silent_sessions_keep_their_lock_and_rows_are_not_locked() throws Exception {
    SERVER.execute(database, "CREATE TABLE counted (id int PRIMARY KEY, n int)");
    SERVER.execute(database, "INSERT INTO counted VALUES (1, 0)");
    try (Connection one = SERVER.connect(database);
        Connection two = SERVER.connect(database);
        Statement first = one.createStatement();
        Statement second = two.createStatement()) {
      first.execute("SET SESSION wait_timeout = 1");
      assertThat(first(one, "SELECT GET_LOCK('silent', 0)")).isEqualTo("1");
      first(two, "SELECT SLEEP(4)");
      assertThat(first(two, "SELECT GET_LOCK('silent', 0)")).isEqualTo("0");

      one.setAutoCommit(false);
      two.setAutoCommit(false);
      assertThat(first.executeUpdate("UPDATE counted SET n = 1")).isEqualTo(1);
      assertThat(second.executeUpdate("UPDATE counted SET n = 2")).isEqualTo(1);
      one.rollback();
      two.rollback();

      first.execute("SET SESSION TRANSACTION READ ONLY");
      first.execute("CREATE TABLE written (id int)");
      assertThat(tables()).anyMatch(table -> table.startsWith(database + ".written"));
    }
  }

  private TidegateProcess gated(String tool, String revision) {
    return start(
        SERVER.url(database),
        Map.of(
            "TIDEGATE_TARGETS_DATABASE_SCHEMA_TOOL", tool,
            "TIDEGATE_TARGETS_DATABASE_SCHEMA_REVISION", revision,
            "TIDEGATE_DEADLINE", "2m"),
        "wait");
  }

  private static TidegateProcess start(
      String url, Map<String, String> settings, String... command) {
    Map<String, String> environment = new HashMap<>(settings);
    environment.put("DATABASE_URL", url);
    environment.putIfAbsent("TIDEGATE_HTTP_PORT", Integer.toString(Ports.free()));
    return TidegateProcess.start(environment, command);
  }

  /** All tables of all databases with the number of their rows. */
  private static List<String> tables() throws SQLException {
    List<String> found = new ArrayList<>();
    try (Connection connection = SERVER.connect("");
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT concat_ws('.', s.schema_name, t.table_name, t.table_rows)"
                    + " FROM information_schema.schemata s LEFT JOIN information_schema.tables t"
                    + " ON t.table_schema = s.schema_name ORDER BY 1")) {
      while (row.next()) {
        found.add(row.getString(1));
      }
    }
    return found;
  }

  private static String first(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }

  private static ConditionFactory eventually() {
    return Awaitility.await().atMost(Duration.ofMinutes(2));
  }
}
