package io.tidegate.migration.sql;

import io.tidegate.migration.MigrationListener;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;

/**
 * Makes sure that this run still holds the migration lock. It may lose it to a statement of a
 * changeset, such as {@code DISCARD ALL} or {@code RELEASE_ALL_LOCKS()}, to a pooler or to a failover;
 * and whoever takes it then may apply what this run is about to apply.
 */
final class LockGuard {
  private final SqlSession session;
  private final Duration limit;
  private final String target;
  private final MigrationListener listener;

  /** Tells how far the history was when this run last wrote to it. */
  private String position = "";

  LockGuard(SqlSession session, Duration limit, String target, MigrationListener listener) {
    this.session = session;
    this.limit = limit;
    this.target = target;
    this.listener = listener;
  }

  /** The history is read, or written by this run, at this moment. */
  void remember() throws SQLException {
    position = position();
  }

  /**
   * Takes the lock again if it was lost and nobody has used it since.
   *
   * @throws LockLostException if another run holds it, or has changed the history
   */
  void beforeChangeset() throws SQLException {
    if ((!session.lock().isHeld() && !session.lock().tryAcquire())
        || !position.equals(position())) {
      throw new LockLostException();
    }
  }

  /**
   * The same in a changeset's transaction, before its history row is written.
   *
   * @param intent whether what it did cannot be rolled back, and its intent is written: others see
   *     that and leave it alone, so the lock is waited for
   */
  void beforeCommit(boolean intent) throws SQLException {
    if (session.lock().isHeld()) {
      return;
    }
    if (intent) {
      try {
        new LockWait(session.lock(), limit, target).acquire(listener);
      } catch (InterruptedException e) {
        throw new ApplyingVisitor.Stopped();
      }
      return;
    }
    // A snapshot would not show what others have written since.
    boolean snapshot =
        session.connection().getTransactionIsolation() > Connection.TRANSACTION_READ_COMMITTED;
    if (snapshot || !session.lock().tryAcquire() || !position.equals(position())) {
      throw new LockLostException();
    }
  }

  private String position() throws SQLException {
    Optional<String> history = session.table(Fingerprint.HISTORY).map(session.place()::table);
    if (history.isEmpty()) {
      return "";
    }
    try (Statement statement = session.connection().createStatement();
        ResultSet row =
            statement.executeQuery("SELECT count(*), max(ORDEREXECUTED) FROM " + history.get())) {
      return row.next() ? row.getString(1) + " " + row.getString(2) : "";
    }
  }

  /** The lock was lost, and what was about to be committed is not. The run begins again. */
  static final class LockLostException extends RuntimeException {
    LockLostException() {
      super("the migration lock was lost");
    }

    /** Whether that is what ended a run, whoever wrapped it. */
    static boolean isBehind(Throwable failure) {
      int depth = 0;
      for (Throwable at = failure; at != null && depth < 50; at = at.getCause(), depth++) {
        if (at instanceof LockLostException) {
          return true;
        }
      }
      return false;
    }
  }
}
