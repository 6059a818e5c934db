package io.tidegate.migration.sql;

import static io.tidegate.migration.sql.Changelogs.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.Migration;
import io.tidegate.migration.Migration.MigrationOutcome;
import io.tidegate.migration.Migration.Resolvable;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.problem.ExitCode;
import io.tidegate.target.Changelog;
import io.tidegate.target.FlywayPlaceholders;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is Flyway's own, beside what {@link ToolFoldersSuite} shows of all tools. */
public abstract class FlywayFolderSuite extends DialectFixture {
  private FlywayPlaceholders placeholders = FlywayPlaceholders.NONE;

  /** The migration of this test's folder. */
  protected Migration migration() {
    return migration(
        SqlTargets.with(target(database(), folder), ToolFiles.flyway(folder, placeholders)),
        MigrationSettings.DEFAULT);
  }

  /** Applies what is pending. */
  protected MigrationOutcome migrate() throws InterruptedException {
    return migration().migrate(MigrationListener.NONE);
  }

  /** A migration that creates a table and leaves a note of itself. */
  private void note(String file, int note) {
    write(folder, file, "INSERT INTO note (n) VALUES (%d);\n".formatted(note));
  }

  private void first() {
    write(folder, "V1__note.sql", "CREATE TABLE note (n int);\n");
  }

  private List<String> notes() throws SQLException {
    return query("SELECT n FROM note ORDER BY n");
  }

  private List<String> scripts() throws SQLException {
    return query("SELECT script FROM flyway_schema_history ORDER BY installed_rank");
  }

  private String refused() {
    return problem(ExitCode.CHANGELOG, this::migrate);
  }

  private void delete(String file) throws IOException {
    Files.delete(folder.resolve(file));
  }

  @Test
  void versions_run_as_flyway_counts_them() throws Exception {
    first();
    for (String name :
        List.of(
            "V1.10__ten.sql",
            "V1_9__nine.sql",
            "V002__two.sql",
            "V1.09.1__nine.sql",
            "V10.sql",
            "V3___dash_ed.sql",
            "R__b.sql",
            "R__a_c.sql",
            "sub/deep/V1.11__eleven.sql",
            "U2__two.sql",
            ".hidden/V5__hidden.sql")) {
      note(name, 1);
    }
    assertThat(migrate().applied()).isEqualTo(10);
    assertThat(scripts())
        .containsExactly(
            "V1__note.sql",
            "V1_9__nine.sql",
            "V1.09.1__nine.sql",
            "V1.10__ten.sql",
            "sub/deep/V1.11__eleven.sql",
            "V002__two.sql",
            "V3___dash_ed.sql",
            "V10.sql",
            "R__a_c.sql",
            "R__b.sql");
    assertThat(query("SELECT description FROM flyway_schema_history WHERE version IN ('3', '10')"))
        .containsExactlyInAnyOrder(" dash ed", "");
    assertThat(query("SELECT version FROM flyway_schema_history WHERE installed_rank IN (2, 6)"))
        .containsExactlyInAnyOrder("1.9", "002");
    assertThat(migrate().applied()).isZero();
  }

  @Test
  void repeatable_migration_runs_again_when_it_was_changed() throws Exception {
    first();
    note("R__b.sql", 1);
    assertThat(migrate().applied()).isEqualTo(2);
    write(folder, "R__b.sql", "INSERT INTO note (n)\r\n VALUES (2);");
    note("V2__two.sql", 3);
    assertThat(migrate().applied()).isEqualTo(2);
    write(folder, "R__b.sql", "INSERT INTO note (n)\n VALUES (2);\n");
    assertThat(migrate().applied()).isZero();
    assertThat(notes()).containsExactly("1", "2", "3");
    assertThat(scripts()).containsExactly("V1__note.sql", "R__b.sql", "V2__two.sql", "R__b.sql");
  }

  @Test
  void database_without_any_version_begins_with_the_newest_baseline_migration() throws Exception {
    write(folder, "B2__all.sql", "CREATE TABLE note (n int);\n");
    first();
    note("B1__old.sql", 0);
    note("V2__two.sql", 2);
    note("V3__three.sql", 3);
    assertThat(migrate().applied()).isEqualTo(2);
    assertThat(notes()).containsExactly("3");
    assertThat(query("SELECT type FROM flyway_schema_history ORDER BY installed_rank"))
        .containsExactly("SQL_BASELINE", "SQL");
    note("B4__later.sql", 4);
    note("V1.5__early.sql", 0);
    assertThat(migrate().applied()).isZero();
    note("V5__five.sql", 5);
    assertThat(migrate().applied()).isEqualTo(1);
  }

