package io.tidegate.migration.sql;

import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationListener.LockHolder;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.sql.History.LiquibaseHistory;
import io.tidegate.migration.sql.SqlSession.HistoryPlace;
import io.tidegate.target.Changelog;
import io.tidegate.target.LiquibaseTables;
import java.io.Reader;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.Optional;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.database.AbstractJdbcDatabase;
import liquibase.database.Database;
import org.jspecify.annotations.Nullable;

/**
 * Two changesets of its own, applied over a connection that leads nowhere: what Liquibase does for
 * the first time in a process takes far longer than the second time. Of the user's changelog only
 * the place is taken; it is not read.
 */
final class WarmUpMigration {
  private static final String TARGET = "warm-up";

  private final SqlDialect dialect;
  private final Changelog changelog;

  WarmUpMigration(SqlDialect dialect, Changelog changelog) {
    this.dialect = dialect;
    this.changelog = changelog;
  }

  /**
   * Runs it to its end.
   *
   * @throws InterruptedException if the thread was interrupted; it is over then
   */
  void run() throws Exception {
    try (Nowhere session = new Nowhere(dialect)) {
      OwnChangelog own = new OwnChangelog(changelog, dialect);
      History history = new LiquibaseHistory(session, LiquibaseTables.DEFAULT);
      LiquibaseRunner run =
          new LiquibaseRunner(
              session,
              history,
              own,
              new Failures(dialect, TARGET, TARGET),
              Duration.ZERO,
              MigrationSettings.LONGEST_SILENCE,
              null);
      run.update(
          MigrationListener.NONE,
          Duration.ZERO,
          new Fingerprint(session, own, history),
          new LockGuard(
              session, history, () -> true, Duration.ZERO, TARGET, MigrationListener.NONE));
    }
  }

  /** A table and a row. */
  private static final class OwnChangelog extends ChangelogReader {
    OwnChangelog(Changelog changelog, SqlDialect dialect) {
      super(changelog, dialect);
    }

    @Override
    DatabaseChangeLog read(ChangelogRoot root, SqlSession session, Database database) {
      DatabaseChangeLog all = new DatabaseChangeLog("warm-up");
      all.setChangeLogParameters(parameters(database));
      all.addChangeSet(
          changeSet("1.sql", () -> new StringReader("CREATE TABLE warm_up (id int)"), true, all));
      all.addChangeSet(
          changeSet("2.sql", () -> new StringReader("INSERT INTO warm_up VALUES (1)"), true, all));
      ForbiddenChanges.check(all);
      return all;
    }
  }

  /** A session whose server hears nothing, knows no table and holds nothing. */
  private static final class Nowhere implements SqlSession {
    private static final MigrationLock HELD =
        new MigrationLock() {
          @Override
          public boolean tryAcquire() {
            return true;
          }

          @Override
          public boolean isHeld() {
            return true;
          }

          @Override
          public @Nullable LockHolder holder() {
            return null;
          }
        };

    private final WarmUpConnection deaf = new WarmUpConnection();
    private final SqlDialect dialect;

    Nowhere(SqlDialect dialect) {
      this.dialect = dialect;
    }

    @Override
    public Connection connection() {
      return deaf.connection();
    }

    @Override
    public CatalogQueries catalogQueries() {
      throw new UnsupportedOperationException("nobody looks for risks here");
    }

    @Override
    public AbstractJdbcDatabase database() {
      return dialect.database();
    }

    @Override
    public MigrationLock lock() {
      return HELD;
    }

    @Override
    public boolean rollsBackSchema() {
      return true;
    }

    @Override
    public boolean allOrNothing(String statement) {
      return true;
    }

    @Override
    public boolean mayBeConnected(@Nullable String address, @Nullable Timestamp granted) {
      return false;
    }

    @Override
    public void renew() {}

    @Override
    public HistoryPlace place() {
      return new HistoryPlace(null, null, "", true);
    }

    @Override
    public Optional<String> table(String name) {
      return Optional.empty();
    }

    @Override
    public String historyDigest(String history) {
      return "";
    }

    @Override
    public String columnsQuery() {
      return "";
    }

    @Override
    public String objectsQuery() {
      return "";
    }

    @Override
    public StatementSplitter script(Reader text) {
      return new StatementSplitter(text);
    }

    @Override
    public void limitTableLocks(boolean limited) {}

    /** From any thread: whatever is asked from now on fails, so that the warm-up is soon over. */
    @Override
    public void cancel() {
      deaf.close();
    }

    @Override
    public void close() {
      deaf.close();
    }
  }
}
