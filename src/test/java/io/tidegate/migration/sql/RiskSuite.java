package io.tidegate.migration.sql;

import static io.tidegate.migration.sql.Changelogs.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.migration.BackupCheck;
import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.Migration;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationListener.LockHolder;
import io.tidegate.migration.MigrationPlan.PlannedChangeset;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.risk.Risk;
import io.tidegate.problem.ExitCode;
import io.tidegate.target.Changelog;
import io.tidegate.target.Changelog.Destructive;
import io.tidegate.target.Changelog.Destructive.Policy;
import io.tidegate.target.Changelog.Format;
import io.tidegate.target.FlywayPlaceholders;
import io.tidegate.target.LiquibaseTables;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pending changesets that destroy data or block the database, found before anything runs. Each
 * dialect's test passes it on a real server.
 */
public abstract class RiskSuite extends DialectFixture {
  private static final Pattern ACCEPTANCE = Pattern.compile("ACCEPTED: (\\S+@[0-9a-f]{32})");

  /** A table with a row, one without, and one with an old column. */
  @BeforeEach
  void createTables() throws Exception {
    execute("CREATE TABLE users (id int PRIMARY KEY, name varchar(50))");
    execute("INSERT INTO users VALUES (1, 'Ada')");
    execute("CREATE TABLE vacant (id int PRIMARY KEY, name varchar(50))");
  }

  private Migration migration(Path changelog, Policy policy, String... accepted) {
    return migration(changelog, Format.PLAIN, policy, BackupCheck.NONE, accepted);
  }

  private Migration migration(
      Path changelog, Format format, Policy policy, BackupCheck backups, String... accepted) {
    Changelog declared =
        new Changelog(
            changelog,
            "",
            "",
            null,
            Set.of(),
            null,
            format,
            LiquibaseTables.DEFAULT,
            new Destructive(policy, Set.of(accepted)),
            null,
            FlywayPlaceholders.NONE);
    return new SqlMigrator(dialect(), backups)
        .open(SqlTargets.with(target(database(), changelog), declared), MigrationSettings.DEFAULT);
  }

  private String refusal(Migration migration) {
    return problem(ExitCode.REFUSED, () -> migration.migrate(MigrationListener.NONE));
  }

  private static String acceptance(String refusal) {
    Matcher printed = ACCEPTANCE.matcher(refusal);
    assertThat(printed.find()).as(refusal).isTrue();
    return printed.group(1);
  }

  /** The risks that a plan shows, as kind, table and column. */
  protected List<String> planned(Path changelog) throws Exception {
    return migration(changelog, Policy.REFUSE).plan().changesets().stream()
        .map(PlannedChangeset::risks)
        .flatMap(List::stream)
        .map(RiskSuite::described)
        .toList();
  }

  private static String described(Risk risk) {
    return risk.kind().id()
        + " "
        + risk.table()
        + (risk.column().isEmpty() ? "" : "." + risk.column());
  }

  /** The risks of one plain file. */
  protected List<String> risksOf(String sql) throws Exception {
    write(folder, "001-risky.sql", sql);
    return planned(folder);
  }

  @Test
  void changeset_that_drops_a_table_with_rows_is_refused_before_anything_runs() throws Exception {
    write(folder, "001-new.sql", "CREATE TABLE fresh (id int);");
    write(folder, "002-drop.sql", "-- away with it\nDROP TABLE users;");
    List<String> before = query(databases().tablesQuery());
    String refusal = refusal(migration(folder, Policy.REFUSE));
    assertThat(refusal)
        .contains("002-drop.sql", "drops the table users", "DROP TABLE users")
        .doesNotContain("001-new.sql");
    assertThat(query(databases().tablesQuery())).isEqualTo(before);
    assertThat(query("SELECT name FROM users")).containsExactly("Ada");
  }

  @Test
  void accepted_changeset_runs_and_one_with_another_text_does_not() throws Exception {
    write(folder, "001-drop.sql", "DELETE FROM users -- all\n;");
    String accepted = acceptance(refusal(migration(folder, Policy.REFUSE)));
    assertThat(accepted).startsWith("001-drop.sql@");
    // To Liquibase's checksum a line break is a blank.
    for (String other : List.of("DELETE FROM users -- all ;", "DELETE  FROM users -- all\n;")) {
      write(folder, "001-drop.sql", other);
      assertThat(refusal(migration(folder, Policy.REFUSE, accepted))).contains("001-drop.sql");
    }
    write(folder, "001-drop.sql", "DELETE FROM users -- all\n;");
    write(folder, "002-drop.sql", "DELETE FROM users -- all\n;");
    assertThat(refusal(migration(folder, Policy.REFUSE, accepted)))
        .contains("002-drop.sql")
        .doesNotContain("001-drop.sql");
    write(folder, "002-drop.sql", "INSERT INTO users VALUES (2, 'Grace');");
    assertThat(migration(folder, Policy.REFUSE, accepted).migrate(MigrationListener.NONE).applied())
        .isEqualTo(2);
    assertThat(query("SELECT name FROM users")).containsExactly("Grace");
  }