  @Test
  void baseline_migration_is_passed_over_where_versions_ran() throws Exception {
    first();
    migrate();
    note("B2__all.sql", 2);
    note("V3__three.sql", 3);
    assertThat(migrate().applied()).isEqualTo(1);
    assertThat(notes()).containsExactly("3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "V2_two.sql",
        "v2__two.sql",
        "V2__two.SQL",
        "V2-two.sql",
        "V\u0662__two.sql",
        "R_two.sql",
        "r__two.sql",
        "u1__note.sql",
        "V2__two.sh",
        "R__two.ps1",
        "V2__Two.java",
        "R__Two.class",
        "V2__two",
        "V1__note.sql.conf",
        "beforeMigrate.sql",
        "afterEachMigrate__grant.sql",
        "sub/createSchema.sql",
        "aftermigrate.sql",
      })
  void file_that_flyway_treats_in_another_way_is_refused(String name) throws Exception {
    first();
    note(name, 2);
    assertThat(refused()).contains(name);
    assertThat(query(anyTable())).isEmpty();
  }

  private String anyTable() {
    return "SELECT 1 FROM (SELECT 1) one WHERE EXISTS (%s)".formatted(tables());
  }

  /** A query for the tables of the database. */
  protected abstract String tables();

  @Test
  void file_that_is_surely_no_migration_is_named() throws Exception {
    first();
    note("seed.sql", 2);
    note("sub/users.sql", 2);
    List<String> noticed = new ArrayList<>();
    migration().migrate(noticing(noticed));
    assertThat(noticed).anyMatch(n -> n.contains("seed.sql") && n.contains("sub/users.sql"));
    assertThat(notes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "V1.0__again.sql, V1__note.sql",
    "V01__again.sql, V1__note.sql",
    "sub/V1__again.sql, V1__note.sql",
    "R__a b.sql, R__a_b.sql",
    "B2__a.sql, B2.0__b.sql",
  })
  void two_files_that_are_one_migration_are_refused(String one, String other) throws Exception {
    first();
    note(one, 1);
    if (!other.startsWith("V")) {
      note(other, 1);
    }
    assertThat(refused()).contains(one, other, "have one version");
  }

