package io.tidegate.program;

import static io.tidegate.migration.sql.Changelogs.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.migration.sql.Contender;
import io.tidegate.servers.PostgresServer;
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
import org.junit.jupiter.api.io.TempDir;

/** A database that was made by hand is adopted by the program. */
class AdoptIT {
  private static final PostgresServer SERVER = new PostgresServer();
  private static final int USAGE = 64;
  private static final int CHANGELOG_INVALID = 65;

  @TempDir private Path changelog;
  private String database = "";

  @BeforeAll
  static void start() {
    SERVER.start();
  }

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  private void madeByHand(String name) {
    database = name;
    SERVER.createDatabase(name);
    SERVER.execute(name, "CREATE TABLE notes (id int)");
  }

  @BeforeEach
  void changelog() {
    write(changelog, "001_notes.sql", "-- migrate:up\nCREATE TABLE notes (id int);\n");
    write(changelog, "002_first.sql", "-- migrate:up\nINSERT INTO notes VALUES (1);\n");
    write(changelog, "003_second.sql", "-- migrate:up\nINSERT INTO notes VALUES (2);\n");
  }

  @Test
  void dry_run_shows_what_is_recorded_then() throws Exception {
    madeByHand("shown");
    expect(
        0,
        """
        db (postgresql://127.0.0.1:PORT/shown): 2 would be recorded as applied, nothing executed
          001_notes.sql::001::dbmate
          002_first.sql::002::dbmate\
        """,
        "adopt",
        "--dry-run",
        "--to",
        "002");
    assertThat(query("SELECT to_regclass('schema_migrations')")).containsOnlyNulls();
    expect(
        0,
        """
        db (postgresql://127.0.0.1:PORT/shown): 2 recorded as applied, nothing executed
          001_notes.sql::001::dbmate
          002_first.sql::002::dbmate\
        """,
        "adopt",
        "--to",
        "002");
    expect(0, "2 applied, 1 pending, 0 unexpected, 0 changed", "status");
    expect(0, "1 applied now, 2 before", "init");
    assertThat(query("SELECT id FROM notes")).containsExactly("2");
    expect(0, "nothing to record: all of it is in the history", "adopt", "db");
  }

  @Test
  void what_cannot_be_adopted_is_named() throws Exception {
    madeByHand("named");
    expect(USAGE, "no target with a changelog has the name web", "adopt", "web");
    expect(USAGE, "the changelog has no changeset 004", "adopt", "--to", "004");
    SERVER.execute(database, "DROP TABLE notes");
    expect(CHANGELOG_INVALID, "the database has no tables", "adopt");
    assertThat(query("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
        .containsExactly("0");
    Map<String, String> environment = new HashMap<>(environment());
    environment.put("TIDEGATE_TARGETS_WEB_URL", "mongodb://127.0.0.1:1/web");
    environment.put("TIDEGATE_TARGETS_WEB_CHANGELOG", changelog.toString());
    expect(environment, USAGE, "Name one of: db, web", "adopt");
    expect(environment, USAGE, "adopt does not support MongoDB", "adopt", "web");
  }

  @Test
  void two_at_once_record_it_once() throws Exception {
    madeByHand("at_once");
    try (TidegateProcess first = TidegateProcess.start(environment(), "adopt");
        TidegateProcess second = TidegateProcess.start(environment(), "adopt")) {
      assertThat(first.exitCode()).as(first.output()).isZero();
      assertThat(second.exitCode()).as(second.output()).isZero();
      assertThat(first.output() + second.output())
          .containsOnlyOnce("3 recorded as applied")
          .containsOnlyOnce("nothing to record");
    }
    assertThat(versions()).containsExactly("001", "002", "003");
  }

  /** It is killed behind the creation of the history, before its last row. */
  @Test
  void killed_one_leaves_nothing() throws Exception {
    madeByHand("killed");
    SERVER.execute(
        database,
        """
        CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN
          IF NEW.version = '003' THEN PERFORM pg_sleep(5); END IF; RETURN NEW; END$$;
        CREATE FUNCTION slowed() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN
          CREATE TRIGGER slow BEFORE INSERT ON schema_migrations FOR EACH ROW EXECUTE FUNCTION slow();
        END$$;
        CREATE EVENT TRIGGER slowed ON ddl_command_end WHEN TAG IN ('CREATE TABLE')
          EXECUTE FUNCTION slowed();
        """);
    try (TidegateProcess process = TidegateProcess.start(environment(), "adopt")) {
      eventually().until(() -> sessions("wait_event = 'PgSleep'") == 1);
      process.kill();
      assertThat(process.exitCode()).isNotZero();
    }
    eventually().until(() -> sessions("pid <> pg_backend_pid()") == 0);
    assertThat(query("SELECT to_regclass('schema_migrations')")).containsOnlyNulls();
    SERVER.execute(database, "DROP EVENT TRIGGER slowed");
    expect(0, "3 recorded as applied", "adopt");
    assertThat(versions()).containsExactly("001", "002", "003");
    assertThat(query("SELECT id FROM notes")).isEmpty();
  }

  private static ConditionFactory eventually() {
    return Awaitility.await().atMost(Duration.ofMinutes(2));
  }

  private int sessions(String condition) throws SQLException {
    return query("SELECT pid FROM pg_stat_activity WHERE datname = 'killed' AND " + condition)
        .size();
  }

  private List<String> versions() throws SQLException {
    return query("SELECT version FROM schema_migrations ORDER BY 1");
  }

  private List<String> query(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = SERVER.connect(database);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        rows.add(row.getString(1));
      }
    }
    return rows;
  }

  private void expect(int exit, String text, String... args) {
    expect(environment(), exit, text, args);
  }

  private static void expect(
      Map<String, String> environment, int exit, String text, String... args) {
    try (TidegateProcess process = TidegateProcess.start(environment, args)) {
      assertThat(process.exitCode()).as(process.output()).isEqualTo(exit);
      assertThat(process.output()).contains(text.replace("PORT", "" + SERVER.port()));
    }
  }

  private Map<String, String> environment() {
    Map<String, String> environment =
        new HashMap<>(Contender.environment(SERVER.url(database), changelog));
    environment.put("TIDEGATE_TARGETS_DB_FORMAT", "dbmate");
    return environment;
  }
}
