package io.tidegate.migration;

import java.util.List;

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
