package io.tidegate.migration.sql;

import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.sql.SqlSession.Blocker;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.ChangeSet.RunStatus;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.changelog.filter.ChangeSetFilterResult;
import liquibase.changelog.visitor.UpdateVisitor;
import liquibase.database.AbstractJdbcDatabase;
import liquibase.database.Database;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.DatabaseException;
import liquibase.exception.LiquibaseException;
import org.jspecify.annotations.Nullable;

/**
 * Applies one changeset after the other, each together with its history row, and tries one again
 * where another session was in the way.
 */
final class ChangesetApplier extends UpdateVisitor {
  private static final int SHORTEST_PAUSE_MILLIS = 100;
  private static final int LONGEST_PAUSE_MILLIS = 1000;

  /** The SQLSTATE of a schema that is not there. */
  private static final String NO_SCHEMA = "3F000";

  private final SqlSession session;
  private final Failures failures;
  private final MigrationListener listener;
  private final Instant deadline;
  private final int pending;
  private final LockGuard guard;
  private final History history;
  private final StatementExecutor statements;
  private final Blockers blockers;
  private volatile boolean stopping;
  private @Nullable ChangesetId current;
  private int begun;
  private int applied;
  private int retries;

  /** The file of the changeset that ran last. */
  private @Nullable String file;

  private boolean rerun;

  ChangesetApplier(
      AbstractJdbcDatabase database,
      SqlSession session,
      Failures failures,
      MigrationListener listener,
      Instant deadline,
      int pending,
      LockGuard guard,
      History history) {
    super(database, null, null);
    this.session = session;
    this.failures = failures;
    this.listener = listener;
    this.deadline = deadline;
    this.pending = pending;
    this.guard = guard;
    this.history = history;
    this.statements = new StatementExecutor(database, session, history, guard, failures, this);
    this.blockers = new Blockers(session, listener);
  }

