package io.tidegate.migration.sql;

import static io.tidegate.migration.sql.Changelogs.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.Migration.Adoptable;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.MigrationStatus.Applied;
import io.tidegate.migration.MigrationStatus.Pending;
import io.tidegate.problem.ExitCode;
import io.tidegate.target.Changelog.Format;
import io.tidegate.target.LiquibaseTables;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import liquibase.Contexts;
import liquibase.LabelExpression;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Databases that were made by hand, whose changesets are recorded and not run. Each dialect's test passes
 * it on a real server.
 */
public abstract class AdoptionSuite extends ToolFoldersSuite {
  private static final String MADE_BY_HAND = "CREATE TABLE step (n int)";

  private List<String> adopt(Format format, @Nullable String last) throws InterruptedException {
    return paths(((Adoptable) migration(format)).adopt(last, false));
  }

  private List<String> adoptable(Format format, @Nullable String last) throws InterruptedException {
    return paths(((Adoptable) migration(format)).adopt(last, true));
  }

  private static List<String> paths(List<ChangesetId> changesets) {
    return changesets.stream().map(ChangesetId::path).toList();
  }

  private List<String> pending(Format format) throws InterruptedException {
    return paths(migration(format).status().pending().stream().map(Pending::changeset).toList());
  }

  private void steps(Format format, int from, int to) {
    for (int number = from; number <= to; number++) {
      String insert = "INSERT INTO step VALUES (%d);".formatted(number);
      String up = number == 1 ? MADE_BY_HAND + ";\n" + insert : insert;
      if (format == Format.PLAIN) {
        write(folder, "%03d_step.sql".formatted(number), up);
      } else {
        step(format, number, up);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"SQL", "LIQUIBASE", "AUTO"})
  void what_was_made_by_hand_is_recorded_and_not_run(Format format) throws Exception {
    execute(MADE_BY_HAND);
    steps(format, 1, 3);
    List<String> before = tables();
    List<String> all = pending(format);
    assertThat(all).hasSize(3);
    assertThat(adoptable(format, null)).isEqualTo(all);
    assertThat(tables()).isEqualTo(before);
    assertThat(adopt(format, null)).isEqualTo(all);
    assertThat(pending(format)).isEmpty();
    assertThat(query("SELECT n FROM step")).isEmpty();
    assertThat(adopt(format, null)).isEmpty();
    assertThat(migrate(format).alreadyApplied()).isEqualTo(3);
    steps(format, 4, 5);
    assertThat(migrate(format).applied()).isEqualTo(2);
    assertThat(query("SELECT n FROM step ORDER BY n")).containsExactly("4", "5");
    assertThat(tables()).doesNotContain("tidegate_adopted");
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "GOLANG_MIGRATE"})
  void migrating_over_what_was_made_by_hand_names_adopt(Format format) throws Exception {
    execute(MADE_BY_HAND);
    steps(format, 1, 2);
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(format))).contains("tidegate adopt");
    assertThat(query("SELECT n FROM step")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"PLAIN", "SQL", "LIQUIBASE", "AUTO"})
  void rows_are_those_of_a_migration(Format format) throws Exception {
    execute(MADE_BY_HAND);
    steps(format, 1, 2);
    adopt(format, null);
    assertThat(versions(format)).isEqualTo(versions(format, 1, 2));
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"SQL", "LIQUIBASE", "AUTO"})
  void what_is_behind_the_last_one_stays_pending(Format format) throws Exception {
    execute(MADE_BY_HAND);
    steps(format, 1, 4);
    List<String> all = pending(format);
    assertThat(adopt(format, all.get(1))).isEqualTo(all.subList(0, 2));
    assertThat(adopt(format, all.get(0))).isEmpty();
    String third =
        switch (format) {
          case PLAIN, SQL_MIGRATE -> "003_step.sql";
          case DBMATE -> "003"; // Which keeps versions as they are written.
          default -> "3";
        };
    assertThat(adopt(format, third)).isEqualTo(all.subList(2, 3));
    assertThat(pending(format)).isEqualTo(all.subList(3, 4));
    assertThat(migrate(format).applied()).isEqualTo(1);
    assertThat(query("SELECT n FROM step")).containsExactly("4");
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"SQL", "LIQUIBASE", "AUTO"})
  void last_one_that_there_is_not_is_refused(Format format) throws Exception {
    execute(MADE_BY_HAND);
    steps(format, 1, 2);
    List<String> before = tables();
    assertThat(problem(ExitCode.USAGE, () -> adopt(format, "7"))).contains("no changeset 7");
    assertThat(tables()).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"SQL", "LIQUIBASE", "AUTO"})
  void empty_database_is_refused(Format format) throws Exception {
    steps(format, 1, 2);
    assertThat(problem(ExitCode.CHANGELOG, () -> adopt(format, null)))
        .contains("the database has no tables", "tidegate migrate");
    assertThat(problem(ExitCode.CHANGELOG, () -> adoptable(format, null)))
        .contains("the database has no tables");
    assertThat(tables()).isEmpty();
    assertThat(migrate(format).applied()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"SQL", "LIQUIBASE", "AUTO"})
  void several_at_once_record_it_once(Format format) throws Exception {
    execute(MADE_BY_HAND);
    steps(format, 1, 9);
    List<String> recorded = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(3)) {
      Callable<List<String>> adopting = () -> adopt(format, null);
      for (Future<List<String>> one : threads.invokeAll(List.of(adopting, adopting, adopting))) {
        recorded.addAll(one.get());
      }
    }
    assertThat(recorded).hasSize(9).doesNotHaveDuplicates();
    if (format != Format.PLAIN) {
      assertThat(versions(format)).isEqualTo(versions(format, 1, 2, 3, 4, 5, 6, 7, 8, 9));
    }
    assertThat(pending(format)).isEmpty();
  }

  @Test
  void history_that_does_not_fit_is_refused() throws Exception {
    execute(MADE_BY_HAND);
    steps(Format.GOLANG_MIGRATE, 1, 3);
    adopt(Format.GOLANG_MIGRATE, "2");
    execute("UPDATE schema_migrations SET dirty = TRUE");
    assertThat(problem(ExitCode.CHANGELOG, () -> adopt(Format.GOLANG_MIGRATE, null)))
        .contains("version 2", "dirty");
    assertThat(query("SELECT version FROM schema_migrations")).containsExactly("2");
  }

  @Test
  void failed_row_of_flyway_is_refused() throws Exception {
    execute(MADE_BY_HAND);
    steps(Format.FLYWAY, 1, 3);
    adopt(Format.FLYWAY, "2");
    execute("UPDATE flyway_schema_history SET success = FALSE WHERE version = '002'");
    assertThat(problem(ExitCode.CHANGELOG, () -> adopt(Format.FLYWAY, null)))
        .contains("version 002", "success = false");
    assertThat(query("SELECT count(*) FROM flyway_schema_history")).containsExactly("2");
  }

  @Test
  void changed_file_is_refused() throws Exception {
    execute(MADE_BY_HAND);
    steps(Format.PLAIN, 1, 2);
    adopt(Format.PLAIN, "001_step.sql");
    write(folder, "001_step.sql", "CREATE TABLE other (n int);");
    assertThat(problem(ExitCode.CHANGELOG, () -> adopt(Format.PLAIN, null)))
        .contains("001_step.sql was changed after it was applied");
    assertThat(query("SELECT count(*) FROM DATABASECHANGELOG")).containsExactly("1");
  }

  @Test
  void database_of_another_tool_is_refused() throws Exception {
    execute(MADE_BY_HAND);
    execute("CREATE TABLE alembic_version (version_num varchar(32) NOT NULL)");
    steps(Format.PLAIN, 1, 2);
    assertThat(problem(ExitCode.CHANGELOG, () -> adopt(Format.PLAIN, null)))
        .contains("Alembic", "IGNORE_HISTORY");
    assertThat(tables()).containsExactlyInAnyOrder("alembic_version", "step");
  }

  /** What an adoption left that was killed. */
  @Test
  void leftover_of_an_interrupted_one_is_replaced() throws Exception {
    execute(MADE_BY_HAND);
    execute("CREATE TABLE tidegate_adopted (n int)");
    steps(Format.FLYWAY, 1, 2);
    assertThat(adopt(Format.FLYWAY, null)).hasSize(2);
    assertThat(versions(Format.FLYWAY)).isEqualTo(versions(Format.FLYWAY, 1, 2));
  }

  @Test
  void flyway_s_repeatable_migration_runs_again_when_it_is_changed() throws Exception {
    execute(MADE_BY_HAND);
    steps(Format.FLYWAY, 1, 1);
    write(folder, "R__rows.sql", "INSERT INTO step VALUES (100);");
    assertThat(adopt(Format.FLYWAY, null)).containsExactly("V001__step.sql", "R__rows.sql");
    assertThat(migrate(Format.FLYWAY).applied()).isZero();
    write(folder, "R__rows.sql", "INSERT INTO step VALUES (101);");
    assertThat(migrate(Format.FLYWAY).applied()).isEqualTo(1);
    assertThat(query("SELECT n FROM step")).containsExactly("101");
  }

  @Test
  void id_that_two_authors_gave_names_no_last_one() throws Exception {
    execute(MADE_BY_HAND);
    write(
        folder,
        "001.sql",
        """
        --liquibase formatted sql
        --changeset ann:7
        CREATE TABLE step (n int);
        --changeset bob:7
        INSERT INTO step VALUES (7);
        """);
    assertThat(problem(ExitCode.USAGE, () -> adopt(Format.PLAIN, "7")))
        .contains("2 changesets are called 7");
    assertThat(adopt(Format.PLAIN, "001.sql::7::ann")).hasSize(1);
    assertThat(adopt(Format.PLAIN, "001.sql")).hasSize(1);
  }

  @Test
  void plain_liquibase_has_nothing_to_do_then() throws Exception {
    execute(MADE_BY_HAND);
    write(
        folder,
        "changes.sql",
        """
        --liquibase formatted sql
        --changeset ann:1
        CREATE TABLE step (n int);
        --changeset ann:2
        INSERT INTO step VALUES (2);
        --changeset bob:3 runOnChange:true
        INSERT INTO step VALUES (3);
        """);
    var target = target(database(), folder.resolve("changes.sql"));
    var settings = MigrationSettings.DEFAULT;
    assertThat(paths(((Adoptable) migration(target, settings)).adopt("2", false))).hasSize(2);
    assertThat(paths(((Adoptable) migration(target, settings)).adopt("changes.sql", false)))
        .hasSize(1);
    plainLiquibase(
        folder,
        "changes.sql",
        LiquibaseTables.DEFAULT,
        plain -> {
          assertThat(plain.listUnrunChangeSets(new Contexts(), new LabelExpression())).isEmpty();
          plain.update(new Contexts(), new LabelExpression());
        });
    assertThat(query("SELECT n FROM step")).isEmpty();
    assertThat(migration(target, settings).status().applied())
        .extracting(Applied::checksum)
        .doesNotContainNull()
        .hasSize(3);
  }
}
