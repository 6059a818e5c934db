package io.tidegate.engine.postgres;

import static io.tidegate.migration.sql.Changelogs.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.Migration;
import io.tidegate.migration.Migration.MigrationOutcome;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationListener.LockHolder;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.sql.DialectFixture;
import io.tidegate.migration.sql.SqlTargets;
import io.tidegate.migration.sql.TestDatabases;
import io.tidegate.problem.ExitCode;
import io.tidegate.servers.PostgresServer;
import io.tidegate.target.Target;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file sets for its session ends with it, and what it writes is what psql would have written. */
class PostgresSessionSettingsTest extends DialectFixture {
  /** Begins each line of its log with the transaction. */
  private static final PostgresServer SERVER = new PostgresServer().with("log_line_prefix=%v ");

  @RegisterExtension static final PostgresDatabases DATABASES = new PostgresDatabases(SERVER);

  @Override
  protected TestDatabases databases() {
    return DATABASES;
  }

  @Override
  protected Target target(String name, Path changelog) {
    return as(PostgresServer.USER, name, changelog);
  }

  private static Target as(String user, String name, Path changelog) {
    return SqlTargets.server(
        "postgresql", SERVER.port(), name, user, PostgresServer.PASSWORD, changelog);
  }

  /** A role of this test's own, which may do anything in the test's database. */
  private String role(String options) throws SQLException {
    String role = "r_" + database();
    execute(
        "CREATE ROLE %s LOGIN PASSWORD '%s' %s".formatted(role, PostgresServer.PASSWORD, options));
    execute("GRANT ALL ON SCHEMA public TO " + role);
    return role;
  }

  private MigrationOutcome migrateAs(String role) throws InterruptedException {
    return migration(as(role, database(), folder), MigrationSettings.DEFAULT)
        .migrate(MigrationListener.NONE);
  }

  /**
   * A client that vanishes right after a reset must not keep the lock for hours: the reset and the limits
   * are one exchange, which the server takes for one transaction.
   */
  @Test
  void session_that_is_reset_has_its_limits_at_once() throws Exception {
    execute("ALTER DATABASE %s SET log_statement = 'all'".formatted(database()));
    write(folder, "001.sql", "CREATE TABLE t(id int);");
    write(folder, "002.sql", "CREATE TABLE t2(id int);");
    assertThat(migrate(folder).applied()).isEqualTo(2);

    String transaction =
        SERVER
            .log()
            .lines()
            .filter(line -> line.endsWith(" RESET ALL"))
            .map(line -> line.substring(0, line.indexOf(' ')))
            .findFirst()
            .orElse("none");
    assertThat(transaction).matches("\\d+/\\d+");
    assertThat(SERVER.log().lines().filter(line -> line.startsWith(transaction + " ")))
        .anyMatch(line -> line.endsWith("SET tcp_keepalives_idle = 4"))
        .anyMatch(line -> line.endsWith("SET tcp_user_timeout = 12000"))
        .anyMatch(line -> line.endsWith("SET client_connection_check_interval = 500"));
  }

  /** Case 32-set-role, and the like. */
  @ParameterizedTest
  @ValueSource(strings = {"SET ROLE %s", "SET SESSION AUTHORIZATION %s", "SET LOCAL ROLE %s"})
  void role_of_a_file_ends_with_it(String set) throws Exception {
    String role = role("");
    write(folder, "001.sql", set.formatted(role) + "; CREATE TABLE t(id int);");
    write(folder, "002.sql", "CREATE TABLE t2(id int);");
    assertThat(migrate(folder).applied()).isEqualTo(2);
    assertThat(
            query(
                "SELECT tablename || ' ' || tableowner FROM pg_tables WHERE tablename LIKE 't%' AND tablename NOT LIKE 'tide%' ORDER BY 1"))
        .containsExactly("t " + role, "t2 postgres");
    assertThat(migrate(folder).applied()).isZero();
  }

