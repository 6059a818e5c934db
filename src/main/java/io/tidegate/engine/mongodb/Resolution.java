package io.tidegate.engine.mongodb;

import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;

/** What a person found out about an interrupted changeset. */
final class Resolution {
  private final String target;
  private final String changeset;
  private final boolean applied;
  private final String reason;

  /**
   * Checks the reason.
   *
   * @throws ProblemException with exit 64 if there is none
   */
  Resolution(String target, String changeset, boolean applied, String reason) {
    this.target = target;
    this.changeset = changeset;
    this.applied = applied;
    this.reason = reason;
    if (reason.isBlank()) {
      throw refused("no reason is given", "Say with --reason how this is known");
    }
  }

  /** Writes it into the journal, as the lease's holder. */
  void record(MigrationJournal journal, HeldLease held) {
    JournalEntry entry = journal.read(changeset);
    if (entry == null || !entry.uncertain()) {
      throw refused(
          "changeset %s was not interrupted".formatted(changeset),
          "See tidegate status for those that were");
    }
    if (!journal.resolve(entry, applied, reason, held.token(), held.owner())) {
      throw refused("changeset %s went on just now".formatted(changeset), "See tidegate status");
    }
  }

  private ProblemException refused(String what, String remedy) {
    return new ProblemException(new Problem(ExitCode.USAGE, what, "target " + target, remedy));
  }
}
