package io.tidegate.engine.postgres;

import static io.tidegate.migration.sql.Changelogs.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.migration.Migration.MigrationOutcome;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.sql.DialectFixture;
import io.tidegate.migration.sql.TestDatabases;
import io.tidegate.servers.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A changeset that frees the migration lock never lets two runs apply the same. */
class PostgresLostLockTest extends DialectFixture {
  private static final PostgresServer SERVER = new PostgresServer();

  @RegisterExtension static final PostgresDatabases DATABASES = new PostgresDatabases(SERVER);
  private static final String TABLE =
      """
      CREATE TABLE IF NOT EXISTS account(id int primary key, balance int);
      INSERT INTO account VALUES (1,100) ON CONFLICT DO NOTHING;
      """;

  private CompletableFuture<MigrationOutcome> migrating() {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return migration(target(database(), folder), MigrationSettings.DEFAULT)
            .migrate(MigrationListener.NONE);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    });
  }

  private void awaitSleep(CompletableFuture<MigrationOutcome> sleeping) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .until(() ->
            sleeping.isDone()
                || query(
                            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
                                + " AND wait_event = 'PgSleep'")
                        .size()
                    == 1);
  }

  private void assertOnce(MigrationOutcome... outcomes) throws SQLException {
    int applied = 0;
    for (MigrationOutcome outcome : outcomes) {
      applied += outcome.applied();
    }
    assertThat(applied).isEqualTo(2);
    assertThat(query("SELECT balance FROM account")).containsExactly("150");
    assertThat(query("SELECT id FROM databasechangelog ORDER BY orderexecuted"))
        .containsExactly("001.sql", "002.sql");
  }

  @Override
  protected TestDatabases databases() {
    return DATABASES;
  }

  /** Cases 71-discard-all and 71-control. */
  @ParameterizedTest
  @ValueSource(strings = {"DISCARD ALL;", "SELECT pg_advisory_unlock_all();", ""})
  void lock_that_an_earlier_file_freed_is_taken_again(String frees) throws Exception {
    write(folder, "001.sql", "-- tidegate: no-transaction\n" + TABLE + frees);
    write(folder, "002.sql", "SELECT pg_sleep(2);\nUPDATE account SET balance = balance + 50;");
    CompletableFuture<MigrationOutcome> first = migrating();
    awaitSleep(first);
    MigrationOutcome second = migrating().get(60, TimeUnit.SECONDS);
    assertOnce(first.get(60, TimeUnit.SECONDS), second);
    assertThat(second.applied()).isZero();
  }

  /** The second takes the lock in the middle of the first one's transaction. */
  @Test
  void lock_that_is_lost_within_a_transaction_ends_before_its_commit() throws Exception {
    write(folder, "001.sql", TABLE);
    write(
        folder,
        "002.sql",
        "SELECT pg_advisory_unlock_all();\nSELECT pg_sleep(3);\nUPDATE account SET balance = balance + 50;");
    CompletableFuture<MigrationOutcome> first = migrating();
    awaitSleep(first);
    CompletableFuture<MigrationOutcome> second = migrating();
    assertOnce(first.get(90, TimeUnit.SECONDS), second.get(90, TimeUnit.SECONDS));
  }

  @Test
  void lock_that_a_transaction_frees_while_nobody_waits_is_taken_again() throws Exception {
    write(folder, "001.sql", "SELECT pg_advisory_unlock_all();" + TABLE);
    write(folder, "002.sql", "UPDATE account SET balance = balance + 50;");
    assertOnce(migrate(folder));
  }

  /** Whoever was killed leaves its row; it is over, since it does not hold the lock. */
  @Test
  void row_of_a_killed_run_does_not_stop_the_next() throws Exception {
    write(folder, "001.sql", TABLE);
    migrate(folder);
    execute(
        "UPDATE databasechangeloglock SET locked = true, lockgranted = now(), lockedby = 'tidegate h 1 x'");
    write(folder, "002.sql", "UPDATE account SET balance = balance + 50;");
    assertThat(migrate(folder).applied()).isEqualTo(1);
    assertThat(query("SELECT locked FROM databasechangeloglock")).containsExactly("f");
  }

  /** Liquibase's own command line, as another process, has had the time to ask for its lock. */
  private static final String UNTIL_LIQUIBASE_WAITS =
      """
      DO $$ BEGIN
        FOR i IN 1..1200 LOOP
          EXIT WHEN EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()
            AND application_name NOT LIKE 'tidegate%' AND clock_timestamp() - backend_start > interval '5 s');
          PERFORM pg_sleep(0.05);
          PERFORM pg_stat_clear_snapshot();
        END LOOP;
      END $$;
      INSERT INTO seen VALUES ('tidegate');
      """;

  @Test
  void liquibase_that_starts_meanwhile_waits(@TempDir Path other) throws Exception {
    execute("CREATE TABLE seen (who text)");
    write(folder, "001.sql", UNTIL_LIQUIBASE_WAITS);
    write(
        other,
        "plain.sql",
        "--liquibase formatted sql\n--changeset a:1\nINSERT INTO seen SELECT 'liquibase after ' || count(*) FROM seen;\n");
    CompletableFuture<MigrationOutcome> tidegate = migrating();
    awaitSleep(tidegate);
    Process liquibase =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Dliquibase.changelogLockPollRate=1",
                "-Dliquibase.analytics.enabled=false",
                "liquibase.integration.commandline.LiquibaseCommandLine",
                "--search-path=" + other,
                "--changelog-file=plain.sql",
                "--url=jdbc:postgresql://127.0.0.1:%d/%s".formatted(SERVER.port(), database()),
                "--username=" + PostgresServer.USER,
                "--password=" + PostgresServer.PASSWORD,
                "update")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("liquibase.log").toFile())
            .start();
    try {
      assertThat(liquibase.waitFor(3, TimeUnit.MINUTES)).isTrue();
      assertThat(liquibase.exitValue())
          .as(Files.readString(folder.resolve("liquibase.log")))
          .isZero();
    } finally {
      liquibase.destroyForcibly();
    }
    assertThat(tidegate.get(60, TimeUnit.SECONDS).applied()).isEqualTo(1);
    assertThat(query("SELECT who FROM seen")).containsExactly("tidegate", "liquibase after 1");
    assertThat(query("SELECT locked FROM databasechangeloglock")).containsExactly("f");
  }
}
