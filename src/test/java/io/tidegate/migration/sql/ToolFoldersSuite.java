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
import io.tidegate.problem.Problem;
import io.tidegate.target.Changelog;
import io.tidegate.target.Changelog.Format;
import io.tidegate.target.LiquibaseTables;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Folders of other migration tools, which are gone on with by the rules of each, with its own history.
 * Each dialect's test passes it on a real server.
 */
public abstract class ToolFoldersSuite extends DialectFixture {
  /** Those whose files have sections. */
  private static final Set<Format> SECTIONS =
      Set.of(Format.DBMATE, Format.GOOSE, Format.SQL_MIGRATE);

  /** The versions that the history of a tool holds, as it keeps them. */
  protected List<String> versions(Format format) throws SQLException {
    return switch (format) {
      case GOLANG_MIGRATE -> query("SELECT version FROM schema_migrations WHERE NOT dirty");
      case DBMATE -> query("SELECT version FROM schema_migrations ORDER BY version");
      case GOOSE ->
          query("SELECT version_id FROM goose_db_version WHERE version_id > 0 ORDER BY id");
      case SQL_MIGRATE -> query("SELECT id FROM gorp_migrations ORDER BY id");
      case FLYWAY ->
          query("SELECT version FROM flyway_schema_history WHERE success ORDER BY installed_rank");
      case PLAIN, SQL, LIQUIBASE, AUTO -> throw new IllegalArgumentException();
    };
  }

  protected static List<String> versions(Format format, int... numbers) {
    List<String> versions = new ArrayList<>();
    for (int number : numbers) {
      versions.add(
          switch (format) {
            case GOLANG_MIGRATE, GOOSE -> "" + number;
            case DBMATE, FLYWAY -> "%03d".formatted(number);
            default -> "%03d_step.sql".formatted(number);
          });
    }
    return format == Format.GOLANG_MIGRATE
        ? versions.subList(versions.size() - 1, versions.size())
        : versions;
  }

  /** A migration in the form of that tool; its way back would destroy. */
  protected void step(Format format, int number, String up) {
    ToolFiles.step(folder, format, number, up, "DROP TABLE precious;");
  }

  protected Migration migration(Format format) {
    return migration(
        SqlTargets.with(target(database(), folder), ToolFiles.changelog(folder, format)),
        MigrationSettings.DEFAULT);
  }

  protected MigrationOutcome migrate(Format format) throws InterruptedException {
    return migration(format).migrate(MigrationListener.NONE);
  }

