package io.tidegate.engine.postgres;

import static io.tidegate.migration.sql.Changelogs.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.sql.AdoptionSuite;
import io.tidegate.migration.sql.SqlTargets;
import io.tidegate.migration.sql.TestDatabases;
import io.tidegate.migration.sql.ToolLock;
import io.tidegate.problem.ExitCode;
import io.tidegate.servers.PostgresServer;
import io.tidegate.target.Changelog;
import io.tidegate.target.Changelog.Format;
import io.tidegate.target.Target;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresToolFoldersTest extends AdoptionSuite {
  private static final PostgresServer SERVER = new PostgresServer();

  @RegisterExtension static final PostgresDatabases DATABASES = new PostgresDatabases(SERVER);

  @Override
  protected TestDatabases databases() {
    return DATABASES;
  }

  /** golang-migrate sends a file as it is, so that one statement stands in no transaction. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE UNIQUE INDEX CONCURRENTLY step_n ON step (n)",
        "/* small */ vacuum step;",
        "REINDEX (VERBOSE) TABLE CONCURRENTLY step;",
        "ALTER SYSTEM SET work_mem = '8MB';",
        "-- tidegate: no-transaction\nVACUUM step;\nCREATE INDEX CONCURRENTLY a ON step (n);",
      })
  void statement_that_refuses_a_transaction_runs_by_itself(String statement) throws Exception {
    step(Format.GOLANG_MIGRATE, 1, "CREATE TABLE step (n int);");
    step(Format.GOLANG_MIGRATE, 2, statement);
    assertThat(migrate(Format.GOLANG_MIGRATE).applied()).isEqualTo(2);
    assertThat(versions(Format.GOLANG_MIGRATE)).containsExactly("2");
  }

  @Test
  void file_without_a_transaction_is_run_as_it_says() throws Exception {
    write(folder, "1_a.sql", "-- +goose Up\nCREATE TABLE step (n int);\n");
    write(
        folder,
        "2_b.sql",
        """
        -- +goose NO TRANSACTION
        -- +goose Up
        CREATE INDEX CONCURRENTLY a ON step (n);
        CREATE INDEX CONCURRENTLY b ON step (n);
        -- +goose Down
        DROP TABLE step;
        """);
    assertThat(migrate(Format.GOOSE).applied()).isEqualTo(2);
    assertThat(query("SELECT count(*) FROM pg_index WHERE indrelid = 'step'::regclass"))
        .containsExactly("2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"SCHEMA_MIGRATIONS\"", "\"Public\".schema_migrations"})
  void history_in_another_letter_case_is_another_one(String table) throws Exception {
    execute("CREATE SCHEMA \"Public\"");
    execute("CREATE TABLE %s (version bigint, dirty boolean)".formatted(table));
    step(Format.GOLANG_MIGRATE, 1, "CREATE TABLE step (n int);");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(Format.GOLANG_MIGRATE)))
        .contains("another tool has migrated this database");
  }

  /** A file that gives all locks back must not let two run: what the tool wrote meanwhile is seen. */
  @Test
  void tool_that_gets_in_between_two_files_is_seen() throws Exception {
    step(Format.GOLANG_MIGRATE, 1, "CREATE TABLE step (n int);");
    step(Format.GOLANG_MIGRATE, 2, "INSERT INTO step VALUES (2); SELECT pg_advisory_unlock_all();");
    step(Format.GOLANG_MIGRATE, 3, "INSERT INTO step VALUES (3);");
    assertThat(migrate(Format.GOLANG_MIGRATE).applied()).isEqualTo(3);
    assertThat(query("SELECT n FROM step ORDER BY n")).containsExactly("2", "3");
  }

  @Test
  void lock_of_golang_migrate_is_waited_for() throws Exception {
    step(Format.GOLANG_MIGRATE, 1, "CREATE TABLE step (n int);");
    try (Connection other = connect(database());
        Statement statement = other.createStatement()) {
      statement.execute(
          "SELECT pg_advisory_lock(%d)"
              .formatted(ToolLock.golangMigrateId("public\0schema_migrations\0" + database())));
      Target target =
          SqlTargets.with(
              target(database(), folder),
              new Changelog(folder, "", "", null, Set.of(), null, Format.GOLANG_MIGRATE));
      MigrationSettings impatient =
          new MigrationSettings(
              Duration.ofSeconds(1), Duration.ofSeconds(5), null, Duration.ofSeconds(1));
      assertThat(
              problem(
                  ExitCode.LOCKED,
                  () -> migration(target, impatient).migrate(MigrationListener.NONE)))
          .contains("golang-migrate holds its lock");
    }
    assertThat(migrate(Format.GOLANG_MIGRATE).applied()).isEqualTo(1);
  }
}
