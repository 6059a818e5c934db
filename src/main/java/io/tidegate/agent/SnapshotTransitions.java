package io.tidegate.agent;

import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.secret.Redactor;
import io.tidegate.target.ProbeResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Gives the snapshot that follows from a snapshot and an event. Holds no state itself. */
final class SnapshotTransitions {
  private final int failuresToUnready;

  /** Takes how many failures in a row make a watched target unready. */
  SnapshotTransitions(int failuresToUnready) {
    this.failuresToUnready = failuresToUnready;
  }

  Snapshot after(Snapshot now, Event event, Instant at) {
    return switch (event) {
      case Event.Entered(AgentState state) ->
          new Snapshot(
              state,
              now.started(),
              at,
              now.targets(),
              now.migrations(),
              now.replicas(),
              now.verdict());
      case Event.Judged judged ->
          new Snapshot(
              now.state(),
              now.started(),
              now.since(),
              now.targets(),
              now.migrations(),
              judged.replicas(),
              judged.verdict());
      case Event.Probed probed -> withTarget(now, probed, at);
      case Event.LockAwaited(var target, var holder) ->
          withMigration(
              now,
              target.name(),
              old ->
                  new MigrationState(
                      old.target(),
                      MigrationState.Phase.WAITING,
                      null,
                      0,
                      0,
                      holder,
                      old.retries(),
                      List.of(),
                      null));
      case Event.ChangesetStarted(var target, var changeset, int number, int of) ->
          withMigration(
              now,
              target.name(),
              old ->
                  new MigrationState(
                      old.target(),
                      MigrationState.Phase.RUNNING,
                      changeset.toString(),
                      number,
                      of,
                      null,
                      old.retries(),
                      List.of(),
                      null));
      case Event.ChangesetRetried(var target, var changeset, var why) ->
          withMigration(now, target.name(), SnapshotTransitions::retried);
      case Event.ChangesetInterrupted(var target, var what) ->
          withMigration(now, target.name(), old -> interrupted(old, what.changeset().toString()));
      case Event.Noticed noticed -> now;
      case Event.ChangesetApplied applied -> now;
      case Event.WatcherDied(var target, Throwable thrown) ->
          failed(now, "what watches " + target.name(), thrown, at);
      case Event.RecountFailed failed -> now;
      case Event.Migrated(var target, var outcome) ->
          withMigration(
              now,
              target.name(),
              old ->
                  new MigrationState(
                      old.target(),
                      MigrationState.Phase.DONE,
                      null,
                      0,
                      0,
                      null,
                      outcome.retries(),
                      List.of(),
                      outcome));
      case Event.MigrationFailed(var target) ->
          withMigration(
              now,
              target.name(),
              old ->
                  new MigrationState(
                      old.target(),
                      MigrationState.Phase.FAILED,
                      old.changeset(),
                      old.number(),
                      old.of(),
                      null,
                      old.retries(),
                      old.interrupted(),
                      null));
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
    return new Snapshot(
        new AgentState.Failed(problems),
        now.started(),
        at,
        now.targets(),
        now.migrations(),
        now.replicas(),
        now.verdict());
  }

  private static MigrationState retried(MigrationState old) {
    return new MigrationState(
        old.target(),
        old.phase(),
        old.changeset(),
        old.number(),
        old.of(),
        old.holder(),
        old.retries() + 1,
        old.interrupted(),
        old.outcome());
  }

  private static MigrationState interrupted(MigrationState old, String changeset) {
    List<String> all = new ArrayList<>(old.interrupted());
    all.add(changeset);
    return new MigrationState(
        old.target(),
        old.phase(),
        old.changeset(),
        old.number(),
        old.of(),
        old.holder(),
        old.retries(),
        all,
        old.outcome());
  }

  private Snapshot withTarget(Snapshot now, Event.Probed probed, Instant at) {
    List<TargetState> targets = new ArrayList<>();
    for (TargetState state : now.targets()) {
      boolean same = state.target().name().equals(probed.target().name());
      targets.add(same ? probed(state, probed, at, now.state()) : state);
    }
    return new Snapshot(
        now.state(),
        now.started(),
        now.since(),
        targets,
        now.migrations(),
        now.replicas(),
        now.verdict());
  }

  private TargetState probed(TargetState old, Event.Probed probed, Instant at, AgentState state) {
    return switch (probed.result()) {
      case ProbeResult.Ready(String detail) ->
          new TargetState(
              old.target(),
              old.engine(),
              true,
              detail,
              null,
              old.ready() ? old.since() : at,
              at,
              probed.took(),
              0,
              old.failuresByReason());
      case ProbeResult.NotYet(var reason, String sentence) ->
          failed(old, probed, at, state, reason.id(), sentence);
      case ProbeResult.Wrong(var reason, String sentence) ->
          failed(old, probed, at, state, reason.id(), sentence);
    };
  }

  private TargetState failed(
      TargetState old,
      Event.Probed probed,
      Instant at,
      AgentState state,
      String reason,
      String sentence) {
    int failures = old.failuresInARow() + 1;
    boolean stays =
        old.ready() && state instanceof AgentState.Watching && failures < failuresToUnready;
    Map<String, Long> byReason = new HashMap<>(old.failuresByReason());
    byReason.merge(reason, 1L, Long::sum);
    return new TargetState(
        old.target(),
        old.engine(),
        stays,
        sentence,
        reason,
        old.ready() == stays ? old.since() : at,
        at,
        probed.took(),
        failures,
        byReason);
  }

  private static Snapshot withMigration(
      Snapshot now, String target, UnaryOperator<MigrationState> change) {
    List<MigrationState> migrations =
        now.migrations().stream()
            .map(state -> state.target().equals(target) ? change.apply(state) : state)
            .toList();
    return new Snapshot(
        now.state(),
        now.started(),
        now.since(),
        now.targets(),
        migrations,
        now.replicas(),
        now.verdict());
  }
}
