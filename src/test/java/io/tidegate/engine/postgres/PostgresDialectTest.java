package io.tidegate.engine.postgres;

import static io.tidegate.migration.sql.Changelogs.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationListener.LockHolder;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.sql.NothingToDoSuite;
import io.tidegate.migration.sql.TestDatabases;
import io.tidegate.problem.ExitCode;
import io.tidegate.servers.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.Liquibase;
import liquibase.database.core.PostgresDatabase;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.DirectoryResourceAccessor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresDialectTest extends NothingToDoSuite {
  private static final PostgresServer SERVER = new PostgresServer();

  @RegisterExtension static final PostgresDatabases DATABASES = new PostgresDatabases(SERVER);

  @Override
  protected TestDatabases databases() {
    return DATABASES;
  }

  @Test
  void changeset_that_leads_the_session_elsewhere_leaves_no_fingerprint_there() throws Exception {
    write(
        folder,
        "001.sql",
        """
        CREATE SCHEMA other;
        CREATE TABLE other.databasechangelog (LIKE public.databasechangelog);
        SET search_path = other;
        """);
    assertThat(migrate(folder).applied()).isEqualTo(1);
    String schemas = "SELECT schemaname FROM pg_tables WHERE tablename = 'tidegate_fingerprint'";
    assertThat(migrate(folder).alreadyApplied()).isEqualTo(1);
    assertThat(query(schemas)).containsExactly("public");
  }

  @Test
  void role_that_a_changeset_took_does_not_own_the_fingerprint() throws Exception {
    String role = "owner_" + database();
    write(
        folder,
        "001.sql",
        "CREATE ROLE %s SUPERUSER; SET ROLE %s; CREATE TABLE a (id int);".formatted(role, role));
    migrate(folder);
    migrate(folder);
    assertThat(query("SELECT tableowner FROM pg_tables WHERE tablename = 'tidegate_fingerprint'"))
        .containsExactly("postgres");
  }

  @Test
  void function_bodies_and_concurrent_indexes_work() throws Exception {
    write(
        folder,
        "001.sql",
        """
        CREATE TABLE t (id int, note text);
        CREATE FUNCTION f() RETURNS trigger AS $body$
        BEGIN
          NEW.note := 'a;b'; -- ; here
          RETURN NEW;
        END;
        $body$ LANGUAGE plpgsql;
        CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
        DO $$ BEGIN INSERT INTO t VALUES (1, ''); END; $$;
        """);
    write(
        folder,
        "002.sql",
        "-- tidegate: no-transaction\nCREATE INDEX CONCURRENTLY i ON t (id);\nCREATE INDEX CONCURRENTLY j ON t (note);\n");
    assertThat(migrate(folder).applied()).isEqualTo(2);
    assertThat(query("SELECT note FROM t")).containsExactly("a;b");
    assertThat(query("SELECT count(*) FROM pg_index WHERE indrelid = 't'::regclass AND indisvalid"))
        .containsExactly("2");
  }

  @Test
  void changeset_and_its_history_are_one_transaction() throws Exception {
    write(folder, "001.sql", "CREATE TABLE one (id int);");
    migrate(folder);
    dieWhenHistoryIsWritten();
    write(folder, "002.sql", "CREATE TABLE two (id int);");
    assertThat(problem(ExitCode.NOT_READY, () -> migrate(folder)))
        .contains("while changeset 002.sql");
    assertThat(query("SELECT to_regclass('two') IS NULL")).containsExactly("t");
    execute("DROP TRIGGER dies ON databasechangelog");
    assertThat(migrate(folder).applied()).isEqualTo(1);
  }

  /** What the test above guards against: Liquibase by itself leaves the table without its history. */
  @Test
  void liquibase_alone_commits_a_changeset_before_its_history() throws Exception {
    write(folder, "001.sql", "CREATE TABLE one (id int);");
    migrate(folder);
    dieWhenHistoryIsWritten();
    write(
        folder,
        "plain.sql",
        "--liquibase formatted sql\n--changeset a:1\nCREATE TABLE two (id int);\n");
    try (Connection connection = connect(database())) {
      PostgresDatabase plain = new PostgresDatabase();
      plain.setConnection(new JdbcConnection(connection));
      Liquibase liquibase =
          new Liquibase("plain.sql", new DirectoryResourceAccessor(folder), plain);
      assertThatThrownBy(() -> liquibase.update(new Contexts(), new LabelExpression())).isNotNull();
    }
    assertThat(query("SELECT to_regclass('two') IS NULL")).containsExactly("f");
  }

  /** As one that a loop puts on every table. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TRIGGER nothing BEFORE INSERT ON databasechangelog FOR EACH ROW EXECUTE FUNCTION nothing()",
        "CREATE RULE nothing AS ON INSERT TO databasechangelog DO INSTEAD NOTHING",
      })
  void history_row_that_is_kept_out_undoes_its_changeset(String keepsOut) throws Exception {
    write(folder, "001.sql", "CREATE TABLE a (id int);");
    write(
        folder,
        "002.sql",
        "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
            + "INSERT INTO a VALUES (1);"
            + keepsOut);
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder)))
        .contains("002.sql", "databasechangelog", "a trigger or a rule", "start again");
    assertThat(query("SELECT count(*) FROM a")).containsExactly("0");
    write(folder, "002.sql", "INSERT INTO a VALUES (1);");
    assertThat(migrate(folder).applied()).isEqualTo(1);
    assertThat(query("SELECT count(*) FROM a")).containsExactly("1");
  }

  private void dieWhenHistoryIsWritten() throws SQLException {
    execute(
        "CREATE FUNCTION dies() RETURNS trigger AS $$ BEGIN"
            + " PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$ LANGUAGE plpgsql");
    execute(
        "CREATE TRIGGER dies BEFORE INSERT ON databasechangelog"
            + " FOR EACH ROW EXECUTE FUNCTION dies()");
  }

  @Test
  void interruption_ends_a_long_statement_after_the_grace() throws Exception {
    write(folder, "001.sql", "CREATE TABLE one (id int);");
    write(folder, "002.sql", "CREATE TABLE two (id int); SELECT pg_sleep(300);");
    MigrationSettings impatient =
        new MigrationSettings(
            Duration.ofSeconds(10), Duration.ofSeconds(5), null, Duration.ofMillis(200));
    Thread self = Thread.currentThread();
    MigrationListener listener =
        new MigrationListener() {
          @Override
          public void waiting(LockHolder holder) {}

          @Override
          public void started(ChangesetId changeset, int number, int of) {
            if (number == 2) {
              self.interrupt();
            }
          }

          @Override
          public void applied(ChangesetId changeset, Duration took) {}
        };
    long start = System.nanoTime();
    assertThatThrownBy(() -> migration(target(database(), folder), impatient).migrate(listener))
        .isInstanceOf(InterruptedException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(2));
    Thread.interrupted();
    assertThat(migration(folder).status().pending()).hasSize(1);
    assertThat(migration(folder).status().holder()).isNull();
    assertThat(query("SELECT to_regclass('two') IS NULL")).containsExactly("t");
  }

  @Test
  void cut_concurrent_index_is_named_and_not_counted_as_done() throws Exception {
    execute("CREATE TABLE t (id int)");
    write(
        folder,
        "001.sql",
        "-- tidegate: no-transaction\nCREATE INDEX CONCURRENTLY IF NOT EXISTS cut ON t (id);\n");
    try (Connection reader = connect(database());
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.executeUpdate("INSERT INTO t VALUES (1)");
      CompletableFuture<String> killed =
          CompletableFuture.supplyAsync(() -> problem(ExitCode.NOT_READY, () -> migrate(folder)));
      String building =
          "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
              + " AND pid <> pg_backend_pid() AND query LIKE '%CREATE INDEX CONC%' AND state = 'active'";
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> query("SELECT 1 FROM pg_class WHERE relname = 'cut'").size() == 1);
      execute("SELECT pg_terminate_backend(" + query(building).getFirst() + ")");
      killed.get(60, TimeUnit.SECONDS);
      reader.rollback();
    }
    assertThat(query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'cut'::regclass"))
        .containsExactly("f");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder)))
        .contains("changeset 001.sql", "INVALID", "DROP INDEX CONCURRENTLY cut");
    assertThat(query("SELECT count(*) FROM databasechangelog")).containsExactly("0");

    // Told that it did nothing while the index is still there, the index is named again.
    resolvable().resolve(new ChangesetId("001.sql", "", ""), false, "thought so");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder)))
        .contains("the index cut was left INVALID");

    execute("DROP INDEX cut");
    assertThat(migrate(folder).applied()).isEqualTo(1);
    assertThat(query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'cut'::regclass"))
        .containsExactly("t");
  }

  @Test
  void concurrent_index_that_never_began_is_begun_again() throws Exception {
    execute("CREATE TABLE \"T x\" (id int)");
    write(
        folder,
        "001.sql",
        "-- tidegate: no-transaction\nCREATE INDEX CONCURRENTLY \"My index\" ON public.\"T x\" (id);\n");
    try (Connection reader = connect(database());
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.execute("LOCK TABLE \"T x\" IN ACCESS EXCLUSIVE MODE");
      CompletableFuture<String> killed =
          CompletableFuture.supplyAsync(() -> problem(ExitCode.NOT_READY, () -> migrate(folder)));
      String building =
          "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
              + " AND pid <> pg_backend_pid() AND query LIKE '%CREATE INDEX CONC%' AND state = 'active'";
      Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> query(building).size() == 1);
      execute("SELECT pg_terminate_backend(" + query(building).getFirst() + ")");
      killed.get(60, TimeUnit.SECONDS);
    }
    assertThat(resolvable().interrupted()).hasSize(1);
    assertThat(migrate(folder).applied()).isEqualTo(1);
    assertThat(resolvable().interrupted()).isEmpty();
  }
}
