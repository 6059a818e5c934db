package io.tidegate.migration.sql;

import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationListener.LockHolder;
import io.tidegate.migration.sql.History.Position;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the migration lock, and makes sure that this run still holds it. It may lose it to a
 * statement of a changeset, such as {@code DISCARD ALL} or {@code RELEASE_ALL_LOCKS()}, to a pooler or
 * to a failover; and whoever takes it then may apply what this run is about to apply.
 */
final class LockGuard {
  private static final int SHORTEST_PAUSE_MILLIS = 50;
  private static final int LONGEST_PAUSE_MILLIS = 400;

  private final SqlSession session;
  private final History history;
  private final ForeignLock foreignLock;
  private final Duration limit;
  private final String target;
  private final MigrationListener listener;

  /** How far the history was when it was read, and what this run has written since. */
  private Position position = new Position(0, 0);

  /**
   * Guards a session's lock. Takes and asks nothing yet.
   *
   * @param foreignLock keeps out those who do not know that lock, from {@link #takeForeignLock} on
   * @param limit how long to wait for the session's lock at most
   */
  LockGuard(
      SqlSession session,
      History history,
      ForeignLock foreignLock,
      Duration limit,
      String target,
      MigrationListener listener) {
    this.session = session;
    this.history = history;
    this.foreignLock = foreignLock;
    this.limit = limit;
    this.target = target;
    this.listener = listener;
  }

  /**
   * Returns when the lock is ours. It is asked for again and again, with jitter: a session that waits
   * inside a statement would hold a snapshot, and {@code CREATE INDEX CONCURRENTLY} of the holder would
   * never end.
   *
   * @return how long that took
   * @throws ProblemException with exit 75 when the limit is reached, naming the holder
   */
  Duration acquire() throws SQLException, InterruptedException {
    MigrationLock lock = session.lock();
    long start = System.nanoTime();
    @Nullable LockHolder told = null;
    while (!lock.tryAcquire()) {
      LockHolder holder = lock.holder();
      if (holder != null && !Objects.equals(holder, told)) {
        listener.waiting(holder);
        told = holder;
      }
      if (since(start).compareTo(limit) >= 0) {
        throw new ProblemException(refusal(told));
      }
      Thread.sleep(
          ThreadLocalRandom.current().nextInt(SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS));
    }
    return since(start);
  }

  private Problem refusal(@Nullable LockHolder holder) {
    String who =
        holder == null
            ? "another session, which the server does not name,"
            : holder.who()
                + (holder.since() == null ? "" : ", connected since " + holder.since() + ",")
                + (holder.work() == null ? "" : " working on \"" + holder.work() + "\"");
    return new Problem(
        ExitCode.LOCKED,
        "the migration lock was not free within %d s: %s holds it"
            .formatted(limit.toSeconds(), who),
        "target " + target,
        "Let that migration end or end its session; the lock is free at that moment. Raise the lock"
            + " wait if migrations take longer");
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Keeps out those who do not know the lock: who takes the one waits for it, and gives it back. */
  ForeignLock foreignLock() {
    return foreignLock;
  }

  /** The history is read at this moment. */
  void remember() throws SQLException {
    position = history.position();
  }

  /** This run has recorded a changeset in it, perhaps once more. */
  void recorded(ChangesetId changeset, boolean rerun) {
    position = history.after(position, changeset, rerun);
  }

  /**
   * Keeps out those who do not know the lock, and may have written since the history was read. Called
   * before the first changeset, and called and left in a transaction that has changed nothing.
   *
   * @throws LockLostException if one of them holds theirs, or somebody has changed the history
   */
  void takeForeignLock() throws SQLException {
    Connection connection = session.connection();
    connection.commit();
    connection.setAutoCommit(true);
    if (!foreignLock.tryTake()) {
      throw new LockLostException();
    }
    takeAgainIfLost();
    if (!position.equals(history.position())) {
      throw new LockLostException();
    }
    connection.setAutoCommit(false);
  }

  /**
   * Takes the lock again if it was lost and nobody has used it since.
   *
   * @throws LockLostException if another run holds it, or has changed the history
   */
  void takeAgainIfLost() throws SQLException {
    boolean held = session.lock().isHeld();
    if ((!held && !session.lock().tryAcquire()) || !foreignLock.keep()) {
      throw new LockLostException();
    }
    // Looked at behind both locks: whoever held one meanwhile may have written.
    if ((!held || foreignLock.mayHaveBeenLost()) && !position.equals(history.position())) {
      throw new LockLostException();
    }
  }

  /**
   * The same in a changeset's transaction, before its history row is written.
   *
   * @param intent whether what it did cannot be rolled back, and its intent is written: others see
   *     that and leave it alone, so the lock is waited for
   */
  void takeAgainIfLostBeforeCommit(boolean intent) throws SQLException {
    if (session.lock().isHeld()) {
      return;
    }
    if (intent) {
      try {
        acquire();
      } catch (InterruptedException e) {
        throw new ChangesetApplier.Stopped();
      }
      return;
    }
    // A snapshot would not show what others have written since.
    boolean snapshot =
        session.connection().getTransactionIsolation() > Connection.TRANSACTION_READ_COMMITTED;
    if (snapshot
        || !session.lock().tryAcquire()
        || !foreignLock.keep()
        || !position.equals(history.position())) {
      throw new LockLostException();
    }
  }

  /**
   * Keeps out whoever does not know the migration lock: Liquibase, or the tool whose history it is, has
   * one of its own. Used under our own lock and in autocommit.
   */
  interface ForeignLock {
    /**
     * Returns when nobody who may be alive holds theirs. Changes nothing in the database.
     *
     * @throws io.tidegate.problem.ProblemException with exit 75 if somebody holds it until the limit
     */
    default void await() throws SQLException, InterruptedException {}

    /** Takes it if it is free; false if somebody holds it. */
    boolean tryTake() throws SQLException;

    /** Takes it again if it was lost with the session; false if somebody holds it. */
    default boolean keep() throws SQLException {
      return true;
    }

    /** Whether {@link #keep} may have had to take it again, so that others may have had it. */
    default boolean mayHaveBeenLost() {
      return false;
    }

    /** Gives it back if it is still ours. Does not throw: what stays is cleared by the next run. */
    default void release() {}

    /** Clears what a dead holder left, if it was found so. */
    default void clearStale() throws SQLException {}
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
