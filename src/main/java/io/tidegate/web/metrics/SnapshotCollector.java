package io.tidegate.web.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.tidegate.agent.Snapshot;
import io.tidegate.agent.Snapshot.MigrationState;
import io.tidegate.agent.Snapshot.SnapshotSource;
import io.tidegate.agent.Snapshot.TargetState;
import io.tidegate.agent.Version;
import io.tidegate.migration.Migration.MigrationOutcome;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.replicas.ReplicaCount;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Translates the snapshot at the moment of a scrape, or when a run has ended. */
public final class SnapshotCollector implements MultiCollector {
  /** All of {@link io.tidegate.agent.AgentState}, so that a state that is left falls to 0. */
  static final List<String> STATES =
      List.of("judging", "awaiting", "judging-live", "migrating", "watching", "stopping", "failed");

  private final SnapshotSource snapshots;

  /** Takes what is to be translated. */
  public SnapshotCollector(SnapshotSource snapshots) {
    this.snapshots = snapshots;
  }

  @Override
  public MetricSnapshots collect() {
    Snapshot snapshot = snapshots.snapshot();
    MetricSnapshots.Builder all = MetricSnapshots.builder();
    agent(snapshot, all);
    TargetMetrics.add(snapshot.targets(), all);
    MigrationMetrics.add(snapshot.migrations(), all);
    GuardMetrics.add(snapshot, all);
    return all.build();
  }

  private void agent(Snapshot snapshot, MetricSnapshots.Builder all) {
    all.metricSnapshot(
        new MetricFamily("tidegate_build", "Which version runs; always 1", "version")
            .add(1, Version.current())
            .info());
    MetricFamily state =
        new MetricFamily("tidegate_state", "1 for the state that the run is in", "state");
    for (String id : STATES) {
      state.add(id.equals(snapshot.state().id()), id);
    }
    all.metricSnapshot(state.gauge());
    all.metricSnapshot(
        new MetricFamily("tidegate_ready", "1 while the app may take traffic")
            .add(snapshot.ready())
            .gauge());
    all.metricSnapshot(
        new MetricFamily("tidegate_state_since_timestamp_seconds", "Since when it is in its state")
            .add(snapshot.since())
            .gauge());
    all.metricSnapshot(
        new MetricFamily("tidegate_heartbeat_age_seconds", "How long ago the loop last beat")
            .add(snapshots.sinceHeartbeat())
            .gauge());
  }

  /** What the guard found, and the replica count that it went by. */
  static final class GuardMetrics {
    private GuardMetrics() {}

    static void add(Snapshot snapshot, MetricSnapshots.Builder all) {
      MetricFamily findings =
          new MetricFamily(
              "tidegate_guard_findings",
              "Findings of the guard; accepted ones do not stop anything",
              "rule",
              "severity",
              "accepted");
      count(snapshot.verdict().findings(), "false", findings);
      count(snapshot.verdict().accepted(), "true", findings);
      all.metricSnapshot(findings.gauge());

      MetricFamily replicas =
          new MetricFamily(
              "tidegate_replicas", "Replicas of the app; absent while unknown", "certainty");
      switch (snapshot.replicas()) {
        case ReplicaCount.Exactly(int count, String _, int _) -> replicas.add(count, "exactly");
        case ReplicaCount.UpTo(int count, String _) -> replicas.add(count, "up-to");
        case ReplicaCount.AtLeast(int count, String _) -> replicas.add(count, "at-least");
        case ReplicaCount.Unknown _ -> {}
      }
      all.metricSnapshot(replicas.gauge());
    }

    private static void count(List<Finding> found, String accepted, MetricFamily findings) {
      record Kind(String rule, String severity) implements Comparable<Kind> {
        @Override
        public int compareTo(Kind other) {
          return (rule + '\0' + severity).compareTo(other.rule + '\0' + other.severity);
        }
      }
      Map<Kind, Integer> counts = new TreeMap<>();
      for (Finding finding : found) {
        String severity = finding.severity().id();
        counts.merge(new Kind(finding.rule().id(), severity), 1, Integer::sum);
      }
      counts.forEach((kind, count) -> findings.add(count, kind.rule(), kind.severity(), accepted));
    }
  }

