package io.tidegate.engine.mongodb;

import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.Interrupted;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;

/** Tells of a changeset that was interrupted. */
final class Interruption {
  private Interruption() {}

  static Interrupted of(JournalEntry entry) {
    return new Interrupted(
        new ChangesetId(entry.id(), entry.id(), ""),
        entry.startedAt(),
        entry.by(),
        entry.uncertainCommand());
  }

  static Problem problem(JournalEntry entry, String target) {
    return new Problem(
        ExitCode.CHANGELOG,
        "changeset %s, begun %s by %s, was interrupted: %s was sent, and whether it took effect is not known"
            .formatted(
                entry.id(),
                entry.startedAt() == null ? "at an unknown time" : "at " + entry.startedAt(),
                entry.by(),
                entry.uncertainCommand()),
        "target " + target,
        "Make sure that it no longer runs (db.currentOp()) and look at what it should have changed; "
            + "then run: tidegate resolve %s %s --applied (it took full effect) or --not-applied (it took none), with --reason"
                .formatted(target, entry.id()));
  }
}