  @Test
  void what_is_allowed_is_reported_once_for_each_changeset_and_runs() throws Exception {
    write(folder, "001-drop.sql", "DROP TABLE users; DROP TABLE vacant;");
    write(folder, "002-new.sql", "CREATE TABLE users (id int);");
    List<String> heard = new ArrayList<>();
    migration(folder, Policy.ALLOW).migrate(hearing(heard));
    assertThat(heard).hasSize(1);
    assertThat(heard.getFirst())
        .startsWith("001-drop.sql: destroys data: drops the table users")
        .doesNotContain("vacant");
    assertThat(query("SELECT count(*) FROM users")).containsExactly("0");
  }

  private static MigrationListener hearing(List<String> heard) {
    return new MigrationListener() {
      @Override
      public void waiting(LockHolder holder) {}

      @Override
      public void started(ChangesetId changeset, int number, int of) {}

      @Override
      public void applied(ChangesetId changeset, Duration took) {}

      @Override
      public void risky(ChangesetId changeset, String sentence) {
        heard.add(changeset + ": " + sentence);
      }
    };
  }

  @Test
  void changeset_that_needs_a_backup_runs_only_with_one() throws Exception {
    write(folder, "001-drop.sql", "DROP TABLE users;");
    String refusal =
        refusal(
            migration(
                folder,
                Format.AUTO,
                Policy.NEEDS_BACKUP,
                _ -> List.of("the newest file is 3 days old")));
    assertThat(refusal).contains("001-drop.sql", "no recent backup", "3 days old");
    Migration withBackup = migration(folder, Format.AUTO, Policy.NEEDS_BACKUP, _ -> List.of());
    assertThat(withBackup.migrate(MigrationListener.NONE).applied()).isEqualTo(1);
  }

  @Test
  void backup_is_looked_for_only_where_something_is_destroyed() throws Exception {
    write(folder, "001-new.sql", "CREATE TABLE fresh (id int); DROP TABLE fresh;");
    Migration migration =
        migration(
            folder,
            Format.AUTO,
            Policy.NEEDS_BACKUP,
            _ -> {
              throw new AssertionError("looked for a backup");
            });
    assertThat(migration.migrate(MigrationListener.NONE).applied()).isEqualTo(1);
    assertThat(migration.migrate(MigrationListener.NONE).applied()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DROP TABLE vacant;",
        "DELETE FROM vacant;",
        "DROP TABLE IF EXISTS unheard_of;",
        "CREATE TABLE fresh (id int); INSERT INTO fresh VALUES (1); DROP TABLE fresh;",
        "ALTER TABLE users ADD COLUMN age int; UPDATE users SET age = 0;",
        "ALTER TABLE users ADD COLUMN age int; ALTER TABLE users DROP COLUMN age;",
        "ALTER TABLE vacant RENAME TO empty_one; DROP TABLE empty_one;",
        "INSERT INTO users VALUES (2, 'DROP TABLE users');",
        "DELETE FROM users WHERE id = 1;",
        "/* DROP TABLE users */ -- DELETE FROM users\n INSERT INTO users VALUES (2, 'x');",
        "ALTER TABLE vacant DROP COLUMN name;"
      })
  void nothing_is_lost_by(String sql) throws Exception {
    assertThat(risksOf(sql)).isEmpty();
    assertThat(migration(folder, Policy.REFUSE).migrate(MigrationListener.NONE).applied())
        .isEqualTo(1);
  }

  @Test
  void table_is_followed_under_its_new_name() throws Exception {
    assertThat(
            risksOf(
                "ALTER TABLE users RENAME TO people; CREATE TABLE users (id int);"
                    + " DROP TABLE users; DROP TABLE people;"))
        .containsExactly("rename-table users", "drop-table people");
  }

  @Test
  void table_that_a_skipped_changeset_would_drop_is_still_there() throws Exception {
    Path changelog =
        write(
            folder,
            "changelog.yaml",
            """
            databaseChangeLog:
              - changeSet:
                  id: 1
                  author: ada
                  preConditions: [{onFail: MARK_RAN}, {sqlCheck: {expectedResult: 0, sql: SELECT count(*) FROM users}}]
                  changes:
                    - dropTable: {tableName: users}
              - changeSet:
                  id: 2
                  author: ada
                  changes:
                    - delete: {tableName: users, where: 1 = 1}
            """);
    assertThat(planned(changelog)).containsExactly("drop-table users", "delete-all users");
  }

