package io.tidegate.migration.sql;

import static io.tidegate.migration.sql.Changelogs.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.Migration;
import io.tidegate.migration.Migration.MigrationOutcome;
import io.tidegate.migration.Migration.Resolvable;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.problem.ProblemException;
import io.tidegate.target.FlywayPlaceholders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Flyway itself beside Tidegate: where the one goes on, the other does, and leaves the same; where the
 * one ends, so does the other. See {@code .ci/tools}. Skipped where Flyway is not there.
 */
public abstract class RealFlywaySuite extends DialectFixture {
  private static final Path TOOLS = Path.of(System.getProperty("tidegate.tools", "none"));

  /** The placeholders of both. */
  private FlywayPlaceholders placeholders = FlywayPlaceholders.NONE;

  /** The URL for Flyway, with user and password. */
  protected abstract String jdbcUrl(String database);

  /** A statement that takes that many seconds; empty if there is none. */
  protected abstract String sleep(int seconds);

  @BeforeEach
  void requireFlyway() {
    Assumptions.assumeTrue(Files.isDirectory(TOOLS.resolve("flyway")), "Flyway is not there");
  }

  /** Something done to the folder or the database. */
  protected interface Step {
    void run() throws Exception;
  }

  private RealFlyway.Run real(String command) throws Exception {
    Map<String, String> settings = new HashMap<>();
    settings.put("flyway.placeholderReplacement", "" + placeholders.replaced());
    settings.put("flyway.placeholderPrefix", placeholders.prefix());
    settings.put("flyway.placeholderSuffix", placeholders.suffix());
    placeholders
        .values()
        .forEach((name, value) -> settings.put("flyway.placeholders." + name, value));
    return RealFlyway.run(TOOLS, jdbcUrl(database()), folder, command, settings);
  }

  private boolean flyway(String command) throws Exception {
    return real(command).succeeded();
  }

  private void flywayDoes(String command) throws Exception {
    RealFlyway.Run run = real(command);
    assertThat(run.succeeded()).as(run.said()).isTrue();
  }

  private Migration tidegate() {
    return migration(
        SqlTargets.with(target(database(), folder), ToolFiles.flyway(folder, placeholders)),
        MigrationSettings.DEFAULT);
  }

  private MigrationOutcome migrate() throws InterruptedException {
    return tidegate().migrate(MigrationListener.NONE);
  }

  private void note(String file, int note) {
    write(folder, file, "INSERT INTO note (n) VALUES (%d);\n".formatted(note));
  }

  /** Writes the migration that all others need. */
  protected void first() {
    write(folder, "V1__note.sql", "CREATE TABLE note (n int);\n");
  }

  private void delete(String file) throws IOException {
    Files.delete(folder.resolve(file));
  }

