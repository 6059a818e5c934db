package io.tidegate.manifest.kubernetes;

import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Container.Variable;
import io.tidegate.manifest.stack.Stack;
import io.tidegate.manifest.stack.Stack.Subject;
import io.tidegate.policy.Severity;
import io.tidegate.source.SourceFile.Location;
import io.tidegate.source.SourceFile.Note;
import io.tidegate.source.SourceFile.SourceText;
import io.tidegate.source.YamlNode;
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
  /** Kinds of the Prometheus Operator that run nothing; others of its group do. */
  private static final Set<String> RUN_NOTHING =
      Set.of("ServiceMonitor", "PodMonitor", "Probe", "PrometheusRule", "ScrapeConfig");

  /** Groups of routes, certificates and references to secrets: their kinds run nothing. */
  private static final Set<String> RUNS_NOTHING =
      Set.of(
          "networking.istio.io",
          "security.istio.io",
          "split.smi-spec.io",
          "traefik.io",
          "traefik.containo.us",
          "cert-manager.io",
          "external-secrets.io",
          "cilium.io",
          "appmesh.k8s.aws");

  private final Cluster cluster = new Cluster();
  private final List<KubernetesObject> workloads = new ArrayList<>();
  private final Map<String, Note> unknown = new LinkedHashMap<>();

  /**
   * Adds a document to all others, if it is an object of Kubernetes.
   *
   * @return whether it was added
   */
  public boolean add(YamlNode document) {
    if (document.word("apiVersion").isEmpty() || document.word("kind").isEmpty()) {
      return false;
    }
    KubernetesObject.each(
        document,
        object -> {
          cluster.add(object);
          if (object.isWorkload()) {
            workloads.add(object);
          }
          if (!isKnown(object)) {
            note(object);
          }
        });
    return true;
  }

  private static boolean isKnown(KubernetesObject object) {
    return object.isOwn()
        || object.group().endsWith(".k8s.io")
        || RUNS_NOTHING.contains(object.group())
        || isMonitoring(object)
        || object.isOfDeployment()
        || (object.isWorkload() && (object.isRollout() || object.isKnativeService()));
  }

  private static boolean isMonitoring(KubernetesObject object) {
    return object.group().equals("monitoring.coreos.com") && RUN_NOTHING.contains(object.kind());
  }

  private void note(KubernetesObject object) {
    Location location = object.node().location();
    unknown.putIfAbsent(
        location.file() + object.kind(),
        new Note(
            Severity.NOTICE,
            location,
            (object.isWorkload()
                    ? "kind %s is not known: its pods are checked as those of a Deployment are"
                    : "kind %s is not known and not checked")
                .formatted(printable(object.kind())),
            "Check what its operator makes of it"));
  }

  private static String printable(String kind) {
    return kind.matches("[A-Za-z0-9.-]{1,80}") ? kind : "of this object";
  }

  /** What was not checked. */
  public List<Note> notes() {
    List<Note> notes = new ArrayList<>(unknown.values());
    for (KubernetesObject rollout : cluster.all("Rollout")) {
      YamlNode target = rollout.node().at("spec", "workloadRef");
      if (target != null
          && cluster.find(rollout, target.word("kind"), target.word("name")).isEmpty()) {
        notes.add(
            new Note(
                Severity.NOTICE,
                rollout.node().location(),
                "a Rollout takes its pods from an object that is not among the files, so that they are"
                    + " not checked",
                "Name the file of its Deployment too"));
      }
    }
    return notes;
  }

  /** All that the manifests deploy. */
  public Stack stack() {
    List<Container> containers = new ArrayList<>();
    for (KubernetesObject workload : workloads) {
      containers.addAll(new WorkloadReader(cluster, workload).read());
    }
    List<Stack.WrittenSecret> secrets = new ArrayList<>();
    for (KubernetesObject secret : cluster.all("Secret")) {
      written(secret, "stringData", Variable.Origin.SECRET, secrets);
      written(secret, "data", Variable.Origin.SECRET, secrets);
    }
    for (KubernetesObject map : cluster.all("ConfigMap")) {
      written(map, "data", Variable.Origin.CONFIG_MAP, secrets);
    }
    return new Stack(containers, secrets);
  }

  private static void written(
      KubernetesObject object,
      String key,
      Variable.Origin origin,
      List<Stack.WrittenSecret> secrets) {
    Subject subject =
        new Subject(
            object.label(),
            object.location(),
            object.annotationsOrLabels(object.node(), Subject.ACCEPT));
    object
        .node()
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
