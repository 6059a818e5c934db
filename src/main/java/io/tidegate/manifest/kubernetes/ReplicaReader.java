package io.tidegate.manifest.kubernetes;

import io.tidegate.manifest.source.SourceFile.SourceText;
import io.tidegate.manifest.source.YamlNode;
import io.tidegate.manifest.stack.Container.Replicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds how many pods of a workload there may be: declared, or by an autoscaler. */
final class ReplicaReader {
  private ReplicaReader() {}

  static Replicas read(Cluster cluster, Manifest workload) {
    if (workload.kind().equals("DaemonSet")) {
      return new Replicas(Integer.MAX_VALUE, "a DaemonSet runs one on each node", workload.place());
    }
    String key = workload.kind().equals("Job") ? "parallelism" : "replicas";
    Replicas replicas = count("spec." + key, workload.tree().text("spec", key));
    return replicas
        .or(scaled(cluster, workload, "HorizontalPodAutoscaler", "maxReplicas"))
        .or(scaled(cluster, workload, "ScaledObject", "maxReplicaCount"));
  }

  private static Replicas scaled(Cluster cluster, Manifest workload, String kind, String key) {
    List<Manifest> scalers =
        cluster.all(kind).stream()
            .filter(scaler -> scaler.isIn(workload.namespace()) && targets(scaler, workload))
            .toList();
    Replicas replicas = Replicas.ONE;
    for (Manifest scaler : Cluster.nearest(workload, scalers)) {
      String where = "%s of %s %s".formatted(key, kind, scaler.name());
      replicas = replicas.or(count(where, scaler.tree().text("spec", key)));
    }
    return replicas;
  }

  /** KEDA takes a Deployment where no kind is named. */
  private static boolean targets(Manifest scaler, Manifest workload) {
    YamlNode target = scaler.tree().at("spec", "scaleTargetRef");
    return target != null
        && (target.word("kind").equals(workload.kind())
            || (target.word("kind").isEmpty() && workload.kind().equals("Deployment")))
        && target.word("name").equals(workload.name());
  }

  private static Replicas count(String key, @Nullable SourceText text) {
    if (text == null || !text.value().matches("\\d{1,6}")) {
      return Replicas.ONE;
    }
    return new Replicas(Integer.parseInt(text.value()), key + " is " + text.value(), text.place());
  }
}
