package io.tidegate.migration.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.tidegate.migration.BackupCheck;
import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.Migration;
import io.tidegate.migration.Migration.MigrationOutcome;
import io.tidegate.migration.Migration.Resolvable;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationListener.LockHolder;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.ProblemException;
import io.tidegate.target.Changelog;
import io.tidegate.target.LiquibaseTables;
import io.tidegate.target.Target;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.Liquibase;
import liquibase.database.AbstractJdbcDatabase;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.DirectoryResourceAccessor;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** One dialect over a real server, with an empty database for each test. */
public abstract class DialectFixture {
  private static final AtomicInteger DATABASES = new AtomicInteger();

  /** The folder of this test's changelog. */
  @TempDir protected Path folder;

  private @Nullable String database;

  /** The databases of the engine under test. */
  protected abstract TestDatabases databases();

  /** The dialect under test. */
  protected SqlDialect dialect() {
    return databases().dialect();
  }

  /** Makes an empty database. */
  protected void create(String name) {
    databases().create(name);
  }

  /** A target for that database. */
  protected Target target(String name, Path changelog) {
    return databases().target(name, changelog);
  }

  /** A connection to that database that is not the migration's. */
  protected Connection connect(String name) throws SQLException {
    return databases().connect(name);
  }

  @BeforeEach
  protected void createDatabase() {
    database = "t" + ProcessHandle.current().pid() + "_" + DATABASES.incrementAndGet();
    create(database);
  }

  /** This test's database. */
  protected String database() {
    return Objects.requireNonNull(database);
  }

  /** The migration of that changelog. */
  protected Migration migration(Path changelog) {
    return migration(target(database(), changelog), MigrationSettings.DEFAULT);
  }

  /** The migration of that target. */
  protected Migration migration(Target target, MigrationSettings settings) {
    return new SqlMigrator(dialect(), BackupCheck.NONE).open(target, settings);
  }

  /** The same migration, for what was interrupted. */
  protected Resolvable resolvable() {
    return (Resolvable) migration(folder);
  }

  /** Whether a failed change of the schema leaves nothing. */
  protected boolean rollsBackSchema() {
    return true;
  }

  /** The migration of that changelog, whose history has those names. */
  protected Migration migration(Path changelog, LiquibaseTables tables) {
    return migration(
        SqlTargets.with(
            target(database(), changelog),
            new Changelog(changelog, "", "", null, Set.of(), null, Changelog.Format.PLAIN, tables)),
        MigrationSettings.DEFAULT);
  }

  /** Applies what is pending, hearing nothing. */
  protected MigrationOutcome migrate(Path changelog) throws InterruptedException {
    return migration(changelog).migrate(MigrationListener.NONE);
  }

  /** The first column of all rows. */
  protected List<String> query(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = connect(database());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        rows.add(row.getString(1));
      }
    }
    return rows;
  }

  /** Runs one statement. */
  protected void execute(String sql) throws SQLException {
    try (Connection connection = connect(database());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Migrates as plain Liquibase does, from that folder. */
  protected void plainLiquibase(Path root, String file) throws Exception {
    plainLiquibase(
        root,
        file,
        LiquibaseTables.DEFAULT,
        plain -> plain.update(new Contexts(), new LabelExpression()));
  }

  /** What is done with plain Liquibase. */
  protected interface LiquibaseWork {
    void with(Liquibase plain) throws Exception;
  }

  /** Plain Liquibase that was told those names, over that folder's changelog. */
  protected void plainLiquibase(Path root, String file, LiquibaseTables tables, LiquibaseWork work)
      throws Exception {
    try (Connection connection = connect(database());
        SqlSession session =
            dialect()
                .open(
                    target(database(), folder),
                    MigrationSettings.DEFAULT,
                    SqlDialect.Access.WRITE)) {
      AbstractJdbcDatabase plain = session.database();
      plain.setConnection(new JdbcConnection(connection));
      plain.setDatabaseChangeLogTableName(tables.history());
      plain.setDatabaseChangeLogLockTableName(tables.lock());
      if (tables.schema() != null) {
        plain.setLiquibaseSchemaName(tables.schema());
      }
      work.with(new Liquibase(file, new DirectoryResourceAccessor(root), plain));
    }
  }

  /** Fails with that exit code, and gives the text of the problems. */
  protected static String problem(ExitCode exit, ThrowingCallable call) {
    List<String> text = new ArrayList<>();
    assertThatThrownBy(call)
        .asInstanceOf(type(ProblemException.class))
        .satisfies(e -> {
          text.add(e.getMessage());
          assertThat(e.exit()).as(e.getMessage()).isEqualTo(exit);
        });
    return text.getFirst();
  }

  /** Collects what is noticed. */
  protected static MigrationListener noticing(List<String> noticed) {
    return new MigrationListener() {
      @Override
      public void waiting(LockHolder holder) {}

      @Override
      public void started(ChangesetId changeset, int number, int of) {}

      @Override
      public void applied(ChangesetId changeset, Duration took) {}

      @Override
      public void noticed(String sentence) {
        noticed.add(sentence);
      }
    };
  }

  /** Lets a while pass before each changeset, in which the session is silent. */
  protected static MigrationListener slow(Duration pause) {
    return new MigrationListener() {
      @Override
      public void waiting(LockHolder holder) {}

      @Override
      public void started(ChangesetId changeset, int number, int of) {
        LockSupport.parkNanos(pause.toNanos());
      }

      @Override
      public void applied(ChangesetId changeset, Duration took) {}
    };
  }
}
