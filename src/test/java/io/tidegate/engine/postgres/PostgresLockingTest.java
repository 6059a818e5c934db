package io.tidegate.engine.postgres;

import static io.tidegate.migration.sql.Changelogs.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.engine.postgres.PostgresLock.Pooling;
import io.tidegate.migration.Migration;
import io.tidegate.migration.Migration.MigrationOutcome;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.sql.DialectFixture;
import io.tidegate.migration.sql.TestDatabases;
import io.tidegate.problem.ExitCode;
import io.tidegate.servers.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tables that others keep from a migration, and a server whose locks do not hold. */
class PostgresLockingTest extends DialectFixture {
  private static final PostgresServer SERVER = new PostgresServer();

  @RegisterExtension static final PostgresDatabases DATABASES = new PostgresDatabases(SERVER);
  private static final String COCKROACH =
      "CockroachDB CCL v24.1.0 (x86_64-pc-linux-gnu, built 2024/05/15, go1.22.2)";

  @Override
  protected TestDatabases databases() {
    return DATABASES;
  }

  @Test
  void history_that_is_locked_after_the_last_changeset_fails_nothing() throws Exception {
    try (Connection other = connect(database())) {
      CompletableFuture<Void> locked = locksHistoryAfterTheChangeset(other);
      MigrationOutcome outcome =
          migration(
                  target(database(), folder),
                  new MigrationSettings(
                      Duration.ofSeconds(60), Duration.ofSeconds(1), null, Duration.ofSeconds(5)))
              .migrate(MigrationListener.NONE);
      assertThat(locked).succeedsWithin(Duration.ofSeconds(30));
      assertThat(outcome.applied()).isEqualTo(1);
    }
    assertThat(migrate(folder).alreadyApplied()).isEqualTo(1);
  }

  @Test
  void interruption_ends_the_look_after_the_last_changeset() throws Exception {
    Thread self = Thread.currentThread();
    try (Connection other = connect(database())) {
      CompletableFuture<Void> interrupted =
          locksHistoryAfterTheChangeset(other).thenRun(self::interrupt);
      Migration migration =
          migration(
              target(database(), folder),
              new MigrationSettings(
                  Duration.ofMinutes(10), Duration.ofMinutes(10), null, Duration.ofMillis(200)));
      assertThatThrownBy(() -> migration.migrate(MigrationListener.NONE))
          .isInstanceOf(InterruptedException.class);
      assertThat(interrupted).succeedsWithin(Duration.ofSeconds(30));
    } finally {
      Thread.interrupted();
    }
    assertThat(migrate(folder).alreadyApplied()).isEqualTo(1);
  }

