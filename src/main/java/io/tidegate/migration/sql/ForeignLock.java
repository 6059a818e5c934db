package io.tidegate.migration.sql;

import java.sql.SQLException;

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
