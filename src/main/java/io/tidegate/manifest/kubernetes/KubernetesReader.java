package io.tidegate.manifest.kubernetes;

import io.tidegate.manifest.source.SourceFile.Note;
import io.tidegate.manifest.source.SourceFile.Place;
import io.tidegate.manifest.source.SourceFile.SourceText;
import io.tidegate.manifest.source.YamlNode;
import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Container.Variable;
import io.tidegate.manifest.stack.Stack;
import io.tidegate.manifest.stack.Stack.Subject;
import io.tidegate.policy.Severity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the manifests of Kubernetes: all that are given are one deployment.
 *
 * @see <a href="https://kubernetes.io/docs/reference/kubernetes-api/">Kubernetes API</a>
 */
public final class KubernetesReader {
  /** Groups of Kubernetes itself, and KEDA's: what is in them and has no pods needs no word. */
  private static final Set<String> OWN_GROUPS =
      Set.of("", "apps", "batch", "autoscaling", "policy", "keda.sh");

  /** Kinds of the Prometheus Operator that run nothing; others of its group do. */
  private static final Set<String> RUN_NOTHING =
      Set.of("ServiceMonitor", "PodMonitor", "Probe", "PrometheusRule", "ScrapeConfig");

  private final Cluster cluster = new Cluster();
  private final List<Manifest> workloads = new ArrayList<>();
  private final Map<String, Note> unknown = new LinkedHashMap<>();

  /** Whether a document is an object of Kubernetes. */
  public static boolean isManifest(YamlNode document) {
    return !document.word("apiVersion").isEmpty() && !document.word("kind").isEmpty();
  }

  /** Adds a document, to be judged with all others. */
  public void add(YamlNode document) {
    Manifest.each(
        document,
        manifest -> {
          cluster.add(manifest);
          if (PodTemplate.isIn(manifest.kind()) && OWN_GROUPS.contains(manifest.group())) {
            workloads.add(manifest);
          } else if (!OWN_GROUPS.contains(manifest.group())
              && !manifest.group().endsWith(".k8s.io")
              && !isMonitoring(manifest)) {
            note(manifest);
          }
        });
  }

  private static boolean isMonitoring(Manifest manifest) {
    return manifest.group().equals("monitoring.coreos.com")
        && RUN_NOTHING.contains(manifest.kind());
  }

  private void note(Manifest manifest) {
    Place place = manifest.tree().place();
    unknown.putIfAbsent(
        place.file() + manifest.kind(),
        new Note(
            Severity.NOTICE,
            place,
            "kind %s is not known and not judged".formatted(printable(manifest.kind())),
            "Check what its operator makes of it"));
  }

  private static String printable(String kind) {
    return kind.matches("[A-Za-z0-9.-]{1,80}") ? kind : "of this object";
  }

  /** What was not judged. */
  public List<Note> notes() {
    return List.copyOf(unknown.values());
  }

  /** All that the manifests deploy. */
  public Stack stack() {
    List<Container> containers = new ArrayList<>();
    for (Manifest workload : workloads) {
      containers.addAll(new WorkloadReader(cluster, workload).read());
    }
    List<Stack.WrittenSecret> secrets = new ArrayList<>();
    for (Manifest secret : cluster.all("Secret")) {
      written(secret, "stringData", Variable.Origin.SECRET, secrets);
      written(secret, "data", Variable.Origin.SECRET, secrets);
    }
    for (Manifest map : cluster.all("ConfigMap")) {
      written(map, "data", Variable.Origin.CONFIG_MAP, secrets);
    }
    return new Stack(containers, secrets);
  }

  private static void written(
      Manifest manifest, String key, Variable.Origin origin, List<Stack.WrittenSecret> secrets) {
    Subject subject =
        new Subject(
            manifest.label(), manifest.place(), manifest.marks(manifest.tree(), Subject.ACCEPT));
    manifest
        .tree()
        .entries(key)
        .forEach((name, entry) -> {
          SourceText value = entry.value().text();
          if (value != null) {
            secrets.add(
                new Stack.WrittenSecret(subject, new Variable(name, entry.key(), value, origin)));
          }
        });
  }
}
