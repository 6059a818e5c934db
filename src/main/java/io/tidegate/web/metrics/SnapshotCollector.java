package io.tidegate.web.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.tidegate.agent.Snapshot;
import io.tidegate.agent.SnapshotSource;
import io.tidegate.agent.Version;
import java.util.List;

/** Translates the snapshot at the moment of a scrape. */
final class SnapshotCollector implements MultiCollector {
  /** All of {@link io.tidegate.agent.AgentState}, so that a state that is left falls to 0. */
  static final List<String> STATES =
      List.of("judging", "awaiting", "judging-live", "migrating", "watching", "stopping", "failed");

  private final SnapshotSource snapshots;

  SnapshotCollector(SnapshotSource snapshots) {
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
        new Family("tidegate_build", "Which version runs; always 1", "version")
            .add(1, Version.current())
            .info());
    Family state = new Family("tidegate_state", "1 for the state that the run is in", "state");
    for (String id : STATES) {
      state.add(id.equals(snapshot.state().id()), id);
    }
    all.metricSnapshot(state.gauge());
    all.metricSnapshot(
        new Family("tidegate_ready", "1 while the app may take traffic")
            .add(snapshot.ready())
            .gauge());
    all.metricSnapshot(
        new Family("tidegate_state_since_timestamp_seconds", "Since when it is in its state")
            .add(snapshot.since())
            .gauge());
    all.metricSnapshot(
        new Family("tidegate_heartbeat_age_seconds", "How long ago the loop last beat")
            .add(snapshots.sinceHeartbeat())
            .gauge());
  }
}