  private void clearFolder() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        if (!path.equals(folder)) {
          Files.delete(path);
        }
      }
    }
  }

  /** The history without times. */
  private List<String> history() throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = connect(database());
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT installed_rank, version, description, type, script, checksum, installed_by,"
                    + " success FROM flyway_schema_history ORDER BY installed_rank")) {
      while (row.next()) {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= 8; i++) {
          text.append(row.getString(i)).append('|');
        }
        rows.add(text.toString());
      }
    }
    return rows;
  }

  /** The columns, keys and indexes of the history. */
  private List<String> definition() throws SQLException {
    List<String> all = new ArrayList<>();
    try (Connection connection = connect(database())) {
      DatabaseMetaData data = connection.getMetaData();
      String catalog = connection.getCatalog();
      String table = "flyway_schema_history";
      add(
          all,
          data.getColumns(catalog, null, table, null),
          "COLUMN_NAME",
          "TYPE_NAME",
          "COLUMN_SIZE",
          "NULLABLE",
          "COLUMN_DEF");
      add(all, data.getPrimaryKeys(catalog, null, table), "COLUMN_NAME", "PK_NAME");
      add(
          all,
          data.getIndexInfo(catalog, null, table, false, false),
          "INDEX_NAME",
          "COLUMN_NAME",
          "NON_UNIQUE");
    }
    return all;
  }

  private static void add(List<String> all, ResultSet rows, String... columns) throws SQLException {
    try (rows) {
      while (rows.next()) {
        StringBuilder text = new StringBuilder();
        for (String column : columns) {
          text.append(rows.getString(column)).append('|');
        }
        all.add(text.toString());
      }
    }
  }

  /**
   * Lets Flyway migrate, changes something, and lets both go on from there.
   *
   * @return whether both did, and not neither
   */
  protected boolean bothGoOn(Step before, Step change) throws Exception {
    before.run();
    flyway("migrate");
    change.run();
    RealFlyway.Run run = real("migrate");
    List<String> expected = run.succeeded() ? history() : List.of();
    List<String> notes = run.succeeded() ? notes() : List.of();

    clearFolder();
    createDatabase();
    before.run();
    flyway("migrate");
    change.run();
    if (!run.succeeded()) {
      String refusal = "";
      try {
        migrate();
      } catch (ProblemException e) {
        refusal = e.getMessage();
      }
      assertThat(refusal).as(run.said()).isNotEmpty();
      return false;
    }
    migrate();
    assertThat(history()).isEqualTo(expected);
    assertThat(notes()).isEqualTo(notes);
    flywayDoes("validate");
    assertThat(migrate().applied()).isZero();
    return true;
  }

  private List<String> notes() throws SQLException {
    return query("SELECT n FROM note ORDER BY n");
  }

  @Test
  void checksum_is_the_same_however_lines_end() throws Exception {
    Step files =
        () -> {
          first();
          note("V2__lf.sql", 1);
          write(folder, "V3__crlf.sql", "\r\n\r\nINSERT INTO note\r\n(n) VALUES (2);\r\n");
          write(folder, "V4__bom.sql", "\uFEFFINSERT INTO note\n(n) VALUES (3);");
          write(folder, "V5__cr.sql", "INSERT INTO note\r(n)\r\rVALUES (4);\r");
          write(
              folder, "V6__ä_ö.sql", "-- Grüße, 世界 \uD83D\uDE00\nINSERT INTO note VALUES (5);\n\n");
          write(folder, "V7__empty.sql", "");
          write(folder, "V8__blank.sql", "\n \n\t\n");
          write(
              folder,
              "V9__long.sql",
              "-- " + "\uD83D\uDE00x".repeat(10_000) + "\nINSERT INTO note VALUES (6);");
          write(folder, "sub/V10.sql", "INSERT INTO note VALUES (7);");
          write(folder, "R__it's.sql", "INSERT INTO note VALUES (8);\n");
        };
    assertThat(bothGoOn(this::first, files)).isTrue();
    clearFolder();
    createDatabase();
    files.run();
    assertThat(migrate().applied()).isEqualTo(11);
    flywayDoes("validate");
    List<String> own = history();
    createDatabase();
    flywayDoes("migrate");
    assertThat(own).isEqualTo(history());
  }

  @Test
  void history_is_made_as_flyway_makes_it() throws Exception {
    first();
    flywayDoes("migrate");
    List<String> expected = definition();
    createDatabase();
    migrate();
    assertThat(definition()).isEqualTo(expected);
  }

  @Test
  void both_refuse_what_was_changed_after_it_was_applied() throws Exception {
    Step before =
        () -> {
          first();
          note("V2__two.sql", 2);
        };
    assertThat(bothGoOn(before, () -> note("V2__two.sql", 3))).isFalse();
    renew();
    assertThat(
            bothGoOn(
                before,
                () -> {
                  delete("V2__two.sql");
                  note("V2__zwei.sql", 2);
                }))
        .isFalse();
    renew();
    assertThat(
            bothGoOn(
                before,
                () -> {
                  delete("V1__note.sql");
                }))
        .isFalse();
    renew();
    assertThat(bothGoOn(before, () -> note("V1.5__late.sql", 3))).isFalse();
    renew();
    assertThat(bothGoOn(before, () -> note("V02.0__again.sql", 3))).isFalse();
    renew();
    assertThat(bothGoOn(before, () -> write(folder, "V3__c.sql", "-- ${x}\nSELECT 1;"))).isFalse();
  }

  private void renew() throws IOException {
    clearFolder();
    createDatabase();
  }

  private static FlywayPlaceholders values(String... namesAndValues) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      values.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return new FlywayPlaceholders(true, "${", "}", values);
  }

  /** In one column of text, so that what each wrote can be compared. */
  private void texts() {
    write(folder, "V1__note.sql", "CREATE TABLE note (n varchar(200));\n");
  }

  @Test
  void both_replace_the_same_placeholders() throws Exception {
    placeholders =
        values(
            "number",
            "1",
            "app-name",
            "it",
            "more",
            "2');\nINSERT INTO note VALUES ('3",
            "empty",
            "",
            "nested",
            "${number}");
    Step files =
        () -> {
          write(
              folder,
              "V2__two.sql",
              """
              -- ${number} ${empty}
              INSERT INTO note VALUES ('${NUMBER}'); /* ${more} */
              INSERT INTO note VALUES ('${more}');
              INSERT INTO note VALUES ('${app-name} $${number} $$${number} $ {number} $${empty}.');
              INSERT INTO note VALUES ('${nested}${empty}$');
              INSERT INTO note VALUES ('$');
              """);
          write(folder, "R__r.sql", "INSERT INTO note\n VALUES ('r ${number}');");
        };
    assertThat(bothGoOn(this::texts, files)).isTrue();
    assertThat(notes())
        .contains("1", "2", "3", "it $${number} $$1 $ {number} $${empty}.", "${number}$", "$");
  }

  @Test
  void both_know_the_same_of_themselves() throws Exception {
    Step files =
        () -> {
          write(
              folder,
              "sub/V2__two.sql",
              "INSERT INTO note VALUES ('${flyway:user} ${flyway:defaultSchema} ${flyway:table}'),"
                  + " ('${flyway:filename} ${flyway:environment}');");
          write(folder, "V3__three.sql", "INSERT INTO note VALUES ('${flyway:database}');");
          write(
              folder, "R__r.sql", "INSERT INTO note VALUES ('${FLYWAY:filename} ${flyway:user}');");
        };
    texts();
    files.run();
    // SQLite has none.
    boolean database = flyway("migrate");
    if (!database) {
      delete("V3__three.sql");
      flywayDoes("migrate");
    }
    List<String> expected = ownNotes();
    renew();
    texts();
    files.run();
    if (!database) {
      assertThatThrownBy(this::migrate).hasMessageContaining("${flyway:database}");
      delete("V3__three.sql");
    }
    migrate();
    assertThat(ownNotes()).isEqualTo(expected);
    if (!database) {
      flywayDoes("validate");
    }
  }

  /** With a mark in place of the database, whose name is another one each time. */
  private List<String> ownNotes() throws SQLException {
    return notes().stream().map(note -> note.replace(database(), "<database>")).toList();
  }

  @Test
  void both_run_a_repeatable_migration_again_whose_text_is_another_by_a_value() throws Exception {
    placeholders = values("number", "1");
    Step before =
        () -> {
          placeholders = values("number", "1");
          first();
          write(folder, "V2__two.sql", "INSERT INTO note VALUES (${number});");
          write(folder, "R__r.sql", "INSERT INTO note VALUES (1${number});");
          write(folder, "R__same.sql", "INSERT INTO note VALUES (20);");
        };
    assertThat(bothGoOn(before, () -> placeholders = values("number", "2"))).isTrue();
    assertThat(notes()).containsExactly("1", "11", "12", "20");
    renew();
    Step withoutReplacing = () -> placeholders = new FlywayPlaceholders(false, "${", "}", Map.of());
    Step raw =
        () -> {
          withoutReplacing.run();
          first();
          write(folder, "R__r.sql", "-- ${number}\nINSERT INTO note VALUES (1);");
        };
    assertThat(bothGoOn(raw, () -> placeholders = values("number", "2"))).isFalse();
    renew();
    assertThat(
            bothGoOn(
                raw,
                () -> {
                  placeholders = values("number", "2");
                  flywayDoes("repair");
                }))
        .isTrue();
    renew();
    assertThat(bothGoOn(before, withoutReplacing)).isFalse();
    renew();
    assertThat(
            bothGoOn(
                before,
                () -> {
                  withoutReplacing.run();
                  write(folder, "R__r.sql", "-- ${number}\nINSERT INTO note VALUES (3);");
                }))
        .isTrue();
  }

  @Test
  void both_take_a_missing_value_for_an_error_at_what_is_to_run_alone() throws Exception {
    Step before =
        () -> {
          placeholders = values("number", "1");
          first();
          write(folder, "V2__two.sql", "INSERT INTO note VALUES (${number});");
        };
    Step change =
        () -> {
          placeholders = FlywayPlaceholders.NONE;
          note("V3__three.sql", 3);
        };
    assertThat(bothGoOn(before, change)).isTrue();
    renew();
    Step repeatable =
        () -> {
          before.run();
          write(folder, "R__r.sql", "-- ${number}\nINSERT INTO note VALUES (2);");
        };
    assertThat(bothGoOn(repeatable, change)).isFalse();
    renew();
    Step pending =
        () -> {
          placeholders = FlywayPlaceholders.NONE;
          write(folder, "V3__c.sql", "-- ${number}\nSELECT 1;");
        };
    assertThat(bothGoOn(before, pending)).isFalse();
    renew();
    Step open = () -> write(folder, "V3__c.sql", "INSERT INTO note VALUES (3); -- ${number");
    assertThat(bothGoOn(before, open)).isFalse();
  }

  @Test
  void both_keep_to_another_prefix_and_suffix() throws Exception {
    Step before =
        () -> {
          placeholders = new FlywayPlaceholders(true, "##[", "]", Map.of("number", "1"));
          first();
          write(folder, "R__r.sql", "INSERT INTO note VALUES (##[number]); -- ${x} ###[number]");
        };
    Step change =
        () -> placeholders = new FlywayPlaceholders(true, "##[", "]", Map.of("number", "2"));
    assertThat(bothGoOn(before, change)).isTrue();
    assertThat(notes()).containsExactly("1", "2");
  }

  @Test
  void both_go_on_where_the_history_is_ahead() throws Exception {
    Step before =
        () -> {
          first();
          note("V2__two.sql", 2);
        };
    assertThat(bothGoOn(before, () -> delete("V2__two.sql"))).isTrue();
  }

  @Test
  void both_run_a_repeatable_migration_again() throws Exception {
    Step before =
        () -> {
          first();
          note("R__b.sql", 1);
          note("R__a_c.sql", 2);
        };
    Step change =
        () -> {
          note("R__b.sql", 3);
          note("R__new.sql", 4);
          note("V2__two.sql", 5);
        };
    assertThat(bothGoOn(before, change)).isTrue();
    note("R__b.sql", 6);
    migrate();
    note("R__b.sql", 3);
    flywayDoes("migrate");
    assertThat(migrate().applied()).isZero();
    renew();
    assertThat(bothGoOn(before, () -> delete("R__b.sql"))).isFalse();
  }

  @Test
  void both_keep_to_a_baseline() throws Exception {
    Step before =
        () -> {
          execute("CREATE TABLE note (n int)");
          first();
          note("V1.0.1__more.sql", 1);
        };
    assertThat(bothGoOn(before, () -> note("V2__two.sql", 2))).isFalse();
    renew();
    Step baseline =
        () -> {
          flywayDoes("baseline");
          note("V2__two.sql", 2);
          note("V0.9__early.sql", 3);
        };
    assertThat(bothGoOn(before, baseline)).isTrue();
    assertThat(notes()).containsExactly("1", "2");
  }

  @Test
  void both_begin_with_a_baseline_migration_where_nothing_ran() throws Exception {
    Step files =
        () -> {
          note("V1__note.sql", 1);
          write(folder, "B2__all.sql", "CREATE TABLE note (n int);");
          note("B1.5__old.sql", 1);
          note("V2__two.sql", 2);
          note("V3__three.sql", 3);
          note("R__four.sql", 4);
        };
    assertThat(bothGoOn(() -> {}, files)).isTrue();
    assertThat(notes()).containsExactly("3", "4");
    renew();
    Step before =
        () -> {
          files.run();
        };
    Step change =
        () -> {
          note("B4__later.sql", 5);
          note("V5__five.sql", 6);
          note("V1.9__early.sql", 7);
        };
    assertThat(bothGoOn(before, change)).isTrue();
    renew();
    assertThat(bothGoOn(this::first, () -> note("B3__all.sql", 8))).isTrue();
    renew();
    assertThat(bothGoOn(before, () -> note("B2__all.sql", 8))).isTrue();
    renew();
    assertThat(bothGoOn(before, () -> delete("B2__all.sql"))).isFalse();
  }

  @Test
  void both_keep_to_what_a_repair_deleted() throws Exception {
    Step before =
        () -> {
          first();
          note("V2__two.sql", 2);
          note("V3__three.sql", 3);
          note("R__b.sql", 4);
        };
    Step repair =
        () -> {
          delete("V2__two.sql");
          delete("R__b.sql");
          flywayDoes("repair");
        };
    assertThat(
            bothGoOn(
                before,
                () -> {
                  repair.run();
                  note("V4__four.sql", 5);
                }))
        .isTrue();
    renew();
    assertThat(
            bothGoOn(
                before,
                () -> {
                  repair.run();
                  note("R__b.sql", 4);
                }))
        .isTrue();
    renew();
    assertThat(
            bothGoOn(
                before,
                () -> {
                  repair.run();
                  note("V2__two.sql", 4);
                }))
        .isFalse();
  }

  @Test
  void both_stop_at_a_migration_that_failed_in_flyway() throws Exception {
    Step before =
        () -> {
          first();
          write(
              folder,
              "V2__two.sql",
              "CREATE TABLE half (id int);\nINSERT INTO nowhere VALUES (1);");
        };
    Step repair =
        () -> {
          note("V2__two.sql", 2);
        };
    assertThat(bothGoOn(before, repair)).isEqualTo(rollsBackSchema());
    renew();
    assertThat(
            bothGoOn(
                before,
                () -> {
                  repair.run();
                  flywayDoes("repair");
                }))
        .isTrue();
  }

  @Test
  void both_stop_at_a_migration_that_was_interrupted_in_tidegate() throws Exception {
    Assumptions.assumeFalse(rollsBackSchema(), "nothing is left half done");
    first();
    write(folder, "V2__two.sql", "CREATE TABLE half (id int);\nINSERT INTO nowhere VALUES (1);");
    try {
      migrate();
    } catch (ProblemException e) {
      // It is what is wanted.
    }
    assertThat(flyway("migrate")).isFalse();
    ((Resolvable) tidegate()).resolve(new ChangesetId("V2__two.sql", "", ""), true, "looked");
    flywayDoes("validate");
    note("V3__three.sql", 3);
    flywayDoes("migrate");
    assertThat(migrate().applied()).isZero();
  }

  private void slow() {
    first();
    write(folder, "V2__slow.sql", "INSERT INTO note VALUES (2);\n" + sleep(3) + ";\n");
    note("V3__three.sql", 3);
  }

  @Test
  void tidegate_waits_for_flyway_that_migrates() throws Exception {
    Assumptions.assumeFalse(sleep(1).isEmpty(), "no statement sleeps there");
    slow();
    atOnce(() -> flywayDoes("migrate"), this::migrate);
  }

  @Test
  void flyway_waits_for_tidegate_that_migrates() throws Exception {
    Assumptions.assumeFalse(sleep(1).isEmpty(), "no statement sleeps there");
    slow();
    atOnce(this::migrate, () -> flywayDoes("migrate"));
  }

  /** Begins the second when the first has applied one migration. */
  private void atOnce(Step one, Step other) throws Exception {
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    Thread first =
        Thread.ofPlatform()
            .start(() -> {
              try {
                one.run();
              } catch (Exception | Error e) {
                failures.add(e);
              }
            });
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (firstIsOver().isEmpty()) {
      assertThat(failures).isEmpty();
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.sleep(20);
    }
    other.run();
    first.join();
    assertThat(failures).isEmpty();
    assertThat(notes()).containsExactly("2", "3");
    assertThat(query("SELECT count(*) FROM flyway_schema_history")).containsExactly("3");
    flywayDoes("validate");
  }

  private List<String> firstIsOver() {
    try {
      return query("SELECT version FROM flyway_schema_history WHERE success");
    } catch (SQLException e) {
      return List.of(); // There is no such table yet.
    }
  }
}