  @Test
  void changeset_that_ended_a_deadlock_is_run_again() throws Exception {
    execute("CREATE TABLE a AS SELECT 0 AS n");
    execute("CREATE TABLE b AS SELECT 0 AS n");
    write(
        folder,
        "001.sql",
        "UPDATE a SET n = n + 1; SELECT pg_sleep(5); UPDATE b SET n = n + 1; CREATE TABLE c (id int);");
    CompletableFuture<MigrationOutcome> migration =
        CompletableFuture.supplyAsync(() -> {
          try {
            return migrate(folder);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    try (Connection other = connect(database());
        Statement statement = other.createStatement()) {
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .until(() ->
              !query("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'").isEmpty());
      // The migration is the one that looks for a deadlock.
      statement.execute("SET deadlock_timeout = '1h'");
      other.setAutoCommit(false);
      statement.executeUpdate("UPDATE b SET n = n + 10");
      statement.executeUpdate("UPDATE a SET n = n + 10");
      other.commit();
    }
    MigrationOutcome outcome = migration.get(2, TimeUnit.MINUTES);
    assertThat(outcome.retries()).isPositive();
    assertThat(query("SELECT n FROM a UNION ALL SELECT n FROM b")).containsExactly("11", "11");
  }

  /** Writes a changeset that waits, as it commits, for another session that wants to lock the history. */
  private CompletableFuture<Void> locksHistoryAfterTheChangeset(Connection other) {
    write(
        folder,
        "001.sql",
        """
        CREATE FUNCTION wait_for_other() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          WHILE NOT EXISTS (SELECT FROM pg_locks
              WHERE relation = 'databasechangelog'::regclass AND NOT granted) LOOP
            PERFORM pg_sleep(0.05);
          END LOOP;
          RETURN NULL;
        END $$;
        CREATE CONSTRAINT TRIGGER wait_for_other AFTER INSERT ON databasechangelog
          DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait_for_other();
        """);
    return CompletableFuture.runAsync(() -> {
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .until(
              () ->
                  query(
                          "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                              + " AND wait_event = 'PgSleep'")
                      .size(),
              waiting -> waiting == 1);
      try (Statement statement = other.createStatement()) {
        other.setAutoCommit(false);
        statement.execute("LOCK TABLE databasechangelog IN ACCESS EXCLUSIVE MODE");
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    });
  }

  @Test
  void table_held_by_a_reader_is_tried_again() throws Exception {
    execute("CREATE TABLE t (id int)");
    write(folder, "001.sql", "INSERT INTO t VALUES (1); ALTER TABLE t ADD COLUMN a int;");
    MigrationSettings hasty =
        new MigrationSettings(
            Duration.ofSeconds(60), Duration.ofMillis(200), null, Duration.ofSeconds(5));
    try (Connection reader = connect(database());
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.executeQuery("SELECT * FROM t").close();
      // Other tests of this server may have met the time-out before.
      long before = lockTimeouts();
      CompletableFuture<MigrationOutcome> migration =
          CompletableFuture.supplyAsync(() -> {
            try {
              return migration(target(database(), folder), hasty).migrate(MigrationListener.NONE);
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          });
      Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> lockTimeouts() > before);
      assertThat(migration).isNotDone();
      reader.rollback();
      assertThat(migration.get(60, TimeUnit.SECONDS).retries()).isPositive();
    }
    assertThat(query("SELECT id FROM t")).containsExactly("1");
  }

  private static long lockTimeouts() {
    return SERVER
        .log()
        .lines()
        .filter(line -> line.contains("canceling statement due to lock timeout"))
        .count();
  }

  /** Other readers keep arriving while one keeps the table: none of them waits behind the migration. */
  @Test
  void readers_do_not_queue_behind_a_migration_that_waits() throws Exception {
    execute("CREATE TABLE t (id int)");
    write(folder, "001.sql", "ALTER TABLE t ADD COLUMN a int;");
    List<String> noticed = new CopyOnWriteArrayList<>();
    long longestMillis = 0;
    CompletableFuture<MigrationOutcome> migration;
    try (Connection keeper = connect(database());
        Statement statement = keeper.createStatement()) {
      statement.execute("SET application_name = 'monthly report'");
      keeper.setAutoCommit(false);
      statement.executeQuery("SELECT * FROM t").close();
      long start = System.nanoTime();
      migration =
          CompletableFuture.supplyAsync(() -> {
            try {
              return migration(folder).migrate(noticing(noticed));
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          });
      while (Duration.ofNanos(System.nanoTime() - start).compareTo(Duration.ofSeconds(12)) < 0
          || noticed.isEmpty()) {
        long asked = System.nanoTime();
        query("SELECT * FROM t");
        longestMillis =
            Math.max(longestMillis, Duration.ofNanos(System.nanoTime() - asked).toMillis());
      }
      assertThat(migration).isNotDone();
      keeper.rollback();
    }
    assertThat(migration.get(60, TimeUnit.SECONDS).retries()).isPositive();
    // A reader waits for the lock's time-out at most; without one it would never end.
    assertThat(longestMillis).isBetween(500L, 60_000L);
    assertThat(noticed)
        .filteredOn(line -> line.contains("monthly report"))
        .singleElement()
        .asString()
        .contains("pid ", "idle in transaction", "open for ");
  }

  @Test
  void cockroach_is_known_by_its_version() {
    assertThat(Pooling.ignoresSessionLocks(COCKROACH)).isTrue();
    assertThat(Pooling.ignoresSessionLocks("PostgreSQL 18.0 on x86_64-pc-linux-gnu")).isFalse();
  }

  /** A server that calls itself so: only what it says of itself is staged. */
  @Test
  void cockroach_is_refused_before_anything_is_changed() throws Exception {
    execute("CREATE SCHEMA cockroach");
    execute("CREATE FUNCTION cockroach.version() RETURNS text RETURN '%s'".formatted(COCKROACH));
    execute(
        "ALTER DATABASE %s SET search_path = cockroach, pg_catalog, public".formatted(database()));
    write(folder, "001.sql", "CREATE TABLE public.t (id int);");
    assertThat(problem(ExitCode.REFUSED, () -> migrate(folder)))
        .contains("CockroachDB", "advisory locks do nothing");
    assertThat(
            query(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                    + " OR relnamespace = 'cockroach'::regnamespace"))
        .isEmpty();
    assertThat(migration(folder).status().pending()).hasSize(1);
  }
}
