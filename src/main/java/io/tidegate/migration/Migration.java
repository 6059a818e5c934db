package io.tidegate.migration;

import io.tidegate.migration.MigrationStatus.Interrupted;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
  MigrationPlan plan() throws InterruptedException;

  /**
   * A migration whose changesets can be interrupted half-way, since its server cannot roll them back.
   * Implemented beside {@link Migration} where that is so.
   */
  public interface Resolvable {

    /** The interrupted changesets. Changes nothing. */
    List<Interrupted> interrupted() throws InterruptedException;

    /**
     * Records what a person found out about an interrupted changeset, so that the next run goes on.
     * Waits for the lock as a migration does.
     *
     * @param changeset the changeset that was interrupted; its path alone identifies it where ids are
     *     files
     * @param applied whether the statement or command that was interrupted took full effect; false: it
     *     took none, and is to be run
     * @param reason why this is known, kept in the history; not blank
     * @throws io.tidegate.problem.ProblemException with exit 64 if there is no such interrupted
     *     changeset or the reason is blank, 69 and 75 as for a migration
     */
    void resolve(ChangesetId changeset, boolean applied, String reason) throws InterruptedException;
  }

  /**
   * A migration that can record changesets as applied without running them, for a database that was made
   * by hand or from a dump. Implemented beside {@link Migration} where that is so.
   */
  public interface Adoptable {

    /**
     * Records what is pending as applied, in one transaction, and runs nothing of it. Waits for the lock
     * as a migration does.
     *
     * @param last the last changeset to record, by its whole name, its path, its id or its version; null:
     *     all that are pending
     * @param dryRun whether to record nothing either
     * @return what was recorded, or would be, in order; empty if it is all in the history already
     * @throws io.tidegate.problem.ProblemException with exit 64 if the changelog has no such changeset, 65
     *     if the history does not fit the changelog or the database is empty, 69 and 75 as for a
     *     migration
     */
    List<ChangesetId> adopt(@Nullable String last, boolean dryRun) throws InterruptedException;
  }

  /**
   * What a migration did.
   *
   * @param applied how many changesets it applied itself
   * @param alreadyApplied how many of the changelog were applied before
   * @param unexpected how many applied ones the changelog does not know: a newer release ran
   * @param took the whole time, waiting for the lock included
   * @param lockWait the time spent waiting for the lock
   * @param retries how many changesets had to be tried again since another session was in the way
   */
  public record MigrationOutcome(
      int applied,
      int alreadyApplied,
      int unexpected,
      Duration took,
      Duration lockWait,
      int retries) {}
}
