package io.tidegate.engine.mysql;

import static io.tidegate.migration.sql.Changelogs.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.engine.Target;
import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.LockHolder;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationOutcome;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.sql.NothingToDoSuite;
import io.tidegate.migration.sql.SqlDialect;
import io.tidegate.migration.sql.SqlTargets;
import io.tidegate.problem.ExitCode;
import io.tidegate.servers.MariaDbServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MySqlDialectTest extends NothingToDoSuite {
  private static final MariaDbServer SERVER = new MariaDbServer();

  /** The session that runs such a statement. */
  private static final String RUNNING =
      "SELECT id FROM information_schema.processlist WHERE id <> connection_id() AND info LIKE '%s'";

  @BeforeAll
  static void start() {
    SERVER.start();
  }

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @Override
  protected SqlDialect dialect() {
    return new MySqlDialect(new MySqlConnector());
  }

  @Override
  protected void create(String name) {
    SERVER.createDatabase(name);
  }

  @Override
  protected Target target(String name, Path changelog) {
    return SqlTargets.server("mariadb", SERVER.port(), name, "root", "", changelog);
  }

  @Override
  protected Connection connect(String name) throws SQLException {
    return SERVER.connect(name);
  }

  @Override
  protected String tablesQuery() {
    return "SELECT concat(table_name, '.', column_name) FROM information_schema.columns"
        + " WHERE table_schema = database() ORDER BY 1";
  }

  @Override
  protected boolean rollsBackSchema() {
    return false;
  }

  @Override
  protected String holderName() {
    return "(root from 127.0.0.1:";
  }

  @Override
  protected String quote() {
    return "`";
  }

  @Test
  void routines_need_no_delimiter() throws Exception {
    write(
        folder,
        "001.sql",
        """
        CREATE TABLE t (id int, note varchar(20)); # not; here
        CREATE PROCEDURE p(IN n int)
        BEGIN
          DECLARE i int DEFAULT 0;
          WHILE i < n DO
            IF i = 0 THEN INSERT INTO t VALUES (i, 'a;b'); ELSE INSERT INTO t VALUES (i, IF(i > 1, 'it\\'s', CASE i WHEN 1 THEN 'x' END)); END IF;
            SET i = i + 1;
          END WHILE;
        END;
        CALL p(3);
        CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.note = 'g';
        INSERT INTO t VALUES (9, '');
        """);
    assertThat(migrate(folder).applied()).isEqualTo(1);
    assertThat(query("SELECT note FROM t ORDER BY id")).containsExactly("a;b", "x", "it's", "g");
  }

  @Test
  void statement_that_meets_a_locked_table_is_tried_again_alone_and_who_blocks_is_told()
      throws Exception {
    execute("CREATE TABLE t (id int)");
    write(
        folder,
        "001.sql",
        "INSERT INTO t VALUES (1); ALTER TABLE t ADD COLUMN a int; INSERT INTO t VALUES (2, 2);");
    try (Connection reader = connect(database());
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.executeQuery("SELECT * FROM t").close();
      List<String> heard = migrateBehind(reader);
      // It had not been open for long before the changeset began: it is told between two attempts.
      assertThat(heard)
          .filteredOn(line -> line.startsWith("may hold a lock"))
          .singleElement()
          .asString()
          .contains("session " + own(statement) + " (root from 127.0.0.1:")
          .containsPattern("idle in transaction, its transaction open for \\d+ s");
    }
    assertThat(query("SELECT id FROM t ORDER BY id")).containsExactly("1", "2");
  }

  @Test
  void statement_that_meets_a_locked_row_is_tried_again_and_keeps_what_ran_before_it()
      throws Exception {
    execute("CREATE TABLE t (id int PRIMARY KEY, n int)");
    execute("INSERT INTO t VALUES (1, 0)");
    write(folder, "001.sql", "INSERT INTO t VALUES (2, 0); UPDATE t SET n = n + 1;");
    try (Connection writer = connect(database());
        Statement statement = writer.createStatement()) {
      writer.setAutoCommit(false);
      statement.executeUpdate("UPDATE t SET n = 10 WHERE id = 1");
      migrateBehind(writer);
    }
    // The other's change was rolled back.
    assertThat(query("SELECT n FROM t ORDER BY id")).containsExactly("1", "1");
  }

  /** Migrates while that session is in the way, lets it go after three attempts, and gives what was heard. */
  private List<String> migrateBehind(Connection blocker) throws Exception {
    MigrationSettings hasty =
        new MigrationSettings(
            Duration.ofSeconds(60), Duration.ofSeconds(1), null, Duration.ofSeconds(5));
    List<String> heard = new CopyOnWriteArrayList<>();
    List<String> retries = new CopyOnWriteArrayList<>();
    CompletableFuture<MigrationOutcome> migration =
        CompletableFuture.supplyAsync(() -> {
          try {
            return migration(target(database(), folder), hasty).migrate(retrying(heard, retries));
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> retries.size() >= 3 && !heard.isEmpty());
    assertThat(migration).isNotDone();
    blocker.rollback();
    assertThat(migration.get(60, TimeUnit.SECONDS).retries()).isEqualTo(retries.size());
    assertThat(retries)
        .allSatisfy(why -> assertThat(why).startsWith("001.sql: ").contains("Lock wait timeout"));
    return heard;
  }

  private static MigrationListener retrying(List<String> heard, List<String> retries) {
    MigrationListener noticing = noticing(heard);
    return new MigrationListener() {
      @Override
      public void waiting(LockHolder holder) {}

      @Override
      public void started(ChangesetId changeset, int number, int of) {}

      @Override
      public void applied(ChangesetId changeset, Duration took) {}

      @Override
      public void retrying(ChangesetId changeset, String why) {
        retries.add(changeset + ": " + why);
      }

      @Override
      public void noticed(String sentence) {
        noticing.noticed(sentence);
      }
    };
  }

  private static String own(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("SELECT connection_id()")) {
      row.next();
      return row.getString(1);
    }
  }

  /**
   * What a node of Galera answers, from the same server told to be one, without the library that
   * would join it to others.
   */
  @Test
  void galera_is_refused_before_anything_is_changed() throws Exception {
    write(folder, "001.sql", "CREATE TABLE t (id int);");
    try (MariaDbServer node =
        new MariaDbServer()
            .with("--wsrep-on=ON")
            .with("--wsrep-provider=none")
            .with("--binlog-format=ROW")
            .with("--innodb-autoinc-lock-mode=2")) {
      node.start();
      node.createDatabase("app");
      Target target = SqlTargets.server("mariadb", node.port(), "app", "root", "", folder);
      assertThat(
              problem(
                  ExitCode.REFUSED,
                  () ->
                      migration(target, MigrationSettings.DEFAULT).migrate(MigrationListener.NONE)))
          .contains("wsrep_on is ON", "a single server");
      try (Connection connection = node.connect("app");
          Statement statement = connection.createStatement();
          ResultSet tables = statement.executeQuery("SHOW TABLES")) {
        assertThat(tables.next()).isFalse();
      }
      // A look changes nothing, so it needs no lock.
      assertThat(migration(target, MigrationSettings.DEFAULT).status().pending()).hasSize(1);
    }
  }

  @Test
  void changeset_whose_connection_is_killed_is_named_and_never_run_again_by_itself()
      throws Exception {
    write(
        folder,
        "001.sql",
        "CREATE TABLE a (id int); INSERT INTO a VALUES (1); CREATE TABLE b AS SELECT sleep(60);"
            + " INSERT INTO a VALUES (2);");
    CompletableFuture<String> killed =
        CompletableFuture.supplyAsync(() -> problem(ExitCode.NOT_READY, () -> migrate(folder)));
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> !query(RUNNING.formatted("%b AS SELECT sleep%")).isEmpty());
    assertThat(resolvable().interrupted()).hasSize(1);
    execute("KILL " + query(RUNNING.formatted("%b AS SELECT sleep%")).getFirst());
    assertThat(killed.get(60, TimeUnit.SECONDS)).contains("001.sql");

    for (int i = 0; i < 2; i++) {
      assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder)))
          .contains("changeset 001.sql", "by host ", "statement 3", "CREATE TABLE b AS")
          .contains("tidegate resolve db");
    }
    assertThat(resolvable().interrupted())
        .singleElement()
        .satisfies(i -> {
          assertThat(i.changeset().path()).isEqualTo("001.sql");
          assertThat(i.by()).contains("process " + ProcessHandle.current().pid());
          assertThat(i.since()).isNotNull();
        });
    problem(ExitCode.CHANGELOG, () -> migration(folder).plan());

    resolvable().resolve(new ChangesetId("001.sql", "001.sql", "tidegate"), true, "done by hand");
    assertThat(resolvable().interrupted()).isEmpty();
    assertThat(migrate(folder).applied()).isZero();
    assertThat(query("SELECT count(*) FROM DATABASECHANGELOG WHERE MD5SUM IS NOT NULL"))
        .containsExactly("1");
    assertThat(query("SELECT concat(outcome, ': ', reason, ' ', resolved_by) FROM tidegate_intent"))
        .singleElement()
        .asString()
        .startsWith("applied: done by hand ")
        .contains(" on host ");
  }

  @Test
  void rows_only_are_rolled_back_and_run_again() throws Exception {
    write(folder, "001.sql", "CREATE TABLE a (id int);");
    migrate(folder);
    write(folder, "002.sql", "INSERT INTO a VALUES (1); INSERT INTO a SELECT sleep(60);");
    CompletableFuture<String> killed =
        CompletableFuture.supplyAsync(() -> problem(ExitCode.NOT_READY, () -> migrate(folder)));
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> !query(RUNNING.formatted("%INTO a SELECT sleep%")).isEmpty());
    execute("KILL " + query(RUNNING.formatted("%INTO a SELECT sleep%")).getFirst());
    killed.get(60, TimeUnit.SECONDS);
    assertThat(resolvable().interrupted()).isEmpty();
    write(folder, "002.sql", "INSERT INTO a VALUES (1);");
    assertThat(migrate(folder).applied()).isEqualTo(1);
    assertThat(query("SELECT count(*) FROM a")).containsExactly("1");
  }

  @Test
  void intent_of_a_changeset_that_is_in_the_history_is_taken_back() throws Exception {
    write(folder, "001.sql", "CREATE TABLE a (id int);");
    migrate(folder);
    execute(
        "INSERT INTO tidegate_intent (intent, path, id, author, rerun, started, host, pid, position_sent,"
            + " statement_sent, outcome) VALUES (sha2('001.sql\n001.sql\ntidegate', 256), '001.sql', '001.sql',"
            + " 'tidegate', 0, '2026-01-01T00:00:00Z', 'h', 1, 1, 'x', 'begun')");
    assertThat(resolvable().interrupted()).hasSize(1);
    assertThat(migrate(folder).applied()).isZero();
    assertThat(resolvable().interrupted()).isEmpty();
  }
}