  /** What the file set holds for its own statements, and for nothing of ours. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SET ROLE %s                                             | %s
          SET SESSION AUTHORIZATION %s                            | %s
          SET SESSION AUTHORIZATION %s; SET ROLE NONE             | %s
          BEGIN; SET LOCAL ROLE %s; CREATE TABLE t(id int); COMMIT| %s
          """)
  void role_of_a_file_without_a_transaction_keeps_out_nothing_of_ours(String set, String owner)
      throws Exception {
    String role = role("");
    write(
        folder,
        "001.sql",
        "-- tidegate: no-transaction\nCREATE TABLE a (id int);\n"
            + set.formatted(role)
            + ";\nCREATE TABLE IF NOT EXISTS t(id int);\nSELECT 1;\n");
    assertThat(migrate(folder).applied()).isEqualTo(1);
    assertThat(query("SELECT tableowner FROM pg_tables WHERE tablename = 't'"))
        .containsExactly(owner.formatted(role));
    assertThat(query("SELECT count(*) FROM tidegate_intent")).containsExactly("0");
    assertThat(migrate(folder).applied()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SET default_transaction_read_only = on",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
        "BEGIN READ ONLY; SELECT 1; COMMIT"
      })
  void file_that_only_reads_from_there_on_is_recorded(String set) throws Exception {
    write(
        folder,
        "001.sql",
        "-- tidegate: no-transaction\nCREATE TABLE t(id int);\n" + set + ";\nSELECT 1;\n");
    write(folder, "002.sql", "INSERT INTO t VALUES (2);");
    assertThat(migrate(folder).applied()).isEqualTo(2);
    assertThat(query("SELECT count(*) FROM tidegate_intent")).containsExactly("0");
    assertThat(query("SELECT locked FROM databasechangeloglock")).containsExactly("f");
  }

  @Test
  void file_that_only_reads_may_not_write_itself() throws Exception {
    write(
        folder,
        "001.sql",
        """
        -- tidegate: no-transaction
        CREATE TABLE t(id int);
        SET default_transaction_read_only = on;
        INSERT INTO t VALUES (1);
        """);
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder)))
        .contains("statement 3 in line 4", "read-only");
    assertThat(query("SELECT locked FROM databasechangeloglock")).containsExactly("f");
  }

  /** The changeset broke its transaction, in which nothing can be looked up any more. */
  @Test
  void lock_of_liquibase_is_free_after_any_failure() throws Exception {
    write(folder, "001.sql", "CREATE TABLE t(id int);");
    migrate(folder);
    execute("ALTER TABLE databasechangelog ADD CONSTRAINT no_more CHECK (id <> '002.sql')");
    write(folder, "002.sql", "INSERT INTO t VALUES (2);");
    problem(ExitCode.CHANGELOG, () -> migrate(folder));
    assertThat(query("SELECT locked FROM databasechangeloglock")).containsExactly("f");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SET client_encoding = 'LATIN1'",
        "SET client_encoding TO SQL_ASCII",
        "set session client_encoding to win1252",
        "SET NAMES 'latin1'",
        "SET NAMES 'UNICODE'",
        "SELECT pg_catalog.set_config('client_encoding', 'LATIN1', false)",
      })
  void other_encoding_is_refused_before_the_first_statement(String set) throws Exception {
    write(folder, "001.sql", "CREATE TABLE t(id int);");
    write(folder, "002.sql", "SELECT 1;\n" + set + ";\nCREATE TABLE u(id int);");
    List<String> noticed = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 2; i++) {
      assertThat(problem(ExitCode.CHANGELOG, () -> migration(folder).migrate(noticing(noticed))))
          .contains("002.sql, line 2", "UTF8", "pg_dump -E UTF8");
    }
    assertThat(noticed).isEmpty();
    assertThat(query("SELECT to_regclass('t') IS NULL")).containsExactly("t");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SET client_encoding = 'UTF8'",
        "SET client_encoding TO 'utf-8'",
        "SET client_encoding = DEFAULT",
        "RESET client_encoding",
        "SET NAMES 'utf8'",
        "SELECT pg_catalog.set_config('client_encoding', 'UTF8', false)",
        "SELECT 'SET client_encoding = LATIN1'",
      })
  void same_encoding_runs(String set) throws Exception {
    write(folder, "001.sql", set + ";\nCREATE TABLE t(id int);");
    assertThat(migrate(folder).applied()).isEqualTo(1);
  }

  /** The second file tells what it finds. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SET search_path = ''                        | search_path       | "$user", public
          SELECT set_config('search_path', 'x', false)| search_path       | "$user", public
          SET statement_timeout = 50000               | statement_timeout | 0
          SET lock_timeout = 0                        | lock_timeout      | 5s
          SET TimeZone = 'Asia/Tokyo'                 | TimeZone          | Europe/Berlin
          SET DateStyle = 'ISO, YMD'                  | DateStyle         | ISO, DMY
          SET standard_conforming_strings = off       | standard_conforming_strings | on
          SET row_security = off                      | row_security      | on
          SET extra_float_digits = 0                  | extra_float_digits | -1
          SET session_replication_role = replica      | session_replication_role | origin
          SET default_transaction_read_only = on      | default_transaction_read_only | off
          SET client_min_messages = error             | client_min_messages | notice
          SET default_table_access_method = heap; SET check_function_bodies = off | check_function_bodies | on
          """)
  void setting_of_a_file_ends_with_it(String set, String name, String expected) throws Exception {
    execute("ALTER DATABASE %s SET TimeZone = 'Europe/Berlin'".formatted(database()));
    execute("ALTER DATABASE %s SET DateStyle = 'ISO, DMY'".formatted(database()));
    execute("ALTER DATABASE %s SET extra_float_digits = -1".formatted(database()));
    write(folder, "001.sql", set + ";");
    write(
        folder,
        "002.sql",
        "CREATE TABLE public.found AS SELECT current_setting('%s') AS value;".formatted(name));
    assertThat(migrate(folder).applied()).isEqualTo(2);
    assertThat(query("SELECT value FROM found")).containsExactly(expected);
  }

  @Test
  void temporary_tables_and_prepared_statements_end_with_their_file() throws Exception {
    write(folder, "001.sql", "CREATE TEMP TABLE x (id int); PREPARE p AS SELECT 1; LISTEN c;");
    write(folder, "002.sql", "CREATE TABLE x (id int); PREPARE p AS SELECT 2;");
    assertThat(migrate(folder).applied()).isEqualTo(2);
    assertThat(query("SELECT to_regclass('public.x') IS NOT NULL")).containsExactly("t");
  }

  /** What a database says of its sessions counts for the next file, as for the next psql. */
  @Test
  void setting_of_the_database_counts_for_the_next_file() throws Exception {
    write(
        folder,
        "001.sql",
        "CREATE SCHEMA shop; ALTER DATABASE %s SET search_path = shop, public;"
            .formatted(database()));
    write(folder, "002.sql", "CREATE TABLE t (id int);");
    migrate(folder);
    assertThat(query("SELECT schemaname FROM pg_tables WHERE tablename = 't'"))
        .containsExactly("shop");
    assertThat(migrate(folder).applied()).isZero();
  }

  /** Case 65-role-datestyle-timezone; the right values are those that psql writes. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ROLE     | ISO, DMY | America/New_York | 2024-02-01 2024-07-01 04:00
          ROLE     | SQL, DMY | Asia/Tokyo       | 2024-02-01 2024-06-30 15:00
          ROLE     | German   | Europe/Berlin    | 2024-02-01 2024-06-30 22:00
          DATABASE | ISO, DMY | America/New_York | 2024-02-01 2024-07-01 04:00
          DATABASE | ISO, MDY | Europe/Berlin    | 2024-01-02 2024-06-30 22:00
          """)
  void dates_are_those_of_the_role_and_the_database(
      String of, String style, String zone, String expected) throws Exception {
    String role = role("");
    String name = of.equals("ROLE") ? role : database();
    execute("ALTER %s %s SET DateStyle = '%s'".formatted(of, name, style.replace(", ", "', '")));
    execute("ALTER %s %s SET TimeZone = '%s'".formatted(of, name, zone));
    write(
        folder,
        "001.sql",
        """
        CREATE TABLE holiday(d date, t timestamptz);
        INSERT INTO holiday VALUES ('01/02/2024', '2024-07-01 00:00');
        """);
    if (style.equals("German")) {
      write(
          folder,
          "001.sql",
          """
          CREATE TABLE holiday(d date, t timestamptz);
          INSERT INTO holiday VALUES ('01.02.2024', '2024-07-01 00:00');
          """);
    }
    migrateAs(role);
    assertThat(
            query(
                "SELECT to_char(d, 'YYYY-MM-DD') || to_char(t AT TIME ZONE 'UTC', ' YYYY-MM-DD HH24:MI') FROM holiday"))
        .containsExactly(expected);
  }

  @Test
  void role_outweighs_the_database() throws Exception {
    String role = role("");
    execute("ALTER DATABASE %s SET TimeZone = 'Asia/Tokyo'".formatted(database()));
    execute("ALTER ROLE %s SET TimeZone = 'Europe/Berlin'".formatted(role));
    write(folder, "001.sql", "CREATE TABLE found AS SELECT current_setting('TimeZone') AS value;");
    migrateAs(role);
    assertThat(query("SELECT value FROM found")).containsExactly("Europe/Berlin");
  }

  @Test
  void date_style_that_the_driver_cannot_read_is_refused_before_it_is_set() throws Exception {
    write(folder, "001.sql", "SET DateStyle = 'SQL, DMY';");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder))).contains("ISO, DMY");
    write(
        folder,
        "001.sql",
        "-- tidegate: no-transaction\nCREATE TABLE d(d date);\n/* a */ set session datestyle to german;\n");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder))).contains("line 3", "ISO, DMY");
    assertThat(query("SELECT to_regclass('d') IS NULL")).containsExactly("t");
    write(
        folder,
        "001.sql",
        "SET DateStyle TO ISO, DMY; CREATE TABLE d AS SELECT '01/02/2024'::date AS d;");
    migrate(folder);
    assertThat(query("SELECT to_char(d, 'YYYY-MM-DD') FROM d")).containsExactly("2024-02-01");
  }

  @Test
  void date_style_that_is_not_the_sessions_is_no_matter() throws Exception {
    write(
        folder,
        "001.sql",
        """
        CREATE TABLE a(b text); INSERT INTO a VALUES ('SET datestyle = german');
        COMMENT ON TABLE a IS 'SET DATESTYLE TO sql';
        CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql SET datestyle = 'German' AS $$ BEGIN END $$;
        ALTER DATABASE %s SET datestyle = 'German';
        """
            .formatted(database()));
    write(folder, "002.sql", "CREATE TABLE d AS SELECT '01.02.2024'::date AS d;");
    assertThat(migrate(folder).applied()).isEqualTo(2);
    assertThat(query("SELECT to_char(d, 'YYYY-MM-DD') FROM d")).containsExactly("2024-02-01");
  }

  /** Case 53-role-statement-timeout. */
  @Test
  void time_out_of_the_role_does_not_end_a_migration() throws Exception {
    String role = role("");
    execute("ALTER ROLE %s SET statement_timeout = '500ms'".formatted(role));
    execute("ALTER ROLE %s SET idle_in_transaction_session_timeout = '500ms'".formatted(role));
    write(folder, "001.sql", "SELECT pg_sleep(2); CREATE TABLE t(id int);");
    assertThat(migrateAs(role).applied()).isEqualTo(1);
  }

  /** As between two changesets of a long changelog, on a slow machine. */
  @Test
  void time_out_of_the_role_does_not_end_a_silent_migration() throws Exception {
    String role = role("");
    execute("ALTER ROLE %s SET idle_session_timeout = '200ms'".formatted(role));
    write(folder, "001.sql", "CREATE TABLE t(id int);");
    write(folder, "002.sql", "CREATE TABLE u(id int);");
    Migration migration = migration(as(role, database(), folder), MigrationSettings.DEFAULT);
    assertThat(migration.migrate(slow(Duration.ofSeconds(1))).applied()).isEqualTo(2);
  }

  /** Case 70-connection-limit-1. */
  @Test
  void one_connection_is_enough() throws Exception {
    String role = role("CONNECTION LIMIT 1");
    write(folder, "001.sql", "CREATE TABLE t(id int);");
    write(folder, "002.sql", "CREATE TABLE u(id int);");
    assertThat(migrateAs(role).applied()).isEqualTo(2);
    assertThat(migrateAs(role).applied()).isZero();
  }

  /** Cases 34-lock-timeout-leak and 34-control. */
  @ParameterizedTest
  @ValueSource(strings = {"SET statement_timeout = 0; SET lock_timeout = 0;", ""})
  void lock_time_out_is_ours_again_in_the_next_file(String set) throws Exception {
    execute("CREATE TABLE hot (id int)");
    write(folder, "001.sql", set + " CREATE TABLE base(id int);");
    write(folder, "002.sql", "ALTER TABLE hot ADD COLUMN x int;");
    MigrationSettings hasty =
        new MigrationSettings(
            Duration.ofSeconds(60), Duration.ofMillis(300), null, Duration.ofSeconds(5));
    List<String> retries = new CopyOnWriteArrayList<>();
    try (Connection reader = connect(database());
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.executeQuery("SELECT * FROM hot").close();
      CompletableFuture<MigrationOutcome> migration =
          CompletableFuture.supplyAsync(() -> {
            try {
              return migration(target(database(), folder), hasty).migrate(retrying(retries));
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          });
      Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> retries.size() >= 2);
      reader.rollback();
      assertThat(migration.get(60, TimeUnit.SECONDS).applied()).isEqualTo(2);
    }
  }

  private static MigrationListener retrying(List<String> retries) {
    return new MigrationListener() {
      @Override
      public void waiting(LockHolder holder) {}

      @Override
      public void started(ChangesetId changeset, int number, int of) {}

      @Override
      public void applied(ChangesetId changeset, Duration took) {}

      @Override
      public void retrying(ChangesetId changeset, String why) {
        retries.add(why);
      }
    };
  }

  /** Case 65-role-datestyle-timezone, by the server's command line and by its files. */
  @Test
  void time_zone_is_the_servers() throws Exception {
    write(folder, "001.sql", "CREATE TABLE found AS SELECT current_setting('TimeZone') AS value;");
    write(folder, "002.sql", "INSERT INTO found SELECT current_setting('TimeZone');");
    execute("ALTER SYSTEM SET TimeZone = 'Asia/Kolkata'");
    try {
      migrate(folder);
      assertThat(query("SELECT value FROM found")).containsExactly("Asia/Kolkata", "Asia/Kolkata");
    } finally {
      execute("ALTER SYSTEM RESET TimeZone");
    }
    try (PostgresServer other = new PostgresServer().with("timezone=Asia/Tokyo")) {
      other.start();
      Target target =
          SqlTargets.server(
              "postgresql",
              other.port(),
              "postgres",
              PostgresServer.USER,
              PostgresServer.PASSWORD,
              folder);
      migration(target, MigrationSettings.DEFAULT).migrate(MigrationListener.NONE);
      try (Connection connection = other.connect("postgres");
          Statement statement = connection.createStatement();
          var row = statement.executeQuery("SELECT min(value) || max(value) FROM found")) {
        row.next();
        assertThat(row.getString(1)).isEqualTo("Asia/TokyoAsia/Tokyo");
      }
    }
  }
}