  private void values(String... namesAndValues) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      values.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    placeholders = new FlywayPlaceholders(true, "${", "}", values);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO note VALUES (${number});",
        "-- ${number}\nINSERT INTO note VALUES (1);",
        "INSERT INTO note VALUES (1); -- $$${number}",
      })
  void placeholder_without_a_value_is_refused_with_its_line(String text) throws Exception {
    first();
    write(folder, "V2__two.sql", "\n" + text + "\n");
    assertThat(refused())
        .contains(
            "V2__two.sql, line 2",
            "${number}",
            "tidegate.targets.<name>.flyway.placeholders.number");
    assertThat(query(anyTable())).isEmpty();
    write(folder, "V2__two.sql", "-- a\r\n-- ${flyway:workingDirectory}\r\n");
    assertThat(refused())
        .contains("V2__two.sql, line 2", "flyway.placeholders.flyway-workingdirectory");
    write(folder, "V2__two.sql", "-- ${number\n}");
    assertThat(refused()).contains("V2__two.sql, line 1", "has no end");
    delete("V2__two.sql");
    write(folder, "R__two.sql", "-- ${number}");
    assertThat(refused()).contains("R__two.sql, line 1");
    assertThat(query(anyTable())).isEmpty();
  }

  /** A file may come into the folder while another replica holds the lock. */
  @ParameterizedTest
  @ValueSource(strings = {"V2__two.sql", "R__two.sql"})
  void placeholder_that_came_after_the_first_look_is_refused(String name) throws Exception {
    first();
    Migration opened = migration();
    write(folder, name, "INSERT INTO note VALUES (1); -- ${number}\n");
    assertThat(problem(ExitCode.CHANGELOG, () -> opened.migrate(MigrationListener.NONE)))
        .contains(name + ", line 1", "${number}");
    assertThat(query(anyTable())).isEmpty();
  }

  @Test
  void placeholders_are_replaced_before_statements_are_told_apart() throws Exception {
    values(
        "a-b", "7", "more", "1); INSERT INTO note VALUES (2", "quote", "'", "nested", "-- ${a_b}");
    first();
    write(
        folder,
        "V2__two.sql",
        """
        INSERT INTO note VALUES (${A_B}); -- ${more}
        INSERT INTO note VALUES (${more});
        INSERT INTO note SELECT n + 10 FROM note WHERE ${quote};${quote} = ';' AND n = 7;
        ${nested}
        INSERT INTO note VALUES (3); -- $${x}
        """);
    assertThat(migration().plan().text()).contains("VALUES (7)", "VALUES (2)");
    assertThat(migrate().applied()).isEqualTo(2);
    assertThat(notes()).containsExactlyInAnyOrder("1", "2", "3", "7", "17");
    assertThat(migrate().applied()).isZero();
  }

  @Test
  void what_is_destructive_is_seen_in_the_replaced_text() throws Exception {
    first();
    migrate();
    execute("INSERT INTO note VALUES (1)");
    values("what", "DROP TABLE note");
    write(folder, "V2__two.sql", "${what};\n");
    assertThat(migration().plan().changesets().getFirst().risks()).hasSize(1);
    values("what", "INSERT INTO note VALUES (1)");
    assertThat(migration().plan().changesets().getFirst().risks()).isEmpty();
  }

  @Test
  void applied_migration_needs_no_value_any_more() throws Exception {
    values("number", "2");
    first();
    write(folder, "V2__two.sql", "INSERT INTO note VALUES (${number});\n");
    migrate();
    placeholders = FlywayPlaceholders.NONE;
    note("V3__three.sql", 3);
    assertThat(migrate().applied()).isEqualTo(1);
    values("number", "4");
    assertThat(migrate().applied()).isZero();
    write(folder, "V4__four.sql", "INSERT INTO note VALUES (${other});\n");
    assertThat(migration().status().pending()).hasSize(1);
    assertThat(refused()).contains("V4__four.sql, line 1");
    assertThat(notes()).containsExactly("2", "3");
  }

  @Test
  void repeatable_migration_runs_again_when_a_value_was_changed() throws Exception {
    values("number", "1");
    first();
    write(folder, "R__r.sql", "INSERT INTO note VALUES (${number});\n");
    migrate();
    assertThat(migrate().applied()).isZero();
    values("number", "2");
    assertThat(migration().status().pending()).hasSize(1);
    assertThat(migrate().applied()).isEqualTo(1);
    assertThat(migrate().applied()).isZero();
    assertThat(notes()).containsExactly("1", "2");
    placeholders = new FlywayPlaceholders(false, "${", "}", Map.of());
    write(folder, "R__r.sql", "-- ${number}\nINSERT INTO note VALUES (3);\n");
    assertThat(migrate().applied()).isEqualTo(1);
    values("number", "2");
    assertThat(refused()).contains("R__r.sql ran without its placeholders");
  }

  @Test
  void another_prefix_and_suffix_are_obeyed() throws Exception {
    placeholders = new FlywayPlaceholders(true, "#[", "]#", Map.of("number", "1"));
    first();
    write(folder, "R__r.sql", "INSERT INTO note VALUES (#[number]#); -- ${x}\n");
    assertThat(migrate().applied()).isEqualTo(2);
    placeholders = new FlywayPlaceholders(true, "#[", "]#", Map.of("number", "2"));
    assertThat(migrate().applied()).isEqualTo(1);
    assertThat(notes()).containsExactly("1", "2");
  }

  @Test
  void two_placeholders_with_one_key_are_refused() throws Exception {
    values("a-b", "1");
    first();
    write(folder, "V2__two.sql", "INSERT INTO note VALUES (${a_b} + ${a.b});\n");
    assertThat(refused()).contains("V2__two.sql, line 1", "${a.b}", "a_b");
  }

  @Test
  void what_flyway_knows_of_itself_is_known() throws Exception {
    values("flyway-workingdirectory", "/flyway", "flyway-user", "not this one");
    write(folder, "V1__text.sql", "CREATE TABLE text_note (n varchar(200));\n");
    write(
        folder,
        "sub/V2__two.sql",
        "INSERT INTO text_note VALUES ('${flyway:filename} ${flyway:table} ${flyway:environment}"
            + " ${flyway:workingDirectory}');\nINSERT INTO text_note VALUES ('${flyway:user}');\n");
    migrate();
    assertThat(query("SELECT n FROM text_note WHERE n LIKE '% %'"))
        .containsExactly("V2__two.sql flyway_schema_history default /flyway");
    assertThat(
            query(
                "SELECT count(*) FROM text_note JOIN flyway_schema_history ON n = installed_by"
                    + " WHERE version = '2'"))
        .containsExactly("1");
    write(folder, "R__time.sql", "-- ${flyway:timestamp}x\n");
    assertThat(migrate().applied()).isEqualTo(1);
    write(folder, "R__time.sql", "-- ${flyway:timestamp}\n");
    assertThat(migrate().applied()).isEqualTo(1);
  }

  /** As with Flyway's own setting of that name. */
  @Test
  void encoding_that_is_declared_may_have_a_byte_order_mark() throws Exception {
    first();
    note("V2__two.sql", 2);
    ToolFiles.inEncoding(folder, "V", StandardCharsets.UTF_16BE);
    assertThat(refused()).contains("is UTF-16BE", "declare it as the target's encoding");
    for (String encoding : new String[] {"UTF-16", "UTF-16BE"}) {
      Changelog changelog =
          new Changelog(
              folder, "", "", Charset.forName(encoding), Set.of(), null, Changelog.Format.FLYWAY);
      migration(SqlTargets.with(target(database(), folder), changelog), MigrationSettings.DEFAULT)
          .migrate(MigrationListener.NONE);
      assertThat(notes()).containsExactly("2");
    }
  }

  @Test
  void applied_migration_that_was_changed_is_refused() throws Exception {
    first();
    note("V2__two.sql", 2);
    migrate();
    note("V2__two.sql", 3);
    assertThat(refused()).contains("V2__two.sql was changed after it was applied");
    assertThat(notes()).containsExactly("2");
  }

  @Test
  void applied_migration_under_another_description_is_refused() throws Exception {
    first();
    note("V2__two.sql", 2);
    migrate();
    delete("V2__two.sql");
    note("V2__zwei.sql", 2);
    assertThat(refused()).contains("V2__zwei.sql", "V2__two.sql");
  }

  @Test
  void applied_migration_without_a_file_is_refused_unless_it_is_newer() throws Exception {
    first();
    note("V2__two.sql", 2);
    note("V3__three.sql", 3);
    note("R__b.sql", 4);
    migrate();
    delete("V2__two.sql");
    assertThat(refused()).contains("has applied version 2 (V2__two.sql)");
    delete("V3__three.sql");
    assertThat(migrate().unexpected()).isEqualTo(2);
    delete("R__b.sql");
    assertThat(migrate().unexpected()).isEqualTo(3);
    note("V2__two.sql", 2);
    note("V3__three.sql", 3);
    assertThat(refused()).contains("has applied R__b.sql");
  }

  @Test
  void version_below_the_newest_is_refused() throws Exception {
    first();
    note("V3__three.sql", 3);
    migrate();
    note("V2__two.sql", 2);
    note("V4__four.sql", 4);
    assertThat(refused()).contains("V2__two.sql was not applied, and version 3");
    assertThat(notes()).containsExactly("3");
  }

  @Test
  void database_that_is_not_empty_is_refused_without_a_history() throws Exception {
    first();
    execute("CREATE TABLE precious (id int)");
    assertThat(refused()).contains("is not empty: there is precious", "flyway baseline");
    execute("DROP TABLE precious");
    assertThat(migrate().applied()).isEqualTo(1);
  }

  @Test
  void versions_up_to_the_baseline_do_not_run() throws Exception {
    first();
    note("V2__two.sql", 2);
    note("V3__three.sql", 3);
    migrate();
    execute("DELETE FROM flyway_schema_history");
    execute("DELETE FROM note");
    row(1, "'2'", "<< Flyway Baseline >>", "BASELINE", "NULL", true);
    note("V1__note.sql", 9);
    assertThat(migrate().applied()).isEqualTo(1);
    assertThat(notes()).containsExactly("3");
    delete("V2__two.sql");
    assertThat(migrate().applied()).isZero();
  }

  private void row(
      int rank, String version, String text, String type, String checksum, boolean success)
      throws SQLException {
    execute(
        ("INSERT INTO flyway_schema_history (installed_rank, version, description, type, script,"
                + " checksum, installed_by, execution_time, success)"
                + " VALUES (%d, %s, '%s', '%s', '%s', %s, 'test', 0, %s)")
            .formatted(rank, version, text, type, text, checksum, success ? "TRUE" : "FALSE"));
  }

  @Test
  void failed_migration_is_named() throws Exception {
    first();
    migrate();
    note("V2__two.sql", 2);
    row(2, "'2'", "two", "SQL", "1", false);
    assertThat(refused()).contains("version 2 was begun and has not ended", "flyway repair");
    assertThat(notes()).isEmpty();
    execute("DELETE FROM flyway_schema_history WHERE version = '2'");
    row(2, "NULL", "views", "SQL", "1", false);
    assertThat(refused()).contains("views was begun and has not ended");
  }

  @ParameterizedTest
  @ValueSource(strings = {"JDBC", "SCRIPT", "UNDO_SQL", "CUSTOM", "SPRING_JDBC"})
  void row_of_what_cannot_be_done_here_is_refused(String type) throws Exception {
    first();
    migrate();
    row(2, "'2'", "two", type, "NULL", true);
    note("V3__three.sql", 3);
    assertThat(refused()).contains("version 2 has a row of the type " + type);
    assertThat(notes()).isEmpty();
  }

  @Test
  void rows_of_a_created_schema_and_of_a_repair_mean_what_they_mean_to_flyway() throws Exception {
    first();
    note("V2__two.sql", 2);
    note("R__b.sql", 3);
    migrate();
    row(0, "NULL", "<< Flyway Schema Creation >>", "SCHEMA", "NULL", true);
    row(4, "'2'", "two", "DELETE", "1", true);
    row(5, "NULL", "b", "DELETE", "1", true);
    delete("V2__two.sql");
    delete("R__b.sql");
    assertThat(migrate().unexpected()).isZero();
    note("V2__two.sql", 4);
    note("R__b.sql", 5);
    assertThat(migrate().applied()).isEqualTo(2);
    assertThat(notes()).containsExactly("2", "3", "4", "5");
    assertThat(query("SELECT max(installed_rank) FROM flyway_schema_history")).containsExactly("7");
  }

  /** That its former text is applied proves nothing. */
  @Test
  void repeatable_migration_that_was_interrupted_is_refused_with_its_former_text_too()
      throws Exception {
    Assumptions.assumeFalse(rollsBackSchema(), "nothing is left half done");
    first();
    note("R__b.sql", 1);
    migrate();
    write(folder, "R__b.sql", "CREATE TABLE half (id int);\nINSERT INTO nowhere VALUES (1);");
    assertThat(refused()).contains("nowhere");
    note("R__b.sql", 1);
    assertThat(refused()).contains("R__b.sql", "was interrupted");
    ((Resolvable) migration()).resolve(new ChangesetId("R__b.sql", "", ""), false, "looked");
    assertThat(migrate().applied()).isZero();
    assertThat(notes()).containsExactly("1");
  }

  /** What was interrupted is said to be applied, not what stands in the file by now. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void repeatable_migration_that_was_changed_and_is_said_to_be_applied_runs_again(int text)
      throws Exception {
    Assumptions.assumeFalse(rollsBackSchema(), "nothing is left half done");
    first();
    note("R__b.sql", 1);
    migrate();
    write(folder, "R__b.sql", "CREATE TABLE half (id int);\nINSERT INTO nowhere VALUES (1);");
    assertThat(refused()).contains("nowhere");
    note("R__b.sql", text);
    ((Resolvable) migration()).resolve(new ChangesetId("R__b.sql", "", ""), true, "looked");
    assertThat(migrate().applied()).isEqualTo(1);
    assertThat(notes()).containsExactly("1", "" + text);
    assertThat(migrate().applied()).isZero();
    assertThat(query("SELECT count(*) FROM flyway_schema_history WHERE NOT success"))
        .containsExactly("0");
  }

  @Test
  void interrupted_migration_stops_flyway_too_until_it_is_resolved() throws Exception {
    Assumptions.assumeFalse(rollsBackSchema(), "nothing is left half done");
    for (boolean applied : new boolean[] {true, false}) {
      createDatabase();
      first();
      write(folder, "V2__two.sql", "CREATE TABLE half (id int);\nINSERT INTO nowhere VALUES (1);");
      assertThat(refused()).contains("nowhere");
      assertThat(query("SELECT version FROM flyway_schema_history WHERE NOT success"))
          .containsExactly("2");
      assertThat(refused()).contains("V2__two.sql", "was interrupted", "tidegate resolve");
      ((Resolvable) migration()).resolve(new ChangesetId("V2__two.sql", "", ""), applied, "looked");
      assertThat(query("SELECT version FROM flyway_schema_history WHERE success ORDER BY 1"))
          .isEqualTo(applied ? List.of("1", "2") : List.of("1"));
      assertThat(query("SELECT count(*) FROM flyway_schema_history WHERE NOT success"))
          .containsExactly("0");
      execute("DROP TABLE half");
      if (!applied) {
        write(folder, "V2__two.sql", "CREATE TABLE half (id int);");
      }
      assertThat(migrate().applied()).isEqualTo(applied ? 0 : 1);
    }
  }
}
