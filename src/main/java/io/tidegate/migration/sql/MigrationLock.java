package io.tidegate.migration.sql;

import io.tidegate.migration.MigrationListener.LockHolder;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * One lock for each database, which lives and dies with the connection that takes it.
 * Used in autocommit, so that whoever waits holds no transaction open.
 */
public interface MigrationLock {

  /**
   * Takes the lock if it is free, and returns at once.
   *
   * @throws io.tidegate.problem.ProblemException if the lock, once taken, is seen not to hold there
   */
  boolean tryAcquire() throws SQLException;

  /** Whether this very connection holds it at this moment. */
  boolean isHeld() throws SQLException;

  /** Who holds it, as far as the server tells; null: nobody, or it cannot be seen. */
  @Nullable LockHolder holder() throws SQLException;
}