  /** The migrations: where they are, and what they did once they are done. */
  static final class MigrationMetrics {
    private MigrationMetrics() {}

    static void add(List<MigrationState> migrations, MetricSnapshots.Builder all) {
      MetricFamily phase =
          new MetricFamily(
              "tidegate_migration_phase", "1 for the phase that it is in", "target", "phase");
      MetricFamily applied =
          new MetricFamily(
              "tidegate_migration_applied_changesets",
              "Changesets that this run applied",
              "target");
      MetricFamily took =
          new MetricFamily(
              "tidegate_migration_seconds",
              "How long it took, waiting for the lock included",
              "target");
      MetricFamily lockWait =
          new MetricFamily(
              "tidegate_migration_lock_wait_seconds", "How long it waited for its lock", "target");
      MetricFamily retries =
          new MetricFamily(
              "tidegate_migration_retries",
              "Changesets tried again: another session was in the way",
              "target");
      MetricFamily interrupted =
          new MetricFamily(
              "tidegate_migration_interrupted_changesets",
              "Changesets that an earlier run left half done: resolve them",
              "target");
      for (MigrationState state : migrations) {
        for (MigrationState.Phase each : MigrationState.Phase.values()) {
          phase.add(each == state.phase(), state.target(), each.id());
        }
        retries.add(state.retries(), state.target());
        interrupted.add(state.interrupted().size(), state.target());
        MigrationOutcome outcome = state.outcome();
        if (outcome != null) {
          applied.add(outcome.applied(), state.target());
          took.add(outcome.took(), state.target());
          lockWait.add(outcome.lockWait(), state.target());
        }
      }
      all.metricSnapshot(phase.gauge());
      all.metricSnapshot(applied.gauge());
      all.metricSnapshot(took.gauge());
      all.metricSnapshot(lockWait.gauge());
      all.metricSnapshot(retries.gauge());
      all.metricSnapshot(interrupted.gauge());
    }
  }

  /** The targets. Labels hold what is declared, never an address: series must not come and go. */
  static final class TargetMetrics {
    private TargetMetrics() {}

    static void add(List<TargetState> targets, MetricSnapshots.Builder all) {
      MetricFamily ready =
          new MetricFamily(
              "tidegate_target_ready",
              "1 while the target is ready",
              "target",
              "engine",
              "required");
      MetricFamily took =
          new MetricFamily(
              "tidegate_target_last_probe_seconds", "How long the last probe took", "target");
      MetricFamily when =
          new MetricFamily(
              "tidegate_target_last_probe_timestamp_seconds", "When it was last probed", "target");
      MetricFamily inARow =
          new MetricFamily(
              "tidegate_target_failures_in_a_row",
              "Failed probes since the last success",
              "target");
      MetricFamily failures =
          new MetricFamily(
              "tidegate_target_probe_failures",
              "Failed probes by their reason",
              "target",
              "reason");
      for (TargetState state : targets) {
        String name = state.target().name();
        ready.add(state.ready(), name, state.engine(), Boolean.toString(state.target().required()));
        inARow.add(state.failuresInARow(), name);
        Duration lastTook = state.lastProbeTook();
        if (lastTook != null) {
          took.add(lastTook, name);
        }
        Instant lastProbe = state.lastProbe();
        if (lastProbe != null) {
          when.add(lastProbe, name);
        }
        state.failuresByReason().forEach((reason, count) -> failures.add(count, name, reason));
      }
      all.metricSnapshot(ready.gauge());
      all.metricSnapshot(took.gauge());
      all.metricSnapshot(when.gauge());
      all.metricSnapshot(inARow.gauge());
      all.metricSnapshot(failures.counter());
    }
  }
}
