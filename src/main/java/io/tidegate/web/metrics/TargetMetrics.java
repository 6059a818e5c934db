package io.tidegate.web.metrics;

import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.tidegate.agent.TargetState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The targets. Labels hold what is declared, never an address: series must not come and go. */
final class TargetMetrics {
  private TargetMetrics() {}

  static void add(List<TargetState> targets, MetricSnapshots.Builder all) {
    Family ready =
        new Family(
            "tidegate_target_ready", "1 while the target is ready", "target", "engine", "required");
    Family took =
        new Family("tidegate_target_last_probe_seconds", "How long the last probe took", "target");
    Family when =
        new Family(
            "tidegate_target_last_probe_timestamp_seconds", "When it was last probed", "target");
    Family inARow =
        new Family(
            "tidegate_target_failures_in_a_row", "Failed probes since the last success", "target");
    Family failures =
        new Family(
            "tidegate_target_probe_failures", "Failed probes by their reason", "target", "reason");
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
