package io.tidegate.engine.mysql;

import static io.tidegate.migration.sql.Changelogs.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.engine.jdbc.ConnectionHandoff;
import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.Migration;
import io.tidegate.migration.Migration.MigrationOutcome;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationListener.LockHolder;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.sql.DialectFixture;
import io.tidegate.migration.sql.SqlDialect;
import io.tidegate.migration.sql.SqlTargets;
import io.tidegate.migration.sql.TestDatabases;
import io.tidegate.problem.ExitCode;
import io.tidegate.servers.MariaDbServer;
import io.tidegate.target.Changelog;
import io.tidegate.target.FlywayPlaceholders;
import io.tidegate.target.LiquibaseTables;
import io.tidegate.target.Probe;
import io.tidegate.target.Target;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tables and rows that others keep from a migration, and a server whose locks do not hold. */
class MySqlLockingTest extends DialectFixture {
  private static final MariaDbServer SERVER = new MariaDbServer();

  /** Gives up on a locked table or row after a second. */
  private static final MigrationSettings HASTY =
      new MigrationSettings(
          Duration.ofSeconds(60), Duration.ofSeconds(1), null, Duration.ofSeconds(5));

  @RegisterExtension static final MySqlDatabases DATABASES = new MySqlDatabases(SERVER);

