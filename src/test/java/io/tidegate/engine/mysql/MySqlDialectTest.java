package io.tidegate.engine.mysql;

import static io.tidegate.migration.sql.Changelogs.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.Migration;
import io.tidegate.migration.Migration.Resolvable;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.sql.NothingToDoSuite;
import io.tidegate.migration.sql.SqlTargets;
import io.tidegate.migration.sql.TestDatabases;
import io.tidegate.problem.ExitCode;
import io.tidegate.servers.MariaDbServer;
import io.tidegate.target.Changelog;
import io.tidegate.target.LiquibaseTables;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MySqlDialectTest extends NothingToDoSuite {
  private static final MariaDbServer SERVER = new MariaDbServer();

  @RegisterExtension static final MySqlDatabases DATABASES = new MySqlDatabases(SERVER);

  @Override
  protected TestDatabases databases() {
    return DATABASES;
  }

  /** The session that runs such a statement. */
  private static final String RUNNING =
      "SELECT id FROM information_schema.processlist WHERE id <> connection_id() AND info LIKE '%s'";

  @Override
  protected boolean rollsBackSchema() {
    return false;
  }

  @Override
  protected String holderName() {
    return "(root from 127.0.0.1:";
  }

  @Override
  protected String quote() {
    return "`";
  }

  @Test
  void routines_need_no_delimiter() throws Exception {
    write(
        folder,
        "001.sql",
        """
        CREATE TABLE t (id int, note varchar(20)); # not; here
        CREATE PROCEDURE p(IN n int)
        BEGIN
          DECLARE i int DEFAULT 0;
          WHILE i < n DO
            IF i = 0 THEN INSERT INTO t VALUES (i, 'a;b'); ELSE INSERT INTO t VALUES (i, IF(i > 1, 'it\\'s', CASE i WHEN 1 THEN 'x' END)); END IF;
            SET i = i + 1;
          END WHILE;
        END;
        CALL p(3);
        CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.note = 'g';
        INSERT INTO t VALUES (9, '');
        """);
    assertThat(migrate(folder).applied()).isEqualTo(1);
    assertThat(query("SELECT note FROM t ORDER BY id")).containsExactly("a;b", "x", "it's", "g");
  }

  @Test
  void changeset_whose_connection_is_killed_is_named_and_never_run_again_by_itself()
      throws Exception {
    write(
        folder,
        "001.sql",
        "CREATE TABLE a (id int); INSERT INTO a VALUES (1); CREATE TABLE b AS SELECT sleep(60);"
            + " INSERT INTO a VALUES (2);");
    CompletableFuture<String> killed =
        CompletableFuture.supplyAsync(() -> problem(ExitCode.NOT_READY, () -> migrate(folder)));
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> !query(RUNNING.formatted("%b AS SELECT sleep%")).isEmpty());
    assertThat(resolvable().interrupted()).hasSize(1);
    execute("KILL " + query(RUNNING.formatted("%b AS SELECT sleep%")).getFirst());
    assertThat(killed.get(60, TimeUnit.SECONDS)).contains("001.sql");

    for (int i = 0; i < 2; i++) {
      assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder)))
          .contains("changeset 001.sql", "by host ", "statement 3", "CREATE TABLE b AS")
          .contains("tidegate resolve db");
    }
    assertThat(resolvable().interrupted())
        .singleElement()
        .satisfies(i -> {
          assertThat(i.changeset().path()).isEqualTo("001.sql");
          assertThat(i.by()).contains("process " + ProcessHandle.current().pid());
          assertThat(i.since()).isNotNull();
        });
    problem(ExitCode.CHANGELOG, () -> migration(folder).plan());

    resolvable().resolve(new ChangesetId("001.sql", "001.sql", "tidegate"), true, "done by hand");
    assertThat(resolvable().interrupted()).isEmpty();
    assertThat(migrate(folder).applied()).isZero();
    assertThat(query("SELECT count(*) FROM DATABASECHANGELOG WHERE MD5SUM IS NOT NULL"))
        .containsExactly("1");
    assertThat(query("SELECT concat(outcome, ': ', reason, ' ', resolved_by) FROM tidegate_intent"))
        .singleElement()
        .asString()
        .startsWith("applied: done by hand ")
        .contains(" on host ");
  }

  /** Two apps in one database, each with a history of its own and a file of the same name. */
  @Test
  void app_with_a_history_of_another_name_leaves_alone_what_was_interrupted(@TempDir Path own)
      throws Exception {
    write(folder, "001.sql", "CREATE TABLE a (id int); CREATE TABLE a (id int);");
    problem(ExitCode.CHANGELOG, () -> migrate(folder));
    assertThat(resolvable().interrupted()).hasSize(1);

    write(own, "001.sql", "CREATE TABLE b (id int); CREATE TABLE c (id int);");
    LiquibaseTables tables = new LiquibaseTables("other_changes", "other_lock", null);
    Changelog changelog =
        new Changelog(
            own, "", "", null, Set.of("databasechangelog"), null, Changelog.Format.PLAIN, tables);
    Migration other =
        migration(SqlTargets.with(target(database(), own), changelog), MigrationSettings.DEFAULT);
    assertThat(other.migrate(MigrationListener.NONE).applied()).isEqualTo(1);
    assertThat(other.migrate(MigrationListener.NONE).alreadyApplied()).isEqualTo(1);
    assertThat(((Resolvable) other).interrupted()).isEmpty();
    assertThat(resolvable().interrupted()).hasSize(1);
    problem(ExitCode.CHANGELOG, () -> migrate(folder));
  }

  @ParameterizedTest
  @CsvSource({"MyISAM,DATABASECHANGELOG,PLAIN", "Aria,schema_migrations,DBMATE"})
  void history_that_rolls_nothing_back_is_refused(
      String engine, String table, Changelog.Format format) throws Exception {
    String begins = format == Changelog.Format.DBMATE ? "-- migrate:up\n" : "";
    write(folder, "1_a.sql", begins + "CREATE TABLE a (id int);");
    Changelog changelog =
        new Changelog(folder, "", "", null, Set.of(), null, format, LiquibaseTables.DEFAULT);
    Migration migration =
        migration(
            SqlTargets.with(target(database(), folder), changelog), MigrationSettings.DEFAULT);
    migration.migrate(MigrationListener.NONE);
    execute("ALTER TABLE %s ENGINE=%s".formatted(table, engine));
    migration.migrate(MigrationListener.NONE);
    write(folder, "2_b.sql", begins + "INSERT INTO a VALUES (1);");
    assertThat(problem(ExitCode.CHANGELOG, () -> migration.migrate(MigrationListener.NONE)))
        .contains("ALTER TABLE %s ENGINE=InnoDB".formatted(table));
    assertThat(query("SELECT count(*) FROM a")).containsExactly("0");
    // As told; other tests of this server need that all tables roll back.
    execute("ALTER TABLE %s ENGINE=InnoDB".formatted(table));
    assertThat(migration.migrate(MigrationListener.NONE).applied()).isEqualTo(1);
  }

  @Test
  void rows_only_are_rolled_back_and_run_again() throws Exception {
    write(folder, "001.sql", "CREATE TABLE a (id int);");
    migrate(folder);
    write(folder, "002.sql", "INSERT INTO a VALUES (1); INSERT INTO a SELECT sleep(60);");
    CompletableFuture<String> killed =
        CompletableFuture.supplyAsync(() -> problem(ExitCode.NOT_READY, () -> migrate(folder)));
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> !query(RUNNING.formatted("%INTO a SELECT sleep%")).isEmpty());
    execute("KILL " + query(RUNNING.formatted("%INTO a SELECT sleep%")).getFirst());
    killed.get(60, TimeUnit.SECONDS);
    assertThat(resolvable().interrupted()).isEmpty();
    write(folder, "002.sql", "INSERT INTO a VALUES (1);");
    assertThat(migrate(folder).applied()).isEqualTo(1);
    assertThat(query("SELECT count(*) FROM a")).containsExactly("1");
  }

  @Test
  void intent_of_a_changeset_that_is_in_the_history_is_taken_back() throws Exception {
    write(folder, "001.sql", "CREATE TABLE a (id int);");
    migrate(folder);
    execute(
        "INSERT INTO tidegate_intent (intent, path, id, author, rerun, started, host, pid, position_sent,"
            + " statement_sent, outcome) VALUES (sha2('001.sql\n001.sql\ntidegate', 256), '001.sql', '001.sql',"
            + " 'tidegate', 0, '2026-01-01T00:00:00Z', 'h', 1, 1, 'x', 'begun')");
    assertThat(resolvable().interrupted()).hasSize(1);
    assertThat(migrate(folder).applied()).isZero();
    assertThat(resolvable().interrupted()).isEmpty();
  }

  /** Names of tables differ by case here, and Liquibase on another server wrote it so. */
  @Test
  void history_in_lower_case_is_the_same_history() throws Exception {
    write(folder, "001.sql", "CREATE TABLE a (id int);");
    migrate(folder);
    execute("RENAME TABLE DATABASECHANGELOG TO databasechangelog");
    execute("DELETE FROM tidegate_fingerprint");
    assertThat(migration(folder).status().applied()).hasSize(1);
    assertThat(migrate(folder).applied()).isZero();
    write(folder, "002.sql", "INSERT INTO a VALUES (1);");
    assertThat(migrate(folder).applied()).isEqualTo(1);
    assertThat(query("SELECT count(*) FROM databasechangelog")).containsExactly("2");
    assertThat(
            query(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = database()"
                    + " AND table_name LIKE 'databasechangelog'"))
        .containsExactly("databasechangelog");
  }

  /** The one statement committed by itself, and only its history row failed. */
  @Test
  void changeset_that_ran_and_could_not_be_recorded_is_not_run_again() throws Exception {
    write(folder, "001.sql", "CREATE TABLE a (id int);");
    migrate(folder);
    execute(
        "CREATE TRIGGER full BEFORE INSERT ON DATABASECHANGELOG FOR EACH ROW"
            + " SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no more rows'");
    write(folder, "002.sql", "ALTER TABLE a ADD b int;");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder)))
        .contains("002.sql", "no more rows", "tidegate resolve db '002.sql'")
        .doesNotContain("start again");
    assertThat(resolvable().interrupted()).hasSize(1);
    execute("DROP TRIGGER full");
    problem(ExitCode.CHANGELOG, () -> migrate(folder));
    resolvable().resolve(resolvable().interrupted().getFirst().changeset(), true, "b is there");
    assertThat(migrate(folder).alreadyApplied()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"STRICT_TRANS_TABLES", ""})
  void names_are_kept_whatever_the_character_set_of_the_database(String mode) throws Exception {
    execute("ALTER DATABASE CHARACTER SET latin1");
    execute("SET GLOBAL sql_mode = '" + mode + "'");
    try {
      write(folder, "001_имя.sql", "CREATE TABLE a (id int);");
      assertThat(migrate(folder).applied()).isEqualTo(1);
      assertThat(query("SELECT filename FROM DATABASECHANGELOG")).containsExactly("001_имя.sql");
      assertThat(migrate(folder).alreadyApplied()).isEqualTo(1);

      // As Liquibase makes it in such a database.
      execute("ALTER TABLE DATABASECHANGELOG CONVERT TO CHARACTER SET utf8mb3");
      write(folder, "002_имя.sql", "CREATE TABLE b (id int);");
      assertThat(migrate(folder).applied()).isEqualTo(1);
      write(folder, "003_😀.sql", "CREATE TABLE c (id int);");
      assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder)))
          .contains("003_😀.sql", "utf8mb3", "CONVERT TO CHARACTER SET utf8mb4");
      assertThat(query("SHOW TABLES LIKE 'c'")).isEmpty();
      execute("ALTER TABLE DATABASECHANGELOG CONVERT TO CHARACTER SET utf8mb4");
      assertThat(migrate(folder).applied()).isEqualTo(1);
    } finally {
      execute("SET GLOBAL sql_mode = DEFAULT");
    }
  }

  /** What a file sets for its session does not reach the row that says that it ran. */
  @Test
  void name_is_kept_after_a_file_that_sets_other_characters() throws Exception {
    write(
        folder,
        "001_имя.sql",
        "SET character_set_connection = latin1;\nCREATE TABLE a (id int);\n");
    assertThat(migrate(folder).applied()).isEqualTo(1);
    assertThat(query("SELECT filename FROM DATABASECHANGELOG")).containsExactly("001_имя.sql");
    assertThat(resolvable().interrupted()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SET SESSION TRANSACTION READ ONLY",
        "SET SESSION TRANSACTION READ ONLY; SELECT count(*) FROM a",
        "SET tx_read_only = 1"
      })
  void file_that_makes_its_session_read_only_is_recorded(String statements) throws Exception {
    write(folder, "001.sql", "CREATE TABLE a (id int);\nINSERT INTO a VALUES (1);\n" + statements);
    write(folder, "002.sql", "INSERT INTO a VALUES (2);");
    assertThat(migrate(folder).applied()).isEqualTo(2);
    assertThat(query("SELECT id FROM a ORDER BY id")).containsExactly("1", "2");
    assertThat(resolvable().interrupted()).isEmpty();
  }

  @Test
  void url_without_a_database_is_refused() throws Exception {
    write(folder, "001.sql", "CREATE TABLE a (id int);");
    Migration migration = migration(target("", folder), MigrationSettings.DEFAULT);
    assertThat(problem(ExitCode.REFUSED, () -> migration.migrate(MigrationListener.NONE)))
        .contains("names no database");
    problem(ExitCode.REFUSED, migration::plan);
    problem(ExitCode.REFUSED, migration::status);
  }
}
