package io.tidegate.engine.postgres;

import static io.tidegate.migration.sql.Changelogs.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.migration.Migration.MigrationOutcome;
import io.tidegate.migration.sql.FlywayFolderSuite;
import io.tidegate.migration.sql.TestDatabases;
import io.tidegate.problem.ExitCode;
import io.tidegate.servers.PostgresServer;
import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresFlywayFolderTest extends FlywayFolderSuite {
  private static final PostgresServer SERVER = new PostgresServer();

  @RegisterExtension static final PostgresDatabases DATABASES = new PostgresDatabases(SERVER);

  @Override
  protected TestDatabases databases() {
    return DATABASES;
  }

  @Override
  protected String tables() {
    return "SELECT FROM pg_tables WHERE schemaname = 'public'";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE SEQUENCE s",
        "CREATE VIEW v AS SELECT 1 AS one",
        "CREATE TYPE mood AS ENUM ('sad')",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
      })
  void whatever_stands_in_the_schema_makes_it_not_empty(String statement) throws Exception {
    write(folder, "V1__a.sql", "CREATE TABLE a (id int);");
    execute(statement);
    assertThat(problem(ExitCode.CHANGELOG, this::migrate)).contains("is not empty");
  }

  @Test
  void file_of_statements_that_refuse_a_transaction_runs_without() throws Exception {
    write(folder, "V1__a.sql", "CREATE TABLE a (id int);");
    write(
        folder,
        "V2__b.sql",
        "-- indexes\nCREATE INDEX CONCURRENTLY x ON a (id);\nDROP INDEX CONCURRENTLY x;\nVACUUM a;");
    assertThat(migrate().applied()).isEqualTo(2);
    assertThat(query("SELECT count(*) FROM flyway_schema_history WHERE success"))
        .containsExactly("2");
  }

  @Test
  void file_of_both_kinds_is_refused_before_it_runs() throws Exception {
    write(folder, "V1__a.sql", "CREATE TABLE a (id int);\nCREATE INDEX CONCURRENTLY x ON a (id);");
    assertThat(problem(ExitCode.CHANGELOG, this::migrate))
        .contains("V1__a.sql, line 2", "cannot run in a transaction");
    assertThat(query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).isEmpty();
  }

  @Test
  void new_value_of_a_type_stands_in_a_transaction() throws Exception {
    write(folder, "V1__a.sql", "CREATE TYPE mood AS ENUM ('sad');");
    write(folder, "V2__b.sql", "ALTER TYPE mood ADD VALUE 'glad';\nCREATE TABLE a (id int);");
    assertThat(migrate().applied()).isEqualTo(2);
  }

  /** What ran is what stood in the file before, so what stands there now is still to run. */
  @Test
  void repeatable_migration_that_is_changed_while_it_runs_runs_again() throws Exception {
    write(folder, "V1__a.sql", "CREATE TABLE a (id int);");
    migrate();
    write(folder, "R__b.sql", "INSERT INTO a VALUES (1);\nLOCK TABLE held;\n");
    execute("CREATE TABLE held (id int)");
    FutureTask<MigrationOutcome> run;
    try (Connection holder = connect(database());
        Statement statement = holder.createStatement()) {
      holder.setAutoCommit(false);
      statement.execute("LOCK TABLE held");
      run = new FutureTask<>(this::migrate);
      Thread.ofPlatform().start(run);
      long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
      while (query("SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'held'::regclass")
          .isEmpty()) {
        assertThat(System.nanoTime()).isLessThan(end);
        Thread.sleep(20);
      }
      write(folder, "R__b.sql", "INSERT INTO a VALUES (2);\n");
      holder.rollback();
    }
    assertThat(run.get().applied()).isEqualTo(1);
    assertThat(migrate().applied()).isEqualTo(1);
    assertThat(query("SELECT id FROM a ORDER BY id")).containsExactly("1", "2");
  }
}