  @Test
  void acceptance_holds_for_the_preconditions_too() throws Exception {
    String text =
        """
        --liquibase formatted sql
        --changeset ada:1
        --preconditions onFail:MARK_RAN
        --precondition-sql-check expectedResult:%d SELECT count(*) FROM users
        DROP TABLE users;
        """;
    write(folder, "001.sql", text.formatted(0));
    String accepted = acceptance(refusal(migration(folder, Policy.REFUSE)));
    write(folder, "001.sql", text.formatted(1));
    assertThat(refusal(migration(folder, Policy.REFUSE, accepted))).contains("001.sql");
    write(folder, "001.sql", text.formatted(0));
    migration(folder, Policy.REFUSE, accepted).migrate(MigrationListener.NONE);
    assertThat(query("SELECT name FROM users")).containsExactly("Ada");
  }

  @Test
  void changeset_of_many_comments_is_no_harder_to_read() throws Exception {
    assertThat(risksOf("-- a line\n".repeat(50_000) + "DROP TABLE users;"))
        .containsExactly("drop-table users");
  }

  @Test
  void renamed_column_is_followed_under_its_new_name() throws Exception {
    assertThat(
            risksOf(
                "ALTER TABLE users RENAME COLUMN name TO label; ALTER TABLE users DROP COLUMN"
                    + " label;"))
        .containsExactly("rename-column users.name", "drop-column users.label");
  }

  @Test
  void liquibases_changes_are_looked_at() throws Exception {
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
                    - renameColumn: {tableName: users, oldColumnName: name, newColumnName: label, columnDataType: varchar(50)}
              - changeSet:
                  id: 2
                  author: ada
                  changes:
                    - delete: {tableName: users}
                    - delete: {tableName: users, where: id = 1}
                    - sql: {sql: "SELECT 1; DELETE FROM users"}
              - changeSet:
                  id: 3
                  author: ada
                  changes:
                    - sqlFile: {path: more.sql}
                    - dropTable: {tableName: users}
                    - dropTable: {tableName: vacant}
            """);
    write(folder, "more.sql", "UPDATE users SET id = 2;");
    assertThat(planned(changelog))
        .containsExactly(
            "rename-column users.name",
            "delete-all users",
            "delete-all users",
            "update-all users",
            "drop-table users");
    assertThat(acceptance(refusal(migration(changelog, Policy.REFUSE))))
        .startsWith("changelog.yaml::1::ada@");
  }

  @Test
  void liquibases_formatted_sql_is_looked_at() throws Exception {
    write(
        folder,
        "001.sql",
        "--liquibase formatted sql\n--changeset ada:1\nDROP TABLE users;\n--rollback DELETE FROM users;\n");
    String refusal = refusal(migration(folder, Policy.REFUSE));
    String accepted = acceptance(refusal);
    assertThat(accepted).startsWith("001.sql::1::ada@");
    assertThat(migration(folder, Policy.REFUSE, accepted).migrate(MigrationListener.NONE).applied())
        .isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"PLAIN", "SQL", "LIQUIBASE", "AUTO"})
  void of_another_tools_files_only_the_way_forth_is_looked_at(Format format) throws Exception {
    execute("DROP TABLE vacant");
    execute("DROP TABLE users");
    ToolFiles.step(folder, format, 1, "CREATE TABLE users (id int);", "DROP TABLE users;");
    ToolFiles.step(folder, format, 2, "INSERT INTO users VALUES (1);", "DELETE FROM users;");
    migration(folder, format, Policy.REFUSE, BackupCheck.NONE).migrate(MigrationListener.NONE);
    ToolFiles.step(folder, format, 3, "DELETE FROM users;", "SELECT 1;");
    Migration migration = migration(folder, format, Policy.REFUSE, BackupCheck.NONE);
    String accepted = acceptance(refusal(migration));
    assertThat(query("SELECT count(*) FROM users")).containsExactly("1");
    migration(folder, format, Policy.REFUSE, BackupCheck.NONE, accepted)
        .migrate(MigrationListener.NONE);
    assertThat(query("SELECT count(*) FROM users")).containsExactly("0");
  }

  @Test
  void plan_marks_what_is_destroyed_and_what_accepts_it() throws Exception {
    write(folder, "001-drop.sql", "DROP TABLE users;");
    String accepted = acceptance(refusal(migration(folder, Policy.REFUSE)));
    assertThat(migration(folder, Policy.ALLOW).plan().text())
        .contains(
            "-- DESTRUCTIVE: drops the table users",
            "-- accepted where destructive-accepted has: " + accepted);
  }

  @Test
  void many_refused_changesets_and_statements_are_counted() throws Exception {
    for (int i = 100; i < 150; i++) {
      write(folder, i + ".sql", "DELETE FROM users;\n".repeat(50));
    }
    String refusal = refusal(migration(folder, Policy.REFUSE));
    assertThat(refusal).contains("and 47 more", "30 more changesets").doesNotContain("140.sql");
    assertThat(planned(folder)).hasSize(50 * PendingRisks.MOST);
  }
}
