package io.tidegate.web.metrics;

import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.tidegate.agent.MigrationState;
import io.tidegate.migration.MigrationOutcome;
import java.util.List;
import java.util.Locale;

/** The migrations: where they are, and what they did once they are done. */
final class MigrationMetrics {
  private MigrationMetrics() {}

  static void add(List<MigrationState> migrations, MetricSnapshots.Builder all) {
    Family phase =
        new Family("tidegate_migration_phase", "1 for the phase that it is in", "target", "phase");
    Family applied =
        new Family(
            "tidegate_migration_applied_changesets", "Changesets that this run applied", "target");
    Family took =
        new Family(
            "tidegate_migration_seconds",
            "How long it took, waiting for the lock included",
            "target");
    Family lockWait =
        new Family(
            "tidegate_migration_lock_wait_seconds", "How long it waited for its lock", "target");
    Family retries =
        new Family(
            "tidegate_migration_retries", "Changesets tried again: a table was locked", "target");
    Family interrupted =
        new Family(
            "tidegate_migration_interrupted_changesets",
            "Changesets that an earlier run left half done: resolve them",
            "target");
    for (MigrationState state : migrations) {
      for (MigrationState.Phase each : MigrationState.Phase.values()) {
        phase.add(each == state.phase(), state.target(), each.name().toLowerCase(Locale.ROOT));
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
