package io.tidegate.agent;

import io.tidegate.policy.Guard.Verdict;
import io.tidegate.replicas.ReplicaCount;
import io.tidegate.target.EngineCatalog;
import io.tidegate.target.Target;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Everything that endpoints may tell, at one moment. Made by the agent's loop alone; readers never
 * cause any work.
 *
 * @param state where the run is
 * @param started when the agent started
 * @param since when it entered this state
 * @param targets in the order declared
 * @param migrations of the targets that have a changelog, in the same order
 * @param replicas the replica count
 * @param verdict the guard's, as of the last evaluation
 */
public record Snapshot(
    AgentState state,
    Instant started,
    Instant since,
    List<TargetState> targets,
    List<MigrationState> migrations,
    ReplicaCount replicas,
    Verdict verdict) {

  /** Copies the lists. */
  public Snapshot {
    targets = List.copyOf(targets);
    migrations = List.copyOf(migrations);
  }

  /** What is known before anything was asked. */
  static Snapshot first(List<Target> targets, EngineCatalog engines, Instant now) {
    return new Snapshot(
        new AgentState.EvaluatingSettings(),
        now,
        now,
        targets.stream()
            .map(target -> TargetState.unknown(target, engines.of(target).traits().id(), now))
            .toList(),
        targets.stream()
            .filter(target -> target.changelog() != null)
            .map(target -> MigrationState.pending(target.name()))
            .toList(),
        new ReplicaCount.Unknown("not counted yet"),
        Verdict.CLEAN);
  }

  /** The same from the moment on at which the run is in that state. */
  Snapshot withState(AgentState state, Instant since) {
    return new Snapshot(state, started, since, targets, migrations, replicas, verdict);
  }

  /** The same with another verdict, and the replicas that it rests on. */
  Snapshot withVerdict(ReplicaCount replicas, Verdict verdict) {
    return new Snapshot(state, started, since, targets, migrations, replicas, verdict);
  }

  /** The same with one target changed. */
  Snapshot withTarget(String name, UnaryOperator<TargetState> change) {
    List<TargetState> changed =
        targets.stream()
            .map(each -> each.target().name().equals(name) ? change.apply(each) : each)
            .toList();
    return new Snapshot(state, started, since, changed, migrations, replicas, verdict);
  }

  /** The same with the migration of one target changed. */
  Snapshot withMigration(String target, UnaryOperator<MigrationState> change) {
    List<MigrationState> changed =
        migrations.stream()
            .map(each -> each.target().equals(target) ? change.apply(each) : each)
            .toList();
    return new Snapshot(state, started, since, targets, changed, replicas, verdict);
  }

  /** Whether the app may take traffic: all is done once, and every required target is ready. */
  public boolean ready() {
    return state instanceof AgentState.Watching
        && targets.stream().allMatch(state -> state.ready() || !state.target().required());
  }
}
