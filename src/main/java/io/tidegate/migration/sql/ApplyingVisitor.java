package io.tidegate.migration.sql;

import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.sql.SqlDialect.Fault;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.ChangeSet.RunStatus;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.changelog.filter.ChangeSetFilterResult;
import liquibase.changelog.visitor.UpdateVisitor;
import liquibase.database.Database;
import liquibase.exception.DatabaseException;
import liquibase.exception.LiquibaseException;
import org.jspecify.annotations.Nullable;

/**
 * Applies one changeset after the other, each together with its history row, and tries one again
 * that met a locked table.
 */
final class ApplyingVisitor extends UpdateVisitor {
  private static final int SHORTEST_PAUSE_MILLIS = 100;
  private static final int LONGEST_PAUSE_MILLIS = 1000;

  private final SqlSession session;
  private final OneCommitConnection connection;
  private final Failures failures;
  private final MigrationListener listener;
  private final Instant deadline;
  private final int pending;
  private volatile boolean stopping;
  private @Nullable ChangesetId current;
  private int applied;
  private int retries;

  ApplyingVisitor(
      Database database,
      SqlSession session,
      OneCommitConnection connection,
      Failures failures,
      MigrationListener listener,
      Instant deadline,
      int pending) {
    super(database, null, null);
    this.session = session;
    this.connection = connection;
    this.failures = failures;
    this.listener = listener;
    this.deadline = deadline;
    this.pending = pending;
  }

  /** Ends the run before its next changeset. From any thread. */
  void stop() {
    stopping = true;
  }

  int applied() {
    return applied;
  }

  int retries() {
    return retries;
  }

  /** The changeset that runs, or that failed; null before the first. */
  @Nullable ChangesetId current() {
    return current;
  }

  @Override
  public void visit(
      ChangeSet changeSet,
      DatabaseChangeLog changelog,
      Database database,
      Set<ChangeSetFilterResult> reasons)
      throws LiquibaseException {
    ChangesetId id = Failures.id(changeSet);
    current = id;
    listener.started(id, applied + 1, pending);
    long start = System.nanoTime();
    while (!triedOnce(changeSet, changelog, database, reasons)) {
      // Its transaction was rolled back, so it begins anew.
    }
    applied++;
    listener.applied(id, Duration.ofNanos(System.nanoTime() - start));
    current = null;
  }

  private boolean triedOnce(
      ChangeSet changeSet,
      DatabaseChangeLog changelog,
      Database database,
      Set<ChangeSetFilterResult> reasons)
      throws LiquibaseException {
    if (stopping) {
      throw new Stopped();
    }
    boolean transaction = changeSet.isRunInTransaction();
    if (!transaction) {
      limitTableLocks(false);
    }
    try {
      super.visit(changeSet, changelog, database, reasons);
      return true;
    } catch (LiquibaseException e) {
      connection.commitAsUsual();
      if (!transaction || !session.rollsBackSchema() || !triesAgain(e)) {
        throw e;
      }
      database.rollback();
      pause();
      return false;
    } finally {
      connection.commitAsUsual();
      if (!transaction) {
        limitTableLocks(true);
      }
    }
  }

  @Override
  protected void fireWillRun(
      ChangeSet changeSet, DatabaseChangeLog changelog, Database database, RunStatus status) {
    super.fireWillRun(changeSet, changelog, database, status);
    if (changeSet.isRunInTransaction()) {
      connection.holdNextCommit();
    }
  }

  /** Whether the failure is a locked table, and there is time left to try again; counts it then. */
  boolean triesAgain(LiquibaseException e) {
    Optional<SQLException> sql = Failures.sqlException(e);
    boolean again =
        sql.isPresent()
            && failures.faultOf(sql.get()) == Fault.TABLE_LOCKED
            && !stopping
            && Instant.now().isBefore(deadline);
    if (again) {
      retries++;
    }
    return again;
  }

  /** A setting made inside a transaction would be undone by its rollback. */
  private void limitTableLocks(boolean limited) throws DatabaseException {
    try {
      if (session.connection().isClosed()) {
        return;
      }
      boolean autoCommit = session.connection().getAutoCommit();
      session.connection().setAutoCommit(true);
      session.limitTableLocks(limited);
      session.connection().setAutoCommit(autoCommit);
    } catch (SQLException e) {
      throw new DatabaseException(e);
    }
  }

  static void pause() {
    try {
      Thread.sleep(
          ThreadLocalRandom.current().nextInt(SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS));
    } catch (InterruptedException e) {
      throw new Stopped();
    }
  }

  /** The run was asked to stop between two changesets. */
  static final class Stopped extends RuntimeException {}
}
