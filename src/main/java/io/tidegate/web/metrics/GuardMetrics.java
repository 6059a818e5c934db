package io.tidegate.web.metrics;

import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.tidegate.agent.Snapshot;
import io.tidegate.policy.Finding;
import io.tidegate.replicas.ReplicaCount;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What the guard found, and the replica count that it went by. */
final class GuardMetrics {
  private GuardMetrics() {}

  static void add(Snapshot snapshot, MetricSnapshots.Builder all) {
    Family findings =
        new Family(
            "tidegate_guard_findings",
            "Findings of the guard; accepted ones do not stop anything",
            "rule",
            "severity",
            "accepted");
    count(snapshot.verdict().findings(), "false", findings);
    count(snapshot.verdict().accepted(), "true", findings);
    all.metricSnapshot(findings.gauge());

    Family replicas =
        new Family("tidegate_replicas", "Replicas of the app; absent while unknown", "certainty");
    switch (snapshot.replicas()) {
      case ReplicaCount.Exactly(int count, String _, int _) -> replicas.add(count, "exactly");
      case ReplicaCount.UpTo(int count, String _) -> replicas.add(count, "up-to");
      case ReplicaCount.AtLeast(int count, String _) -> replicas.add(count, "at-least");
      case ReplicaCount.Unknown _ -> {}
    }
    all.metricSnapshot(replicas.gauge());
  }

  private static void count(List<Finding> found, String accepted, Family findings) {
    record Kind(String rule, String severity) implements Comparable<Kind> {
      @Override
      public int compareTo(Kind other) {
        return (rule + '\0' + severity).compareTo(other.rule + '\0' + other.severity);
      }
    }
    Map<Kind, Integer> counts = new TreeMap<>();
    for (Finding finding : found) {
      String severity = finding.severity().name().toLowerCase(Locale.ROOT);
      counts.merge(new Kind(finding.rule().id(), severity), 1, Integer::sum);
    }
    counts.forEach((kind, count) -> findings.add(count, kind.rule(), kind.severity(), accepted));
  }
}