  private void steps(Format format) throws Exception {
    String precious = "CREATE TABLE precious (id int);\n";
    if (format != Format.FLYWAY) { // It takes an empty database only.
      execute(precious);
      precious = "";
    }
    step(format, 9, precious + "CREATE TABLE step (n int);");
    step(format, 10, "INSERT INTO step VALUES (10);\nINSERT INTO step VALUES (11);");
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"PLAIN", "SQL", "LIQUIBASE", "AUTO"})
  void folder_is_applied_once_and_gone_on_with(Format format) throws Exception {
    steps(format);
    assertThat(migrate(format).applied()).isEqualTo(2);
    assertThat(versions(format)).isEqualTo(versions(format, 9, 10));
    assertThat(migrate(format).alreadyApplied()).isEqualTo(2);
    step(format, 11, "INSERT INTO step VALUES (12);");
    assertThat(migrate(format).applied()).isEqualTo(1);
    assertThat(migrate(format).applied()).isZero();
    assertThat(versions(format)).isEqualTo(versions(format, 9, 10, 11));
    assertThat(query("SELECT n FROM step ORDER BY n")).containsExactly("10", "11", "12");
    assertThat(query("SELECT count(*) FROM precious")).containsExactly("0");
    assertThat(migration(format).status().pending()).isEmpty();
    assertThat(tables()).doesNotContain("databasechangelog", "databasechangeloglock");
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"PLAIN", "SQL", "LIQUIBASE", "AUTO"})
  void file_in_an_encoding_that_the_tool_does_not_read_is_refused(Format format) throws Exception {
    steps(format);
    step(format, 11, "INSERT INTO step VALUES (12);");
    for (Charset charset :
        List.of(
            StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE, Charset.forName("UTF-32LE"))) {
      ToolFiles.inEncoding(folder, "011", charset);
      assertThat(problem(ExitCode.CHANGELOG, () -> migrate(format)))
          .contains("011", charset.name(), "Save it as UTF-8");
    }
    ToolFiles.inEncoding(folder, "011", StandardCharsets.UTF_8);
    assertThat(migrate(format).applied()).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"PLAIN", "SQL", "LIQUIBASE", "AUTO"})
  void folder_is_recognised_by_its_files(Format format) throws Exception {
    steps(format);
    assertThat(migrate(Format.AUTO).applied()).isEqualTo(2);
    assertThat(versions(format)).isEqualTo(versions(format, 9, 10));
    assertThat(migrate(format).alreadyApplied()).isEqualTo(2);
    assertThat(migrate(Format.AUTO).alreadyApplied()).isEqualTo(2);
  }

  @Test
  void plain_folder_and_changelog_file_are_recognised() throws Exception {
    write(folder, "001.sql", "CREATE TABLE step (n int);");
    write(
        folder,
        "002.sql",
        "--liquibase formatted sql\n--changeset a:b\nINSERT INTO step VALUES (2);");
    assertThat(migrate(Format.AUTO).applied()).isEqualTo(2);
    assertThat(migrate(Format.PLAIN).alreadyApplied()).isEqualTo(2);
  }

  @Test
  void declared_sql_or_liquibase_has_to_be_that() throws Exception {
    write(folder, "001.sql", "CREATE TABLE step (n int);");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(Format.LIQUIBASE)))
        .contains("001.sql", "the file is no changelog of Liquibase");
    assertThat(tables()).isEmpty();
    assertThat(migrate(Format.SQL).applied()).isEqualTo(1);
    write(
        folder,
        "002.sql",
        "--liquibase formatted sql\n--changeset a:b\nINSERT INTO step VALUES (2);");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(Format.SQL)))
        .contains("002.sql", "the file is a changelog of Liquibase");
    Files.delete(folder.resolve("001.sql"));
    assertThat(migrate(Format.LIQUIBASE).applied()).isEqualTo(1);
  }

  @Test
  void folder_of_no_one_tool_is_not_recognised() throws Exception {
    step(Format.GOOSE, 1, "CREATE TABLE step (n int);");
    write(folder, "V002__b.sql", "INSERT INTO step VALUES (2);");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(Format.AUTO)))
        .contains("001_step.sql is of goose", "V002__b.sql is of Flyway");
    Files.move(folder.resolve("V002__b.sql"), folder.resolve("seed.sql"));
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(Format.AUTO)))
        .contains("001_step.sql is of goose", "seed.sql is of no tool");
    Files.move(folder.resolve("001_step.sql"), folder.resolve("001_step.up.sql"));
    Files.delete(folder.resolve("seed.sql"));
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(Format.AUTO)))
        .contains("001_step.up.sql is of golang-migrate, 001_step.up.sql is of goose");
    Files.delete(folder.resolve("001_step.up.sql"));
    write(folder, "001.sql", "--rambler up\nCREATE TABLE step (n int);\n--rambler down\n");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(Format.AUTO))).contains("rambler");
    assertThat(tables()).isEmpty();
  }

  @Test
  void folder_that_is_recognised_is_not_applied_beside_another_history() throws Exception {
    step(Format.GOLANG_MIGRATE, 1, "CREATE TABLE step (n int);");
    execute("CREATE TABLE _sqlx_migrations (version bigint, success boolean)");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(Format.AUTO))).contains("sqlx");
    assertThat(tables()).containsExactly("_sqlx_migrations");
  }

  @Test
  void place_of_liquibase_s_history_is_nothing_for_a_recognised_folder() {
    step(Format.GOOSE, 1, "CREATE TABLE step (n int);");
    LiquibaseTables tables = new LiquibaseTables("own", "own_lock", null);
    Changelog changelog = new Changelog(folder, "", "", null, Set.of(), null, Format.AUTO, tables);
    assertThat(
            problem(
                ExitCode.CHANGELOG,
                () ->
                    migration(
                        SqlTargets.with(target(database(), folder), changelog),
                        MigrationSettings.DEFAULT)))
        .contains("the folder is goose's", "liquibase.history-table");
  }

  protected List<String> tables() throws SQLException {
    try (var connection = connect(database());
        var tables =
            connection
                .getMetaData()
                .getTables(connection.getCatalog(), null, "%", new String[] {"TABLE"})) {
      List<String> names = new ArrayList<>();
      while (tables.next()) {
        names.add(tables.getString("TABLE_NAME").toLowerCase(Locale.ROOT));
      }
      return names;
    }
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"PLAIN", "SQL", "LIQUIBASE", "AUTO"})
  void plan_shows_what_is_pending_and_changes_nothing(Format format) throws Exception {
    steps(format);
    List<String> before = tables();
    assertThat(migration(format).plan().text())
        .contains("CREATE TABLE step (n int)", "INSERT INTO step VALUES (10)")
        .doesNotContain("DROP TABLE");
    assertThat(tables()).isEqualTo(before);
    assertThat(migration(format).status().pending()).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"PLAIN", "SQL", "LIQUIBASE", "AUTO"})
  void failing_migration_is_named_and_nothing_of_it_stays(Format format) throws Exception {
    steps(format);
    step(format, 11, "INSERT INTO step VALUES (12);\nINSERT INTO nowhere VALUES (1);");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(format)))
        .contains("011", "step", "nowhere", SECTIONS.contains(format) ? "line 3" : "line 2");
    assertThat(query("SELECT n FROM step ORDER BY n")).containsExactly("10", "11");
    assertThat(versions(format)).isEqualTo(versions(format, 9, 10));
    step(format, 11, "INSERT INTO step VALUES (12);");
    assertThat(migrate(format).applied()).isEqualTo(1);
  }

  /** What the tool itself took back is pending again, although a run has found nothing to do. */
  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"PLAIN", "SQL", "LIQUIBASE", "AUTO"})
  void step_back_of_the_tool_is_seen(Format format) throws Exception {
    steps(format);
    migrate(format);
    migrate(format);
    execute("DELETE FROM step");
    execute(
        switch (format) {
          case GOLANG_MIGRATE -> "UPDATE schema_migrations SET version = 9";
          case DBMATE -> "DELETE FROM schema_migrations WHERE version = '010'";
          case GOOSE -> "DELETE FROM goose_db_version WHERE version_id = 10";
          case FLYWAY -> "DELETE FROM flyway_schema_history WHERE version = '010'";
          default -> "DELETE FROM gorp_migrations WHERE id LIKE '010%'";
        });
    assertThat(migrate(format).applied()).isEqualTo(1);
    assertThat(query("SELECT n FROM step ORDER BY n")).containsExactly("10", "11");
  }

  @Test
  void dirty_version_is_refused_and_named() throws Exception {
    steps(Format.GOLANG_MIGRATE);
    migrate(Format.GOLANG_MIGRATE);
    execute("UPDATE schema_migrations SET dirty = TRUE");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(Format.GOLANG_MIGRATE)))
        .contains("version 10 was begun by golang-migrate and has not ended", "migrate force");
    assertThat(query("SELECT count(*) FROM step")).containsExactly("2");
    assertThat(migration(Format.GOLANG_MIGRATE).status().problems())
        .singleElement()
        .extracting(Problem::what)
        .asString()
        .contains("version 10 was begun");
  }

  /** golang-migrate itself does not go on either, until it is known how far the migration came. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void interrupted_migration_is_dirty_for_golang_migrate_until_it_is_resolved(boolean applied)
      throws Exception {
    Assumptions.assumeFalse(rollsBackSchema(), "nothing is left half done");
    steps(Format.GOLANG_MIGRATE);
    step(Format.GOLANG_MIGRATE, 11, "CREATE TABLE half (id int);\nINSERT INTO nowhere VALUES (1);");
    problem(ExitCode.CHANGELOG, () -> migrate(Format.GOLANG_MIGRATE));
    assertThat(query("SELECT version FROM schema_migrations WHERE dirty")).containsExactly("11");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(Format.GOLANG_MIGRATE)))
        .contains("011_step.up.sql", "was interrupted", "tidegate resolve");
    ((Resolvable) migration(Format.GOLANG_MIGRATE))
        .resolve(new ChangesetId("011_step.up.sql", "", ""), applied, "looked");
    assertThat(versions(Format.GOLANG_MIGRATE)).containsExactly(applied ? "11" : "10");
    execute("DROP TABLE half");
    step(Format.GOLANG_MIGRATE, 11, "CREATE TABLE half (id int);");
    assertThat(migrate(Format.GOLANG_MIGRATE).applied()).isEqualTo(applied ? 0 : 1);
  }

  @Test
  void version_below_the_newest_is_passed_over_by_golang_migrate() throws Exception {
    steps(Format.GOLANG_MIGRATE);
    migrate(Format.GOLANG_MIGRATE);
    step(Format.GOLANG_MIGRATE, 8, "INSERT INTO nowhere VALUES (1);");
    assertThat(migrate(Format.GOLANG_MIGRATE).applied()).isZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"DBMATE", "SQL_MIGRATE"})
  void version_below_the_newest_is_applied_as_the_tool_does(Format format) throws Exception {
    steps(format);
    migrate(format);
    step(format, 8, "CREATE TABLE late (id int);");
    assertThat(migrate(format).applied()).isEqualTo(1);
    assertThat(migrate(format).applied()).isZero();
  }

  @Test
  void version_below_the_newest_is_refused_as_goose_does() throws Exception {
    steps(Format.GOOSE);
    migrate(Format.GOOSE);
    step(Format.GOOSE, 8, "CREATE TABLE late (id int);");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(Format.GOOSE)))
        .contains("008_step.sql was not applied, and version 10");
  }

  /** An older release in a rolling deployment meets a newer schema. */
  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"PLAIN", "SQL", "LIQUIBASE", "AUTO", "GOLANG_MIGRATE"})
  void newer_version_that_the_folder_does_not_know_is_no_obstacle(Format format) throws Exception {
    steps(format);
    step(format, 11, "INSERT INTO step VALUES (12);");
    migrate(format);
    try (var files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.getFileName().toString().contains("011")).toList()) {
        Files.delete(file);
      }
    }
    assertThat(migrate(format).unexpected()).isEqualTo(1);
  }

  @Test
  void newer_version_that_the_folder_does_not_know_is_no_obstacle_to_golang_migrate()
      throws Exception {
    steps(Format.GOLANG_MIGRATE);
    migrate(Format.GOLANG_MIGRATE);
    execute("UPDATE schema_migrations SET version = 12");
    assertThat(migrate(Format.GOLANG_MIGRATE).unexpected()).isEqualTo(1);
    assertThat(migrate(Format.GOLANG_MIGRATE).applied()).isZero();
  }

  @Test
  void current_version_without_a_file_is_refused() throws Exception {
    steps(Format.GOLANG_MIGRATE);
    migrate(Format.GOLANG_MIGRATE);
    step(Format.GOLANG_MIGRATE, 12, "INSERT INTO step VALUES (12);");
    execute("UPDATE schema_migrations SET version = 11");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(Format.GOLANG_MIGRATE)))
        .contains("golang-migrate has applied 11, and the folder has no such migration");
  }

  @Test
  void history_of_several_rows_is_refused_where_the_tool_keeps_one() throws Exception {
    steps(Format.GOLANG_MIGRATE);
    migrate(Format.GOLANG_MIGRATE);
    execute("INSERT INTO schema_migrations (version, dirty) VALUES (9, FALSE)");
    step(Format.GOLANG_MIGRATE, 11, "INSERT INTO step VALUES (12);");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(Format.GOLANG_MIGRATE)))
        .contains("golang-migrate keeps one row, and there are several");
    assertThat(query("SELECT count(*) FROM step")).containsExactly("2");
  }

  @Test
  void history_of_another_tool_under_the_same_name_is_refused() throws Exception {
    steps(Format.GOLANG_MIGRATE);
    execute("CREATE TABLE schema_migrations (version varchar(128) primary key)");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(Format.GOLANG_MIGRATE)))
        .contains("is not a history of golang-migrate: it has the columns version");
    assertThat(tables()).doesNotContain("step");
  }

  @Test
  void history_of_another_tool_beside_it_is_refused() throws Exception {
    steps(Format.GOOSE);
    write(folder.resolveSibling("own"), "001.sql", "CREATE TABLE step (n int);");
    execute("CREATE TABLE schema_migrations (version bigint primary key, dirty boolean)");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(Format.GOOSE)))
        .contains("another tool has migrated this database", "schema_migrations");
  }

  /** Those who migrated by Tidegate's own history go on with that. */
  @Test
  void history_of_ours_is_not_left_for_that_of_a_tool() throws Exception {
    Path own = Files.createDirectory(folder.resolve("own"));
    write(own, "001.sql", "CREATE TABLE step (n int);");
    migrate(own);
    Files.delete(own.resolve("001.sql"));
    Files.delete(own);
    step(Format.DBMATE, 1, "CREATE TABLE step (n int);");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(Format.DBMATE)))
        .containsIgnoringCase("databasechangelog");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-- +goose Up\nSELECT 1;\n-- +goose ENVSUB ON\nSELECT ${A};\n",
        "SELECT 1;\n-- +goose Up\nSELECT 1;\n",
        "-- +goose Down\nSELECT 1;\n",
        "-- +goose Up\nSELECT 1;\n-- +goose Up\nSELECT 2;\n",
        "-- +migrate Up\nSELECT 1;\n",
      })
  void file_that_goose_refuses_or_that_cannot_be_kept_is_refused(String text) throws Exception {
    write(folder, "001_a.sql", text);
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(Format.GOOSE)))
        .contains("001_a.sql, line");
    assertThat(tables()).doesNotContain("goose_db_version");
  }

  @Test
  void migration_in_go_is_refused_by_name() throws Exception {
    step(Format.GOOSE, 1, "CREATE TABLE step (n int);");
    write(folder, "002_seed.go", "package migrations\n");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(Format.GOOSE))).contains("002_seed.go");
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"PLAIN", "SQL", "LIQUIBASE", "AUTO"})
  void two_files_of_one_version_are_refused(Format format) throws Exception {
    if (format == Format.SQL_MIGRATE || format == Format.FLYWAY) {
      return; // The one knows a file by its whole name, the other has a test of its own.
    }
    step(format, 1, "CREATE TABLE step (n int);");
    String up = format == Format.GOLANG_MIGRATE ? ".up" : "";
    Files.copy(
        folder.resolve("001_step%s.sql".formatted(up)),
        folder.resolve("001_again%s.sql".formatted(up)));
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(format)))
        .contains("001_again%s.sql and 001_step%s.sql have one version".formatted(up, up));
  }

  @Test
  void file_that_the_tool_passes_over_is_named() throws Exception {
    steps(Format.GOLANG_MIGRATE);
    write(folder, "011_forgotten.sql", "CREATE TABLE forgotten (id int);");
    List<String> noticed = new ArrayList<>();
    migration(Format.GOLANG_MIGRATE).migrate(noticing(noticed));
    assertThat(noticed).anyMatch(n -> n.contains("011_forgotten.sql"));
    assertThat(noticed).noneMatch(n -> n.contains("down.sql"));
  }

  /** A mounted folder may change while another migrator holds the lock. */
  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"PLAIN", "SQL", "LIQUIBASE", "AUTO"})
  void file_that_arrives_while_a_run_waits_is_applied_or_pending(Format format) throws Exception {
    steps(format);
    Migration waiting = migration(format);
    step(format, 11, "INSERT INTO step VALUES (12);");
    waiting.migrate(MigrationListener.NONE);
    migrate(format);
    assertThat(query("SELECT n FROM step ORDER BY n")).containsExactly("10", "11", "12");
    assertThat(versions(format)).isEqualTo(versions(format, 9, 10, 11));
  }

  @ParameterizedTest
  @CsvSource({
    "GOOSE,00000_init.sql,-- +goose Up",
    "GOOSE,99999999999999999999_far.sql,-- +goose Up",
    "GOLANG_MIGRATE,99999999999999999999_far.up.sql,",
    "GOLANG_MIGRATE,002_b.up.SQL,",
    "GOLANG_MIGRATE,002_b.up.pg.sql,",
    "GOLANG_MIGRATE,002_b.up.sql.bak,",
    "GOOSE,seed.sql,-- +goose Up",
    "GOOSE,002_b.sql,' -- +goose Up'",
    "GOOSE,002_b.sql,-- the +goose Up",
    "SQL_MIGRATE,002_b.sql,-- +migrate up",
    "SQL_MIGRATE,002_b.sql,-- +migrate Up transaction:false",
    "DBMATE,002_b.sql,-- migrate:up transaction:maybe",
  })
  void file_that_the_tool_and_tidegate_would_not_agree_on_is_refused(
      Format format, String name, @Nullable String mark) throws Exception {
    step(format, 1, "CREATE TABLE step (n int);");
    write(folder, name, (mark == null ? "" : mark + "\n") + "INSERT INTO step VALUES (2);\n");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(format))).contains(name);
    assertThat(tables()).doesNotContain("step");
  }

  @Test
  void mark_behind_blanks_is_a_comment_to_dbmate() throws Exception {
    write(
        folder,
        "1_a.sql",
        "-- migrate:up\nCREATE TABLE step (n int);\n  -- migrate:down\nINSERT INTO step VALUES (1);\n");
    assertThat(migrate(Format.DBMATE).applied()).isEqualTo(1);
    assertThat(query("SELECT n FROM step")).containsExactly("1");
  }

  @Test
  void step_back_that_an_old_goose_has_recorded_is_a_doubt() throws Exception {
    steps(Format.GOOSE);
    migrate(Format.GOOSE);
    execute("INSERT INTO goose_db_version (version_id, is_applied) VALUES (10, FALSE)");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(Format.GOOSE)))
        .contains("the last row of version 10 says is_applied = false");
    assertThat(query("SELECT count(*) FROM step")).containsExactly("2");
  }

  @Test
  void history_of_goose_that_was_only_begun_gets_its_first_row() throws Exception {
    steps(Format.GOOSE);
    migrate(Format.GOOSE);
    execute("DELETE FROM goose_db_version");
    execute("DROP TABLE step");
    migrate(Format.GOOSE);
    assertThat(query("SELECT version_id FROM goose_db_version ORDER BY id"))
        .containsExactly("0", "9", "10");
  }

  /** The tool knows a migration by its number alone. */
  @Test
  void interrupted_migration_that_was_renamed_is_still_refused() throws Exception {
    Assumptions.assumeFalse(rollsBackSchema(), "nothing is left half done");
    for (Format format : List.of(Format.GOLANG_MIGRATE, Format.GOOSE)) {
      createDatabase();
      steps(format);
      step(format, 11, "CREATE TABLE half (id int);\nINSERT INTO nowhere VALUES (1);");
      problem(ExitCode.CHANGELOG, () -> migrate(format));
      String end = format == Format.GOLANG_MIGRATE ? ".up.sql" : ".sql";
      Files.move(folder.resolve("011_step" + end), folder.resolve("0011_other" + end));
      execute("DROP TABLE half");
      assertThat(problem(ExitCode.CHANGELOG, () -> migrate(format))).contains("was interrupted");
      assertThat(tables()).doesNotContain("half");
      try (var files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
    }
  }

  @Test
  void resolving_does_not_move_back_a_history_that_the_tool_has_moved_on() throws Exception {
    Assumptions.assumeFalse(rollsBackSchema(), "nothing is left half done");
    steps(Format.GOLANG_MIGRATE);
    step(Format.GOLANG_MIGRATE, 11, "CREATE TABLE half (id int);\nINSERT INTO nowhere VALUES (1);");
    problem(ExitCode.CHANGELOG, () -> migrate(Format.GOLANG_MIGRATE));
    execute("UPDATE schema_migrations SET version = 12, dirty = FALSE");
    step(Format.GOLANG_MIGRATE, 12, "INSERT INTO step VALUES (12);");
    ((Resolvable) migration(Format.GOLANG_MIGRATE))
        .resolve(new ChangesetId("011_step.up.sql", "", ""), true, "looked");
    assertThat(versions(Format.GOLANG_MIGRATE)).containsExactly("12");
    assertThat(migrate(Format.GOLANG_MIGRATE).applied()).isZero();
  }

  @Test
  void many_at_once_apply_each_migration_once() throws Exception {
    steps(Format.GOLANG_MIGRATE);
    List<Thread> runs = new ArrayList<>();
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 6; i++) {
      runs.add(
          Thread.ofPlatform()
              .start(() -> {
                try {
                  migrate(Format.GOLANG_MIGRATE);
                } catch (Exception | Error e) {
                  failures.add(e);
                }
              }));
    }
    for (Thread run : runs) {
      run.join();
    }
    assertThat(failures).isEmpty();
    assertThat(query("SELECT n FROM step ORDER BY n")).containsExactly("10", "11");
  }
}
