package io.tidegate.agent;

import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.secret.Redactor;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Gives the snapshot that follows from a snapshot and an event. Holds no state itself. */
final class SnapshotTransitions {
  private final int failuresToUnready;

  /** Takes how many failures in a row make a watched target unready. */
  SnapshotTransitions(int failuresToUnready) {
    this.failuresToUnready = failuresToUnready;
  }

  Snapshot after(Snapshot now, Event event, Instant at) {
    return switch (event) {
      case Event.Entered(AgentState state) -> now.withState(state, at);
      case Event.Evaluated(var replicas, var verdict) -> now.withVerdict(replicas, verdict);
      case Event.Probed probed ->
          now.withTarget(probed.target().name(), target -> probed(target, probed, at, now.state()));
      case Event.LockAwaited(var target, var holder) ->
          now.withMigration(target.name(), migration -> migration.waiting(holder));
      case Event.ChangesetStarted(var target, var changeset, int number, int of) ->
          now.withMigration(
              target.name(), migration -> migration.running(changeset.toString(), number, of));
      case Event.ChangesetRetried(var target, var _, var _) ->
          now.withMigration(target.name(), MigrationState::retried);
      case Event.ChangesetInterrupted(var target, var what) ->
          now.withMigration(
              target.name(), migration -> migration.withInterrupted(what.changeset().toString()));
      case Event.Migrated(var target, var outcome) ->
          now.withMigration(target.name(), migration -> migration.done(outcome));
      case Event.MigrationFailed(var target) ->
          now.withMigration(target.name(), MigrationState::failed);
      case Event.WatcherDied(var target, Throwable thrown) ->
          failed(now, "what watches " + target.name(), thrown, at);
      case Event.Noticed _, Event.ChangesetApplied _, Event.RecountFailed _ -> now;
    };
  }

  /** Nothing follows by itself any more from what was known: a part of the program has died. */
  static Snapshot failed(Snapshot now, String part, Throwable thrown, Instant at) {
    List<Problem> problems = new ArrayList<>();
    if (now.state() instanceof AgentState.Failed(List<Problem> before)) {
      problems.addAll(before);
    }
    problems.add(
        new Problem(
            ExitCode.BUG,
            "it has died, which is a bug: " + Redactor.redact(thrown.toString()),
            part,
            "Start Tidegate again, and report it with the log of TIDEGATE_LOG_LEVEL=debug"));
    return now.withState(new AgentState.Failed(problems), at);
  }

  private TargetState probed(TargetState old, Event.Probed probed, Instant at, AgentState state) {
    return switch (probed.result()) {
      case ProbeResult.Ready(String detail) -> old.answered(detail, at, probed.took());
      case ProbeResult.NotYet(Reason reason, String sentence) ->
          failed(old, probed, at, state, reason, sentence);
      case ProbeResult.Wrong(Reason reason, String sentence) ->
          failed(old, probed, at, state, reason, sentence);
    };
  }

  /** A target that is watched may fail a few times before it counts as not ready. */
  private TargetState failed(
      TargetState old,
      Event.Probed probed,
      Instant at,
      AgentState state,
      Reason reason,
      String sentence) {
    boolean staysReady =
        state instanceof AgentState.Watching && old.failuresInARow() + 1 < failuresToUnready;
    return old.failed(reason.id(), sentence, at, probed.took(), staysReady);
  }
}
