package io.tidegate.migration.sql;

import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.sql.SqlDialect.Fault;
import java.sql.SQLException;
import java.util.Optional;
import liquibase.exception.DatabaseException;
import liquibase.exception.LiquibaseException;
import org.jspecify.annotations.Nullable;

/**
 * The intent of the changeset that runs: it is written before the first statement that cannot be
 * rolled back, and goes with the changeset's history row. Told of each statement before it is sent.
 */
final class RunningIntent {
  private final SqlSession session;
  private final Failures failures;
  private final IntentStore intents;

  private @Nullable ChangesetId current;
  private boolean transaction;
  private boolean rerun;

  /** How many statements of the changeset were sent. */
  private int position;

  /** The last of them. */
  private String statement = "";

  /** Where the intent that is written stands; 0: there is none. */
  private int written;

  /** Whether the statements that are sent now are our own, not the changeset's. */
  private boolean own;

  /** Whether all statements of the changeset succeeded, so that only its history row is missing. */
  private boolean ran;

  RunningIntent(SqlSession session, Failures failures) {
    this.session = session;
    this.failures = failures;
    this.intents = new IntentStore(session);
  }

  /** A changeset is run, or run again: nothing of it was sent. */
  void begin(@Nullable ChangesetId changeset, boolean inTransaction) {
    current = changeset;
    transaction = inTransaction;
    position = 0;
    written = 0;
    ran = false;
  }

  /** The changeset is over. */
  void end() {
    current = null;
  }

  /** Whether it is in the history already. */
  void rerun(boolean already) {
    rerun = already;
  }

  /** Whether something of the changeset stays if it fails, so that it is not run again. */
  boolean isWritten() {
    return written > 0;
  }

  /** A statement is about to be sent: writes the intent if it cannot be undone. */
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
    if (written == 0) {
      if (!session.place().exists()) {
        intents.prepare();
      }
      intents.begin(id, rerun, position, shown);
    } else {
      proceed(id, shown);
    }
    written = position;
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

  /** The changeset's statements all succeeded; what is sent until {@link #endOwn} is our own. */
  void beginOwn() {
    ran = true;
    own = true;
  }

  /** What is sent from now on is the changeset's again. */
  void endOwn() {
    own = false;
  }

  /** Takes it back in the transaction in which the history row was written. */
  void clear() throws SQLException {
    if (current != null && written > 0) {
      intents.clear(current);
      written = 0;
    }
  }

  /** A changeset that was not recorded, since it was skipped or may fail, is over all the same. */
  void withdraw() throws DatabaseException {
    if (current == null || written == 0) {
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
  void settle(LiquibaseException failure) {
    Optional<SQLException> sql = Failures.sqlException(failure);
    if (current == null
        || ran
        || written != 1
        || position != 1
        || sql.isEmpty()
        || failures.faultOf(sql.get()) == Fault.LOST) {
      return;
    }
    try {
      if (session.allOrNothing(statement)) {
        intents.clearNow(current);
        written = 0;
      }
    } catch (SQLException e) {
      // The failure itself is what is told; the intent is found by the next run.
      failure.addSuppressed(e);
    }
  }
}
