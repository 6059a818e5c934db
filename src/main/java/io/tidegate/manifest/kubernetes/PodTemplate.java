package io.tidegate.manifest.kubernetes;

import io.tidegate.manifest.source.YamlNode;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where the pods of each kind of workload are described. */
final class PodTemplate {
  private static final String[] TEMPLATE = {"spec", "template"};
  private static final Map<String, String[]> PATHS =
      Map.of(
          "Deployment", TEMPLATE,
          "StatefulSet", TEMPLATE,
          "DaemonSet", TEMPLATE,
          "ReplicaSet", TEMPLATE,
          "ReplicationController", TEMPLATE,
          "Job", TEMPLATE,
          "CronJob", new String[] {"spec", "jobTemplate", "spec", "template"},
          "Pod", new String[0]);
  private static final Set<String> ONCE = Set.of("Job", "CronJob");

  private PodTemplate() {}

  static boolean isIn(String kind) {
    return PATHS.containsKey(kind);
  }

  /** The template of a workload's pods; null where it has none. */
  static @Nullable YamlNode of(Manifest workload) {
    String[] path = PATHS.get(workload.kind());
    return path == null ? null : workload.tree().at(path);
  }

  /** Whether its pods end by themselves. */
  static boolean ends(Manifest workload) {
    return ONCE.contains(workload.kind());
  }
}
