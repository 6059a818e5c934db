package io.tidegate.migration.sql;

import static io.tidegate.migration.sql.Changelogs.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.engine.Changelog;
import io.tidegate.engine.Target;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationOutcome;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.problem.ExitCode;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/**
 * A run that has nothing to do, decided by the fingerprint, and everything that must make it look
 * again. The fingerprint is marked with a wrong number: whoever reports that number did not look.
 */
public abstract class NothingToDoSuite extends DialectSuite {
  private static final int MARK = 99;

  @Test
  void third_run_decides_by_the_fingerprint() throws Exception {
    settled();
    MigrationOutcome outcome = migrate(folder);
    assertThat(outcome.applied()).isZero();
    assertThat(outcome.alreadyApplied()).isEqualTo(MARK);
  }

  @Test
  void deleted_history_row_is_noticed() throws Exception {
    settled();
    execute("DELETE FROM DATABASECHANGELOG WHERE ID = '002.sql'");
    assertThat(migrate(folder).applied()).isEqualTo(1);
  }

  @Test
  void changed_history_row_is_noticed() throws Exception {
    settled();
    execute("UPDATE DATABASECHANGELOG SET MD5SUM = '9:00' WHERE ID = '002.sql'");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder))).contains("002.sql");
  }

  @Test
  void edited_file_is_noticed() throws Exception {
    settled();
    write(folder, "002.sql", "INSERT INTO a VALUES (8);");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder))).contains("002.sql");
  }

  @Test
  void new_file_is_noticed() throws Exception {
    settled();
    write(folder, "003.sql", "INSERT INTO a VALUES (3);");
    assertThat(migrate(folder).applied()).isEqualTo(1);
  }

  @Test
  void removed_file_is_noticed() throws Exception {
    settled();
    Files.delete(folder.resolve("002.sql"));
    assertThat(migrate(folder).unexpected()).isEqualTo(1);
  }

  @Test
  void other_contexts_and_labels_are_noticed() throws Exception {
    settled();
    assertThat(with(new Changelog(folder, "other", "")).alreadyApplied()).isEqualTo(2);
    settled();
    assertThat(with(new Changelog(folder, "", "other")).alreadyApplied()).isEqualTo(2);
  }

  @Test
  void fingerprint_of_another_database_does_not_count() throws Exception {
    settled();
    String changelog = query("SELECT changelog FROM tidegate_fingerprint").getFirst();
    String history = query("SELECT history FROM tidegate_fingerprint").getFirst();
    createDatabase();
    settled();
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
    assertThat(query(tablesQuery()).toString()).doesNotContain("tidegate_fingerprint");
  }

  private MigrationOutcome with(Changelog changelog) throws InterruptedException {
    Target target = SqlTargets.with(target(database(), folder), changelog);
    return migration(target, MigrationSettings.DEFAULT).migrate(MigrationListener.NONE);
  }

  private void settled() throws Exception {
    write(folder, "001.sql", "CREATE TABLE a (id int);");
    write(folder, "002.sql", "INSERT INTO a VALUES (1);");
    migrate(folder);
    migrate(folder);
    execute("UPDATE tidegate_fingerprint SET applied = " + MARK);
  }
}