  /** What Liquibase sends the changesets' statements through. */
  StatementExecutor statements() {
    return statements;
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
    return statements.isUnfinished();
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
    ChangesetId id = SchemaComparison.id(changeSet);
    current = id;
    beginFile(changeSet.getFilePath(), database);
    verifyLock();
    blockers.lookBetweenNowAndThen();
    listener.started(id, ++begun, pending);
    long start = System.nanoTime();
    while (!triedOnce(id, changeSet, changelog, database, reasons)) {
      // Its transaction was rolled back, so it begins anew.
    }
    if (statements.isRecorded()) {
      applied++;
      listener.applied(id, Duration.ofNanos(System.nanoTime() - start));
    } else {
      // Failed with failOnError="false", or left by its preconditions.
      listener.noticed(
          "changeset %s was not applied, as it allows itself: it failed, or its preconditions do not hold, and the next run tries again"
              .formatted(id));
    }
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
        database.setConnection(OneCommitConnection.of(database).over(session.connection()));
      }
    } catch (SQLException e) {
      throw new DatabaseException(e);
    }
  }

  /** Before a transaction, which may have to begin with a statement of the changeset. */
  private void verifyLock() throws DatabaseException {
    try {
      guard.takeAgainIfLost();
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
      ChangesetId id,
      ChangeSet changeSet,
      DatabaseChangeLog changelog,
      Database database,
      Set<ChangeSetFilterResult> reasons)
      throws LiquibaseException {
    if (stopping) {
      throw new Stopped();
    }
    boolean transaction = changeSet.isRunInTransaction();
    statements.begin(id, transaction);
    history.starts(id);
    if (!transaction) {
      limitTableLocks(false);
    }
    try {
      super.visit(changeSet, changelog, database, reasons);
      if (statements.isRecorded()) {
        guard.recorded(id, rerun);
      }
      statements.end();
      return true;
    } catch (LiquibaseException e) {
      OneCommitConnection.of(database).commitAsUsual();
      statements.settle(e);
      refuseMissingSchema(e);
      if (!transaction || !session.rollsBackSchema() || !triesAgain(e)) {
        throw e;
      }
      database.rollback();
      blockers.lookBetween();
      pause();
      return false;
    } finally {
      OneCommitConnection.of(database).commitAsUsual();
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
    statements.rerun(rerun);
    if (changeSet.isRunInTransaction()) {
      OneCommitConnection.of(database).holdNextCommit();
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

  /** Whether another session was in the way, and there is time left to try again; counts it then. */
  boolean triesAgain(LiquibaseException e) {
    boolean again = failures.isBlocked(e) && !stopping && Instant.now().isBefore(deadline);
    if (again) {
      retries++;
      ChangesetId id = current;
      if (id != null) {
        listener.retrying(id, Failures.text(Failures.sqlException(e).orElseThrow()));
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

  /** Tells who may stand in the way before it does, each once, so that a person can end it. */
  private static final class Blockers {
    /** A transaction that has been open for so long may stay open for longer. */
    private static final Duration OPEN_FOR_LONG = Duration.ofSeconds(3);

    private static final Duration EVERY = Duration.ofSeconds(1);

    private final SqlSession session;
    private final MigrationListener listener;
    private final Set<String> told = new HashSet<>();
    private long asked;

    Blockers(SqlSession session, MigrationListener listener) {
      this.session = session;
      this.listener = listener;
    }

    /** Looks on the migration's own connection, and within its transaction. */
    void look() {
      asked = System.nanoTime();
      try {
        for (Blocker blocker : session.blockers(OPEN_FOR_LONG)) {
          if (told.add(blocker.id())) {
            listener.noticed("may hold a lock that the migration needs: " + blocker.text());
          }
        }
      } catch (SQLException e) {
        // Not every user may look; what blocks is found out then by waiting for it.
      }
    }

    /** Looks where no transaction is open, and leaves none. */
    void lookBetween() {
      look();
      try {
        if (!session.connection().getAutoCommit()) {
          session.connection().rollback();
        }
      } catch (SQLException e) {
        // The connection is lost: the changeset's own first statement tells so.
      }
    }

    /** The same, unless it looked just now. */
    void lookBetweenNowAndThen() {
      if (asked == 0 || System.nanoTime() - asked >= EVERY.toNanos()) {
        lookBetween();
      }
    }
  }

  /**
   * Makes a changeset and its history row one transaction. Liquibase commits the one, then the other,
   * and whoever is killed in between runs the changeset twice; the first of the two commits is left
   * out here.
   */
  static final class OneCommitConnection extends JdbcConnection {
    private final Object run;
    private boolean commitHeld;
    private boolean allCommitsHeld;

    OneCommitConnection(Connection connection) {
      this(connection, new Object());
    }

    private OneCommitConnection(Connection connection, Object run) {
      super(connection);
      this.run = run;
    }

    /** That of a database, which has no other while it is migrated. */
    static OneCommitConnection of(Database database) {
      return (OneCommitConnection) database.getConnection();
    }

    /**
     * The same over another connection of this run. Liquibase finds what it knows of a database, its
     * history among it, by the connection: it must not read it again for each.
     */
    OneCommitConnection over(Connection next) {
      return new OneCommitConnection(next, run);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof OneCommitConnection that && run.equals(that.run);
    }

    @Override
    public int hashCode() {
      return run.hashCode();
    }

    /** Leaves out the next commit: a changeset that runs in a transaction is about to begin. */
    void holdNextCommit() {
      commitHeld = true;
    }

    /** Leaves out all commits until {@link #commitAsUsual}. */
    void holdCommits() {
      allCommitsHeld = true;
    }

    /** Commits as usual again: the changeset is over, whatever became of it. */
    void commitAsUsual() {
      commitHeld = false;
      allCommitsHeld = false;
    }

    @Override
    public void commit() throws DatabaseException {
      if (commitHeld || allCommitsHeld) {
        commitHeld = false;
        return;
      }
      super.commit();
    }
  }
}
