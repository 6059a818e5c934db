package io.tidegate.engine.postgres;

import static io.tidegate.migration.sql.Changelogs.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.migration.risk.ParserThread;
import io.tidegate.migration.sql.RiskSuite;
import io.tidegate.migration.sql.TestDatabases;
import io.tidegate.servers.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresRiskTest extends RiskSuite {
  private static final PostgresServer SERVER = new PostgresServer();

  @RegisterExtension static final PostgresDatabases DATABASES = new PostgresDatabases(SERVER);

  @Override
  protected TestDatabases databases() {
    return DATABASES;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          ALTER TABLE users DROP COLUMN name | drop-column users.name
          ALTER TABLE ONLY public.users DROP COLUMN name | drop-column public.users.name
          TRUNCATE users, vacant | truncate users
          WITH gone AS (DELETE FROM users RETURNING *) SELECT * FROM gone | delete-all users
          ALTER TABLE users ALTER COLUMN name TYPE varchar(10) | narrow-type users.name, rewrite-table users.name
          ALTER TABLE users ALTER COLUMN id TYPE bigint | rewrite-table users.id
          ALTER TABLE users ADD COLUMN age int NOT NULL | add-not-null users.age
          CREATE INDEX i ON users (name) | create-index users
          ALTER TABLE users ADD CONSTRAINT k CHECK (id > 0) | validate-constraint users
          ALTER TABLE users ALTER COLUMN name SET NOT NULL | validate-constraint users.name
          DROP SCHEMA app CASCADE | drop-schema app
          DROP OWNED BY nobody_here | drop-owned nobody_here
          ALTER TABLE public.users RENAME TO old; DROP TABLE old | rename-table public.users, drop-table old
          SET search_path = app; DROP TABLE filled; SET search_path = app2; DROP TABLE filled | drop-table filled, drop-table filled
          ~SET\nsearch_path = app; DROP TABLE filled~ | drop-table filled
          EXPLAIN ANALYZE DELETE FROM users | delete-all users
          DROP DATABASE IF EXISTS template1 | drop-database template1
          DROP TABLE IF EXISTS unheard_of, "users" CASCADE | drop-table users
          """)
  void statement_is_found(String sql, String risks) throws Exception {
    execute("CREATE SCHEMA app");
    execute("CREATE TABLE app.notes (id int)");
    execute("CREATE TABLE app.filled AS SELECT 1 AS id");
    execute("CREATE SCHEMA app2 CREATE TABLE filled (id int)");
    execute("INSERT INTO app2.filled VALUES (1)");
    assertThat(String.join(", ", risksOf("CREATE TABLE first_of_all (id int); " + sql + ";")))
        .isEqualTo(risks);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE users ALTER COLUMN name TYPE varchar(100);",
        "ALTER TABLE users ALTER COLUMN name TYPE text;",
        "ALTER TABLE users ALTER COLUMN id SET NOT NULL;",
        "ALTER TABLE users ADD COLUMN age int NOT NULL DEFAULT 0;",
        "ALTER TABLE users ADD CONSTRAINT k CHECK (id > 0) NOT VALID;",
        "ALTER TABLE users DROP COLUMN IF EXISTS never_there;",
        "CREATE INDEX i ON vacant (name);",
        "CREATE FUNCTION f() RETURNS void AS $$ BEGIN DELETE FROM users; END $$ LANGUAGE plpgsql;",
        "DROP SCHEMA IF EXISTS nowhere CASCADE;"
      })
  void statement_is_no_risk(String sql) throws Exception {
    assertThat(risksOf(sql)).isEmpty();
  }

  @Test
  void table_whose_rows_the_user_may_not_read_counts_as_having_some() throws Exception {
    execute("ALTER TABLE vacant ENABLE ROW LEVEL SECURITY");
    assertThat(risksOf("DROP TABLE vacant;")).containsExactly("drop-table vacant");
  }

  @Test
  void table_that_another_session_has_locked_counts_as_having_rows() throws Exception {
    try (Connection other = connect(database());
        Statement lock = other.createStatement()) {
      other.setAutoCommit(false);
      lock.execute("LOCK TABLE vacant");
      assertThat(risksOf("DROP TABLE vacant; DELETE FROM users;"))
          .containsExactly("drop-table vacant", "delete-all users");
    }
  }

  @Test
  void table_is_followed_into_another_schema() throws Exception {
    execute("CREATE SCHEMA archive");
    assertThat(risksOf("ALTER TABLE users SET SCHEMA archive; DROP TABLE archive.users;"))
        .containsExactly("rename-table users", "drop-table archive.users");
  }

  @Test
  void schema_that_the_search_path_leads_to_is_looked_in() throws Exception {
    execute("CREATE SCHEMA app");
    execute("CREATE TABLE app.notes AS SELECT 1 AS id");
    assertThat(risksOf("DROP TABLE IF EXISTS notes;")).isEmpty();
    assertThat(risksOf("SET search_path TO app; DROP TABLE IF EXISTS notes;"))
        .containsExactly("drop-table notes");
    assertThat(risksOf("DROP TABLE app.notes;")).containsExactly("drop-table app.notes");
    assertThat(
            risksOf(
                """
                --liquibase formatted sql
                --changeset a:1
                SET search_path TO app;
                --changeset a:2
                DROP TABLE IF EXISTS notes;
                """))
        .containsExactly("drop-table notes");
  }

  @Test
  void liquibases_changes_of_types_and_constraints_are_looked_at() throws Exception {
    Path changelog =
        write(
            folder,
            "changelog.yaml",
            """
            databaseChangeLog:
              - changeSet:
                  id: 1
                  author: ada
                  changes:
                    - createIndex: {tableName: users, indexName: i, columns: [{column: {name: name}}]}
                    - addNotNullConstraint: {tableName: users, columnName: name, columnDataType: varchar(50)}
                    - modifyDataType: {tableName: users, columnName: name, newDataType: varchar(10)}
                    - addColumn: {tableName: users, columns: [{column: {name: age, type: int, constraints: {nullable: false}}}]}
                    - dropColumn: {tableName: users, columns: [{column: {name: name}}]}
                    - renameTable: {oldTableName: users, newTableName: people}
            """);
    assertThat(planned(changelog))
        .containsExactly(
            "narrow-type users.name",
            "add-not-null users.age",
            "drop-column users.name",
            "rename-table users",
            "create-index users",
            "validate-constraint users.name",
            "rewrite-table users.name");
  }

  @Test
  void looking_leaves_nothing_locked_and_nothing_running() throws Exception {
    write(folder, "001.sql", "INSERT INTO users VALUES (2, 'x'); DELETE FROM users;");
    migrate(folder);
    ParserThread.awaitEnd();
  }
}
