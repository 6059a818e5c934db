package io.tidegate.engine.sqlite;

import static io.tidegate.migration.sql.Changelogs.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tidegate.migration.sql.NothingToDoSuite;
import io.tidegate.migration.sql.TestDatabases;
import io.tidegate.problem.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqliteDialectTest extends NothingToDoSuite {
  @TempDir private Path databases;

  @Override
  protected TestDatabases databases() {
    return new SqliteDatabases(databases);
  }

  @Test
  void status_of_an_absent_file_does_not_make_it() throws Exception {
    write(folder, "001.sql", "CREATE TABLE t (id int);");
    assertThat(migration(folder).status().pending()).hasSize(1);
    assertThat(migration(folder).plan().text()).contains("CREATE TABLE t");
    assertThat(databases).isEmptyDirectory();
  }

  @Test
  void triggers_stay_whole() throws Exception {
    write(
        folder,
        "001.sql",
        """
        CREATE TABLE t (id int, note text); -- not; here
        CREATE TABLE [log;] (id int);
        CREATE TRIGGER g AFTER INSERT ON t BEGIN
          INSERT INTO [log;] VALUES (NEW.id);
          UPDATE t SET note = CASE id WHEN 1 THEN 'a;b' ELSE note END;
        END;
        INSERT INTO t VALUES (1, '');
        """);
    assertThat(migrate(folder).applied()).isEqualTo(1);
    assertThat(query("SELECT note FROM t")).containsExactly("a;b");
    assertThat(query("SELECT count(*) FROM [log;]")).containsExactly("1");
  }

  /** A file that a changeset names is the changeset's fault. */
  @Test
  void file_that_cannot_be_attached_is_its_changesets_fault() {
    write(folder, "001.sql", "ATTACH DATABASE '/not/there/other.db' AS other;");
    problem(ExitCode.CHANGELOG, () -> migrate(folder));
  }

  @Test
  void changeset_and_its_history_are_one_transaction() throws Exception {
    write(folder, "001.sql", "CREATE TABLE one (id int);");
    migrate(folder);
    execute(
        "CREATE TRIGGER dies BEFORE INSERT ON DATABASECHANGELOG BEGIN SELECT RAISE(ABORT, 'dies'); END");
    write(folder, "002.sql", "CREATE TABLE two (id int);");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder))).contains("dies");
    assertThat(query("SELECT count(*) FROM sqlite_master WHERE name = 'two'")).containsExactly("0");
    execute("DROP TRIGGER dies");
    assertThat(migrate(folder).applied()).isEqualTo(1);
  }

  @Override
  protected String justNow() {
    return "strftime('%Y-%m-%d %H:%M:%f', 'now', 'localtime')";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PRAGMA foreign_keys = 1",
        "PRAGMA recursive_triggers = 1",
        "PRAGMA case_sensitive_like = 1",
        "CREATE TEMP TABLE later (id int)",
      })
  void setting_of_a_file_ends_with_it(String set) throws Exception {
    write(folder, "001.sql", "-- tidegate: no-transaction\n" + set + ";");
    write(
        folder,
        "002.sql",
        "CREATE TABLE later AS SELECT foreign_keys, recursive_triggers, 'a' LIKE 'A' AS alike"
            + " FROM pragma_foreign_keys, pragma_recursive_triggers;");
    assertThat(migrate(folder).applied()).isEqualTo(2);
    assertThat(query("SELECT foreign_keys || recursive_triggers || alike FROM main.later"))
        .containsExactly("001");
  }

  @Test
  void link_to_the_database_leads_to_the_same_lock() throws Exception {
    Path database = Files.createFile(databases.resolve("real.db"));
    Path linkedFolder = Files.createSymbolicLink(folder.resolve("linked"), databases);
    List<Path> others =
        List.of(
            Files.createSymbolicLink(folder.resolve("link.db"), database),
            linkedFolder.resolve("real.db"),
            databases.resolve("x/../real.db"));
    Files.createDirectory(databases.resolve("x"));
    SqliteLock lock = new SqliteLock(database);
    assertThat(lock.tryAcquire()).isTrue();
    try {
      for (Path other : others) {
        assertThat(new SqliteLock(other).tryAcquire()).as(other.toString()).isFalse();
      }
    } finally {
      lock.release();
    }
    assertThat(new SqliteLock(linkedFolder.resolve("new.db")).tryAcquire()).isTrue();
    assertThat(new SqliteLock(databases.resolve("new.db")).tryAcquire()).isFalse();
  }

  /** An app writes for longer than is waited for. */
  @Test
  void busy_database_is_told_as_locked() throws Exception {
    write(folder, "001.sql", "CREATE TABLE t (id int);");
    try (Connection app = connect(database());
        Statement statement = app.createStatement()) {
      statement.execute("CREATE TABLE a (id int)");
      statement.execute("BEGIN EXCLUSIVE");
      assertThat(problem(ExitCode.LOCKED, () -> migrate(folder)))
          .contains("another session", "locked")
          .doesNotContain("Grant");
    }
    assertThat(migrate(folder).applied()).isEqualTo(1);
  }

  /** A device takes no byte, as a full disk does. */
  @Test
  void full_disk_leaves_no_lock_behind() throws Exception {
    Path full = Path.of("/dev/full");
    assumeThat(full).exists();
    Path database = folder.resolve("full.db");
    Path file = Files.createSymbolicLink(folder.resolve("full.db.tidegate-lock"), full);
    SqliteLock lock = new SqliteLock(database);
    assertThatThrownBy(lock::tryAcquire)
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("lock file");
    assertThat(lock.isHeld()).isFalse();
    assertThat(channelsTo(full)).isZero();
    Files.delete(file);
    assertThat(lock.tryAcquire()).isTrue();
    lock.release();
  }

  private static long channelsTo(Path file) throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.filter(
              fd -> {
                try {
                  return Files.readSymbolicLink(fd).equals(file);
                } catch (IOException e) {
                  return false; // It was that of this very list.
                }
              })
          .count();
    }
  }
}
