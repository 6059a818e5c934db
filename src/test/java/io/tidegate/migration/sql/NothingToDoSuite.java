package io.tidegate.migration.sql;

import static io.tidegate.migration.sql.Changelogs.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.Migration.MigrationOutcome;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationListener.LockHolder;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.MigrationStatus.Pending;
import io.tidegate.problem.ExitCode;
import io.tidegate.target.Changelog;
import io.tidegate.target.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A run that has nothing to do, decided by the fingerprint, and everything that must make it look
 * again, whether a run left it that applied something or one that only looked. The fingerprint is
 * marked with a wrong number: whoever reports that number did not look.
 */
public abstract class NothingToDoSuite extends DialectSuite {
  private static final int MARK = 99;

  /** By which run the fingerprint is left. */
  enum LeftBy {
    APPLYING,
    LOOKING
  }

  @ParameterizedTest
  @EnumSource
  void next_run_decides_by_the_fingerprint(LeftBy run) throws Exception {
    settled(run);
    MigrationOutcome outcome = migrate(folder);
    assertThat(outcome.applied()).isZero();
    assertThat(outcome.alreadyApplied()).isEqualTo(MARK);
  }

  @ParameterizedTest
  @EnumSource
  void deleted_history_row_is_noticed(LeftBy run) throws Exception {
    settled(run);
    execute("DELETE FROM DATABASECHANGELOG WHERE ID = '002.sql'");
    assertThat(migrate(folder).applied()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void changed_history_row_is_noticed(LeftBy run) throws Exception {
    settled(run);
    execute("UPDATE DATABASECHANGELOG SET MD5SUM = '9:00' WHERE ID = '002.sql'");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder))).contains("002.sql");
  }

  @ParameterizedTest
  @EnumSource
  void edited_file_is_noticed(LeftBy run) throws Exception {
    settled(run);
    write(folder, "002.sql", "INSERT INTO a VALUES (8);");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder))).contains("002.sql");
  }

  @ParameterizedTest
  @EnumSource
  void new_file_is_noticed(LeftBy run) throws Exception {
    settled(run);
    write(folder, "003.sql", "INSERT INTO a VALUES (3);");
    assertThat(migrate(folder).applied()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void removed_file_is_noticed(LeftBy run) throws Exception {
    settled(run);
    Files.delete(folder.resolve("002.sql"));
    assertThat(migrate(folder).unexpected()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void other_contexts_and_labels_are_noticed(LeftBy run) throws Exception {
    settled(run);
    assertThat(with(new Changelog(folder, "other", "")).alreadyApplied()).isEqualTo(2);
    settled(run);
    assertThat(with(new Changelog(folder, "", "other")).alreadyApplied()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void fingerprint_of_another_database_does_not_count(LeftBy run) throws Exception {
    settled(run);
    String changelog = query("SELECT changelog FROM tidegate_fingerprint").getFirst();
    String history = query("SELECT history FROM tidegate_fingerprint").getFirst();
    createDatabase();
    settled(run);
    execute(
        "UPDATE tidegate_fingerprint SET changelog = '%s', history = '%s'"
            .formatted(changelog, history));
    execute("DELETE FROM DATABASECHANGELOG WHERE ID = '002.sql'");
    assertThat(migrate(folder).applied()).isEqualTo(1);
  }

  @Test
  void file_with_parameters_is_always_looked_at() throws Exception {
    write(folder, "001.sql", "CREATE TABLE a (id int); -- ${anything}");
    migrate(folder);
    migrate(folder);
    assertThat(fingerprints()).isZero();
  }

  @Test
  void run_that_applies_more_leaves_a_new_fingerprint() throws Exception {
    settled(LeftBy.APPLYING);
    write(folder, "003.sql", "INSERT INTO a VALUES (3);");
    assertThat(migrate(folder).alreadyApplied()).isEqualTo(2);
    mark();
    assertThat(migrate(folder).alreadyApplied()).isEqualTo(MARK);
  }

  @Test
  void newer_history_is_counted_by_the_run_that_applies() throws Exception {
    settled(LeftBy.APPLYING);
    Files.delete(folder.resolve("002.sql"));
    write(folder, "003.sql", "INSERT INTO a VALUES (3);");
    migrate(folder);
    mark();
    MigrationOutcome outcome = migrate(folder);
    assertThat(outcome.alreadyApplied()).isEqualTo(MARK);
    assertThat(outcome.unexpected()).isEqualTo(1);
  }

  @Test
  void changeset_that_always_runs_is_never_settled() throws Exception {
    tableThen(
        """
        --changeset a:2 runAlways:true
        INSERT INTO a VALUES (1);
        """);
    assertThat(migrate(folder).applied()).isEqualTo(2);
    assertThat(migrate(folder).applied()).isEqualTo(1);
    assertThat(migrate(folder).applied()).isEqualTo(1);
    assertThat(fingerprints()).isZero();
    assertThat(query("SELECT count(*) FROM a")).containsExactly("3");
  }

  /** Else whoever waits for another's migration would do so for ever. */
  @Test
  void what_runs_each_time_or_may_be_left_out_is_pending_and_not_waited_for() throws Exception {
    String always = "--changeset a:2 runAlways:true\nINSERT INTO a VALUES (%d);\n";
    String left =
        """
        --changeset a:3 failOnError:false
        DROP TABLE nowhere;
        --changeset a:4
        --preconditions onFail:CONTINUE
        --precondition-sql-check expectedResult:1 SELECT 0
        INSERT INTO a VALUES (4);
        """;
    tableThen(always.formatted(1) + left);
    assertThat(awaited()).containsExactly("1", "2");
    migrate(folder);
    assertThat(migration(folder).status().pending()).hasSize(3);
    assertThat(awaited()).isEmpty();
    tableThen(always.formatted(2) + left);
    assertThat(awaited()).as("it has not run as it is now").containsExactly("2");
    migrate(folder);
    assertThat(awaited()).isEmpty();
  }

  private List<String> awaited() throws InterruptedException {
    return migration(folder).status().pending().stream()
        .filter(Pending::awaited)
        .map(pending -> pending.changeset().id())
        .toList();
  }

  @Test
  void changeset_that_its_precondition_leaves_pending_is_never_settled() throws Exception {
    tableThen(
        """
        --changeset a:2
        --preconditions onFail:CONTINUE
        --precondition-sql-check expectedResult:1 SELECT count(*) FROM a
        INSERT INTO a VALUES (2);
        """);
    assertThat(migrate(folder).applied()).as("the table alone").isEqualTo(1);
    assertThat(migrate(folder).applied()).isZero();
    assertThat(fingerprints()).isZero();
    execute("INSERT INTO a VALUES (1)");
    assertThat(migrate(folder).applied()).isEqualTo(1);
    assertThat(query("SELECT max(id) FROM a")).containsExactly("2");
    assertThat(fingerprints()).isEqualTo(1);
  }

  @Test
  void changeset_that_failed_and_may_is_never_settled() throws Exception {
    tableThen(
        """
        --changeset a:2 failOnError:false
        INSERT INTO b VALUES (2);
        """);
    assertThat(migrate(folder).applied()).as("the table alone").isEqualTo(1);
    assertThat(migrate(folder).applied()).isZero();
    assertThat(fingerprints()).isZero();
    execute("CREATE TABLE b (id int)");
    assertThat(migrate(folder).applied()).isEqualTo(1);
    assertThat(query("SELECT max(id) FROM b")).containsExactly("2");
  }

  @Test
  void changesets_marked_as_run_or_run_on_change_are_settled() throws Exception {
    String text =
        """
        --liquibase formatted sql
        --changeset a:1 runOnChange:true
        CREATE TABLE IF NOT EXISTS a (id int);
        --changeset a:2
        --preconditions onFail:MARK_RAN
        --precondition-sql-check expectedResult:1 SELECT count(*) FROM a
        INSERT INTO a VALUES (2);
        --changeset a:3 context:never
        INSERT INTO a VALUES (3);
        """;
    write(folder, "001.sql", text);
    Changelog prod = new Changelog(folder, "prod", "");
    with(prod);
    mark();
    assertThat(with(prod).alreadyApplied()).isEqualTo(MARK);
    write(folder, "001.sql", text.replace("id int", "id int, b int"));
    assertThat(with(prod).applied()).isEqualTo(1);
    mark();
    assertThat(with(prod).alreadyApplied()).isEqualTo(MARK);
  }

  @Test
  void file_written_while_the_run_applies_is_not_covered() throws Exception {
    write(folder, "001.sql", "CREATE TABLE a (id int);");
    migration(folder).migrate(during(() -> write(folder, "002.sql", "INSERT INTO a VALUES (1);")));
    assertThat(fingerprints()).isZero();
    assertThat(migrate(folder).applied()).isEqualTo(1);
  }

  @Test
  void interrupted_changeset_of_another_release_is_looked_at() throws Exception {
    settled(LeftBy.APPLYING);
    write(folder, "003.sql", "-- tidegate: no-transaction\nINSERT INTO a VALUES (3);");
    migrate(folder);
    mark();
    execute(
        "INSERT INTO tidegate_intent (intent, path, id, author, rerun, started, host, pid,"
            + " position_sent, statement_sent, outcome) VALUES ('x', '009.sql', '009.sql',"
            + " 'tidegate', 0, '2026-01-01T00:00:00Z', 'h', 1, 1, 'CREATE TABLE x', 'begun')");
    assertThat(migrate(folder).alreadyApplied()).isEqualTo(3);
  }

  @Test
  void look_that_fails_costs_only_time() throws Exception {
    execute("CREATE TABLE tidegate_fingerprint (other int)");
    write(folder, "001.sql", "CREATE TABLE t (id int);");
    assertThat(migrate(folder).applied()).isEqualTo(1);
    assertThat(migrate(folder).alreadyApplied()).isEqualTo(1);
  }

  /** Does that while a changeset is applied. */
  private static MigrationListener during(Runnable deed) {
    return new MigrationListener() {
      @Override
      public void waiting(LockHolder holder) {}

      @Override
      public void started(ChangesetId changeset, int number, int of) {
        deed.run();
      }

      @Override
      public void applied(ChangesetId changeset, Duration took) {}
    };
  }

  private MigrationOutcome with(Changelog changelog) throws InterruptedException {
    Target target = SqlTargets.with(target(database(), folder), changelog);
    return migration(target, MigrationSettings.DEFAULT).migrate(MigrationListener.NONE);
  }

  private void settled(LeftBy run) throws Exception {
    write(folder, "001.sql", "CREATE TABLE a (id int);");
    write(folder, "002.sql", "INSERT INTO a VALUES (1);");
    migrate(folder);
    if (run == LeftBy.LOOKING) {
      execute("DELETE FROM tidegate_fingerprint");
      migrate(folder);
    }
    mark();
  }

  private void mark() throws SQLException {
    assertThat(fingerprints()).isEqualTo(1);
    execute("UPDATE tidegate_fingerprint SET applied = " + MARK);
  }

  /** How many there are: one, or none. */
  private int fingerprints() throws SQLException {
    return query(databases().tablesQuery()).toString().contains("tidegate_fingerprint")
        ? Integer.parseInt(query("SELECT count(*) FROM tidegate_fingerprint").getFirst())
        : 0;
  }

  /** A changelog of a table and of the changesets behind it. */
  private void tableThen(String changesets) throws IOException {
    write(
        folder,
        "001.sql",
        """
        --liquibase formatted sql
        --changeset a:1
        CREATE TABLE a (id int);
        """
            + changesets);
  }
}
