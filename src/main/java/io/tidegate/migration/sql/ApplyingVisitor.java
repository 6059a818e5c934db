package io.tidegate.migration.sql;

import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.sql.SqlDialect.Fault;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.sql.Connection;
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

  /** The SQLSTATE of a schema that is not there. */
  private static final String NO_SCHEMA = "3F000";

  private final SqlSession session;
  private OneCommitConnection connection;
  private final Failures failures;
  private final MigrationListener listener;
  private final Instant deadline;
  private final int pending;
  private final LockGuard guard;
  private final HistoryCreation historyCreation;
  private final Intents intents;
  private final Blockers blockers;
  private volatile boolean stopping;
  private @Nullable ChangesetId current;
  private int applied;
  private int retries;

  /** Whether the statements that are sent now are our own, not the changeset's. */
  private boolean own;

  /** The file of the changeset that ran last. */
  private @Nullable String file;

  /** How many statements of the changeset were sent. */
  private int position;

  /** The last of them. */
  private String statement = "";

  /** Where the intent that is written stands; 0: there is none. */
  private int intent;

  private boolean transaction;
  private boolean rerun;
  private boolean recorded;

  /** Whether all statements of the changeset succeeded, so that only its history row is missing. */
  private boolean ran;

  /** Creates the history where its schema is created by a changeset. */
  interface HistoryCreation {
    void createIfMissing(Database database) throws DatabaseException;
  }

  ApplyingVisitor(
      Database database,
      SqlSession session,
      OneCommitConnection connection,
      Failures failures,
      MigrationListener listener,
      Instant deadline,
      int pending,
      LockGuard guard,
      HistoryCreation historyCreation) {
    super(database, null, null);
    this.session = session;
    this.connection = connection;
    this.failures = failures;
    this.listener = listener;
    this.deadline = deadline;
    this.pending = pending;
    this.guard = guard;
    this.historyCreation = historyCreation;
    this.intents = new Intents(session);
    this.blockers = new Blockers(session, listener);
  }

  /** Ends the run before its next changeset. From any thread. */
  void stop() {
    stopping = true;
  }

  int applied() {
    return applied;
  }

  /** Whether something of the changeset stays although it failed, so that it is not run again. */
  boolean isUnfinished() {
    return intent > 0;
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
    beginFile(changeSet.getFilePath(), database);
    verifyLock();
    blockers.lookBetweenNowAndThen();
    listener.started(id, applied + 1, pending);
    long start = System.nanoTime();
    while (!triedOnce(changeSet, changelog, database, reasons)) {
      // Its transaction was rolled back, so it begins anew.
    }
    applied++;
    listener.applied(id, Duration.ofNanos(System.nanoTime() - start));
    current = null;
  }

  /** What a file set for the session ends with it: the next one finds a session as if it were new. */
  private void beginFile(String next, Database database) throws DatabaseException {
    boolean renews = file != null && !file.equals(next);
    file = next;
    if (!renews) {
      return;
    }
    try {
      Connection former = session.connection();
      rollBack(former);
      former.setAutoCommit(true);
      session.renew();
      if (!session.connection().equals(former)) {
        connection = connection.over(session.connection());
        database.setConnection(connection);
      }
    } catch (SQLException e) {
      throw new DatabaseException(e);
    }
  }

  /** Before a transaction, which may have to begin with a statement of the changeset. */
  private void verifyLock() throws DatabaseException {
    try {
      guard.beforeChangeset();
      rollBack(session.connection());
    } catch (SQLException e) {
      throw new DatabaseException(e);
    }
  }

  private static void rollBack(Connection connection) throws SQLException {
    if (!connection.getAutoCommit()) {
      connection.rollback();
    }
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
    transaction = changeSet.isRunInTransaction();
    position = 0;
    intent = 0;
    recorded = false;
    ran = false;
    if (!transaction) {
      limitTableLocks(false);
    }
    try {
      super.visit(changeSet, changelog, database, reasons);
      if (recorded) {
        guard.recorded(rerun);
      }
      withdraw();
      return true;
    } catch (LiquibaseException e) {
      connection.commitAsUsual();
      settle(e);
      refuseMissingSchema(e);
      if (!transaction || !session.rollsBackSchema() || !triesAgain(e)) {
        throw e;
      }
      database.rollback();
      blockers.lookBetween();
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
    rerun = status != RunStatus.NOT_RAN;
    if (changeSet.isRunInTransaction()) {
      connection.holdNextCommit();
    }
  }

  /** A statement of the changeset is about to be sent: writes an intent if it cannot be undone. */
  void sends(String next) throws SQLException {
    ChangesetId id = current;
    if (id == null || own) {
      return;
    }
    position++;
    statement = next;
    session.check(next);
    if (session.onlyAsksBack(next) || (transaction && session.rollsBack(next))) {
      return;
    }
    session.beforeIntent(next);
    String shown = StatementText.shown(next);
    if (intent == 0) {
      if (!session.place().exists()) {
        intents.prepare();
      }
      intents.begin(id, rerun, position, shown);
    } else {
      proceed(id, shown);
    }
    intent = position;
  }

  /** While a changeset has tables locked, the intent stays as it was when it locked them. */
  private void proceed(ChangesetId id, String shown) throws SQLException {
    try {
      intents.proceed(id, position, shown);
    } catch (SQLException e) {
      if (!session.isLockedOut(e)) {
        throw e;
      }
    }
  }

  /** The history row is about to be written, in the transaction of the changeset. */
  void records(Database database) throws DatabaseException {
    ran = true;
    own = true;
    if (transaction) {
      connection.holdNextCommit();
    }
    try {
      session.beforeRecording();
      guard.beforeCommit(intent > 0);
      historyCreation.createIfMissing(database);
    } catch (SQLException e) {
      throw new DatabaseException(e);
    } finally {
      own = false;
      connection.commitAsUsual();
    }
  }

  /** The history row is written, not yet committed: the intent goes with it. */
  void recorded() throws SQLException {
    recorded = true;
    if (current != null && intent > 0) {
      intents.clear(current);
      intent = 0;
    }
  }

  /** A changeset that was not recorded, since it was skipped or may fail, is over all the same. */
  private void withdraw() throws DatabaseException {
    if (current == null || intent == 0) {
      return;
    }
    try {
      session.beforeRecording();
      intents.clearNow(current);
    } catch (SQLException e) {
      throw new DatabaseException(e);
    }
  }

  /**
   * After a failure: a first statement that the server refused has done nothing, so the changeset
   * may be run again once it is corrected. Otherwise the intent stays, as where the changeset ran and
   * only its history row failed.
   */
  private void settle(LiquibaseException failure) {
    Optional<SQLException> sql = Failures.sqlException(failure);
    if (current == null
        || ran
        || intent != 1
        || position != 1
        || sql.isEmpty()
        || failures.faultOf(sql.get()) == Fault.LOST) {
      return;
    }
    try {
      if (session.allOrNothing(statement)) {
        intents.clearNow(current);
        intent = 0;
      }
    } catch (SQLException e) {
      // The failure itself is what is told; the intent is found by the next run.
      failure.addSuppressed(e);
    }
  }

  /** PostgreSQL says that no schema was selected, not which one is missing. */
  private void refuseMissingSchema(LiquibaseException failure) {
    boolean schema =
        Failures.sqlException(failure)
            .filter(sql -> NO_SCHEMA.equals(sql.getSQLState()))
            .isPresent();
    if (schema && !session.place().exists()) {
      throw new ProblemException(
          new Problem(
              ExitCode.CHANGELOG,
              "changeset %s cannot be applied: the schema %s, in which the history belongs, does not exist (%s)"
                  .formatted(current, session.place().schema(), Failures.text(failure)),
              "target " + failures.target(),
              "Create it in the first file of the changelog, in a transaction, or correct the schema in the URL"));
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
      ChangesetId id = current;
      if (id != null) {
        listener.retrying(id, Failures.text(sql.get()));
      }
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

  /** Before a statement is tried again by itself: what ran before it in its transaction stays. */
  void beforeAnotherTry() {
    blockers.look();
    pause();
  }

  private static void pause() {
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