  @Override
  protected TestDatabases databases() {
    return DATABASES;
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

  /** What it did before it met the row is committed, and would be done twice. */
  @Test
  void program_that_meets_a_locked_row_is_not_called_again() throws Exception {
    execute("CREATE TABLE t (id int PRIMARY KEY, n int)");
    execute("INSERT INTO t VALUES (1, 0)");
    execute("CREATE TABLE done (n int)");
    execute("CREATE PROCEDURE p() BEGIN INSERT INTO done VALUES (1); UPDATE t SET n = n + 1; END");
    write(folder, "001.sql", "CALL p();");
    assertThat(problemBehind("UPDATE t SET n = 10 WHERE id = 1"))
        .contains("001.sql", "statement 1 in line 1", "Lock wait timeout", "tidegate resolve");
    assertThat(query("SELECT n FROM done")).containsExactly("1");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder))).contains("CALL p()");
  }

  /** Its variable has counted on, which no rollback takes back. */
  @Test
  void statement_that_counts_in_its_session_is_not_tried_again() throws Exception {
    execute("CREATE TABLE t (id int PRIMARY KEY, n int)");
    execute("INSERT INTO t VALUES (1, 0), (2, 0)");
    write(folder, "001.sql", "SET @n := 0;\nUPDATE t SET n = (@n := @n + 1) ORDER BY id;");
    assertThat(problemBehind("UPDATE t SET n = 10 WHERE id = 2"))
        .contains("statement 2 in line 2", "Lock wait timeout");
    assertThat(query("SELECT n FROM t")).containsExactly("0", "0");
    assertThat(migrate(folder).applied()).isEqualTo(1);
    assertThat(query("SELECT n FROM t ORDER BY id")).containsExactly("1", "2");
  }

  @Test
  void prepared_change_of_the_schema_is_tried_again() throws Exception {
    execute("CREATE TABLE t (id int)");
    write(
        folder,
        "001.sql",
        """
        SET @s = (SELECT IF(count(*) = 1, 'ALTER TABLE t ADD COLUMN a int', 'SELECT 1') FROM information_schema.columns
          WHERE table_schema = database() AND table_name = 't');
        PREPARE s FROM @s;
        EXECUTE s;
        """);
    try (Connection reader = connect(database());
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.executeQuery("SELECT * FROM t").close();
      migrateBehind(reader);
    }
    assertThat(query("SELECT a FROM t")).isEmpty();
  }

  /** Such a server has taken back what stands before the statement, too. */
  @Test
  void statement_is_not_tried_again_where_the_server_rolled_back_all() throws Exception {
    write(folder, "001.sql", "INSERT INTO t VALUES (2, 0); UPDATE t SET n = n + 1;");
    try (MariaDbServer server = new MariaDbServer().with("--innodb-rollback-on-timeout=ON")) {
      server.start();
      server.createDatabase("app");
      Target target = SqlTargets.server("mariadb", server.port(), "app", "root", "", folder);
      try (Connection writer = server.connect("app");
          Statement statement = writer.createStatement()) {
        statement.execute("CREATE TABLE t (id int PRIMARY KEY, n int)");
        statement.execute("INSERT INTO t VALUES (1, 0)");
        writer.setAutoCommit(false);
        statement.executeUpdate("UPDATE t SET n = 10 WHERE id = 1");
        assertThat(
                problem(
                    ExitCode.CHANGELOG,
                    () -> migration(target, HASTY).migrate(MigrationListener.NONE)))
            .contains("statement 2 in line 1", "Lock wait timeout");
        writer.rollback();
        try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM t")) {
          rows.next();
          assertThat(rows.getInt(1)).isEqualTo(1);
        }
        assertThat(migration(target, HASTY).migrate(MigrationListener.NONE).applied()).isEqualTo(1);
      }
    }
  }

  /** The server takes back all of it, also what stands before the statement. */
  @Test
  void changeset_that_ended_a_deadlock_is_not_applied() throws Exception {
    execute("CREATE TABLE a AS SELECT 0 AS n");
    execute("CREATE TABLE b AS SELECT seq AS n FROM seq_1_to_100");
    write(folder, "001.sql", "UPDATE a SET n = n + 1;\nDO sleep(5);\nUPDATE b SET n = n + 1000;");
    CompletableFuture<String> told =
        CompletableFuture.supplyAsync(() -> problem(ExitCode.CHANGELOG, () -> migrate(folder)));
    try (Connection other = connect(database());
        Statement statement = other.createStatement()) {
      awaitSleep();
      other.setAutoCommit(false);
      // The server ends the transaction that has changed less.
      statement.executeUpdate("UPDATE b SET n = n + 100");
      statement.executeUpdate("UPDATE a SET n = n + 100");
      other.commit();
    }
    assertThat(told.get(2, TimeUnit.MINUTES))
        .contains("001.sql", "statement 3 in line 3", "Deadlock", "start again")
        .doesNotContain("Correct");
    assertThat(query("SELECT n FROM a")).containsExactly("100");
    assertThat(migrate(folder).applied()).isEqualTo(1);
    assertThat(query("SELECT n FROM a")).containsExactly("101");
  }

  private void awaitSleep() {
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .until(() ->
            !query("SELECT 1 FROM information_schema.processlist WHERE state = 'User sleep'")
                .isEmpty());
  }

  /** Whose table is there already, committed by itself. */
  @Test
  void changeset_whose_commit_a_backup_keeps_out_is_named_and_not_run_again() throws Exception {
    write(folder, "001.sql", "CREATE TABLE t (id int); INSERT INTO t VALUES (1); DO sleep(5);");
    try (Connection backup = connect(database());
        Statement statement = backup.createStatement()) {
      CompletableFuture<String> told =
          CompletableFuture.supplyAsync(() -> {
            Migration migration = migration(target(database(), folder), HASTY);
            return problem(ExitCode.CHANGELOG, () -> migration.migrate(MigrationListener.NONE));
          });
      awaitSleep();
      for (String stage : List.of("START", "FLUSH", "BLOCK_DDL", "BLOCK_COMMIT")) {
        statement.execute("BACKUP STAGE " + stage);
      }
      assertThat(told.get(2, TimeUnit.MINUTES))
          .contains("001.sql", "Lock wait timeout", "tidegate resolve db '001.sql'")
          .doesNotContain("start again");
      statement.execute("BACKUP STAGE END");
    }
    assertThat(query("SELECT id FROM t")).isEmpty();
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder))).contains("tidegate resolve");
  }

  /** What the migration says that gives up on a row which another session has changed. */
  private String problemBehind(String change) throws Exception {
    try (Connection writer = connect(database());
        Statement statement = writer.createStatement()) {
      writer.setAutoCommit(false);
      statement.executeUpdate(change);
      Migration migration = migration(target(database(), folder), HASTY);
      return problem(ExitCode.CHANGELOG, () -> migration.migrate(MigrationListener.NONE));
    }
  }

  /** Migrates while that session is in the way, lets it go after three attempts, and gives what was heard. */
  private List<String> migrateBehind(Connection blocker) throws Exception {
    List<String> heard = new CopyOnWriteArrayList<>();
    List<String> retries = new CopyOnWriteArrayList<>();
    CompletableFuture<MigrationOutcome> migration =
        CompletableFuture.supplyAsync(() -> {
          try {
            return migration(target(database(), folder), HASTY).migrate(retrying(heard, retries));
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
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

  /** As between two changesets of a long changelog, on a slow machine. */
  @Test
  void short_patience_of_the_server_does_not_end_a_silent_migration() throws Exception {
    write(folder, "001.sql", "CREATE TABLE t AS SELECT @@idle_transaction_timeout AS n;");
    write(folder, "002.sql", "INSERT INTO t VALUES (1);");
    try (MariaDbServer server =
        new MariaDbServer().with("--wait-timeout=1").with("--idle-transaction-timeout=1")) {
      server.start();
      server.createDatabase("app");
      Target target = SqlTargets.server("mariadb", server.port(), "app", "root", "", folder);
      assertThat(migration(target, HASTY).migrate(slow(Duration.ofSeconds(3))).applied())
          .isEqualTo(2);
      try (Connection connection = server.connect("app");
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT n FROM t ORDER BY n")) {
        rows.next();
        assertThat(rows.getInt(1)).isZero();
      }
    }
  }

  /** MySQL says so by an error of its own; MariaDB says nothing. */
  @Test
  void session_that_the_server_ended_for_its_silence_is_a_lost_connection() {
    String said =
        "The client was disconnected by the server because of inactivity. See wait_timeout and"
            + " interactive_timeout for configuring this behavior.";
    assertThat(dialect().faultOf(new SQLException(said, "HY000", 4031)))
        .isEqualTo(SqlDialect.Fault.LOST);
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
            .with("--wsrep-node-name=one")
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
          .contains("wsrep_on is ON", "(this one is one)", "galera-node");
      try (Connection connection = node.connect("app");
          Statement statement = connection.createStatement();
          ResultSet tables = statement.executeQuery("SHOW TABLES")) {
        assertThat(tables.next()).isFalse();
      }
      assertThat(problem(ExitCode.REFUSED, () -> migrateThrough("two", target)))
          .contains("galera-node is two, and this is the node one");
      // A look changes nothing, so it needs no lock.
      assertThat(migration(target, MigrationSettings.DEFAULT).status().pending()).hasSize(1);
      assertThat(migrateThrough("one", target).applied()).isEqualTo(1);
    }
  }

  /** No TiDB: a MariaDB that was told to call itself so, which shows that the name is read and no more. */
  @Test
  void tidb_is_waited_for_and_refused_as_a_target_of_migrations() throws Exception {
    write(folder, "001.sql", "CREATE TABLE t (id int);");
    try (MariaDbServer standIn = new MariaDbServer().with("--version=8.0.11-TiDB-v8.5.0")) {
      standIn.start();
      standIn.createDatabase("app");
      Target target = SqlTargets.server("mysql", standIn.port(), "app", "root", "", folder);
      assertThat(
              problem(
                  ExitCode.REFUSED,
                  () ->
                      migration(target, MigrationSettings.DEFAULT).migrate(MigrationListener.NONE)))
          .contains("the server is TiDB");
      assertThat(
              problem(
                  ExitCode.REFUSED, () -> migration(target, MigrationSettings.DEFAULT).status()))
          .contains("the server is TiDB");
      try (Connection connection = standIn.connect("app");
          Statement statement = connection.createStatement();
          ResultSet tables = statement.executeQuery("SHOW TABLES")) {
        assertThat(tables.next()).isFalse();
      }
      try (Probe probe =
          new MySqlEngine(new ConnectionHandoff()).open(target, Probe.ProbeMode.AWAIT)) {
        assertThat(probe.attempt(Duration.ofSeconds(30)).sentence()).startsWith("TiDB v8.5.0");
      }
    }
  }

  @Test
  void galera_node_that_is_named_has_to_be_one() throws Exception {
    write(folder, "001.sql", "CREATE TABLE t (id int);");
    assertThat(problem(ExitCode.REFUSED, () -> migrateThrough("one", target(database(), folder))))
        .contains("in no Galera cluster", "Take galera-node out");
    assertThat(query("SHOW TABLES")).isEmpty();
  }

  private MigrationOutcome migrateThrough(String node, Target target) throws Exception {
    Changelog changelog =
        new Changelog(
            folder,
            "",
            "",
            null,
            Set.of(),
            null,
            Changelog.Format.PLAIN,
            LiquibaseTables.DEFAULT,
            Changelog.Destructive.DEFAULT,
            node,
            FlywayPlaceholders.NONE);
    return migration(SqlTargets.with(target, changelog), MigrationSettings.DEFAULT)
        .migrate(MigrationListener.NONE);
  }
}
