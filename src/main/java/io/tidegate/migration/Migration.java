package io.tidegate.migration;

/**
 * One target's migration. Each method opens its own connection and closes it.
 *
 * <p>All throw {@link io.tidegate.problem.ProblemException}: with exit 65 for a changelog that is
 * invalid or changed after it ran, 69 where the server is lost meanwhile, 75 where the lock was not
 * obtained in time.
 */
public interface Migration {

  /**
   * Applies what is pending, once however many try at the same time.
   *
   * @throws InterruptedException if the thread is interrupted: the changeset that runs is finished
   *     or rolled back first, and the lock is free
   */
  MigrationOutcome migrate(MigrationListener listener) throws InterruptedException;

  /** What is applied, pending, unknown to the changelog, and who holds the lock. Changes nothing. */
  MigrationStatus status() throws InterruptedException;

  /** The SQL, or the commands, that {@link #migrate} would run now. Changes nothing. */
  String plan() throws InterruptedException;
}
