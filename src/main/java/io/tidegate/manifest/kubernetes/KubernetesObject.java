package io.tidegate.manifest.kubernetes;

import io.tidegate.source.SourceFile.Location;
import io.tidegate.source.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One object of Kubernetes.
 *
 * @param namespace empty where none is written
 * @param node all of it
 */
record KubernetesObject(String group, String kind, String namespace, String name, YamlNode node) {
  private static final String[] TEMPLATE = {"spec", "template"};

  /** Where the pods of each kind of workload are described. */
  private static final Map<String, String[]> TEMPLATES =
      Map.of(
          "Deployment", TEMPLATE,
          "StatefulSet", TEMPLATE,
          "DaemonSet", TEMPLATE,
          "ReplicaSet", TEMPLATE,
          "ReplicationController", TEMPLATE,
          "Job", TEMPLATE,
          "ScaledJob", new String[] {"spec", "jobTargetRef", "template"},
          "CronJob", new String[] {"spec", "jobTemplate", "spec", "template"},
          "Pod", new String[0]);

  /** Groups of Kubernetes itself, one that old manifests name, and KEDA's. */
  private static final Set<String> OWN_GROUPS =
      Set.of("", "apps", "batch", "autoscaling", "extensions", "policy", "keda.sh");

  private static final Set<String> RUN_ONCE = Set.of("Job", "CronJob", "ScaledJob");

  /** The objects of a document: itself, or the items of a List. */
  static void each(YamlNode document, Consumer<KubernetesObject> consumer) {
    if (document.word("kind").endsWith("List") && !document.items("items").isEmpty()) {
      for (YamlNode item : document.items("items")) {
        if (!item.word("kind").endsWith("List")) {
          each(item, consumer);
        }
      }
      return;
    }
    String version = document.word("apiVersion");
    int slash = version.indexOf('/');
    consumer.accept(
        new KubernetesObject(
            slash < 0 ? "" : version.substring(0, slash),
            document.word("kind"),
            document.word("metadata", "namespace"),
            document.word("metadata", "name"),
            document));
  }

  /** Its file. */
  String file() {
    return node.location().file();
  }

  /** Where its name is written, or where it begins. */
  Location location() {
    var metadata = node.entries("metadata").get("name");
    return metadata == null ? node.location() : metadata.key();
  }

  /** As people call it. */
  String label() {
    return kind + " " + name;
  }

  /** Whether it may be named from an object of a namespace. */
  boolean isIn(String other) {
    return named(namespace).equals(named(other));
  }

  private static String named(String namespace) {
    return namespace.isEmpty() ? "default" : namespace;
  }

  /** The values of an annotation or label here and at the template of its pods. */
  List<String> annotationsOrLabels(YamlNode template, String key) {
    List<String> marks = new ArrayList<>();
    for (YamlNode location : List.of(node, template)) {
      for (String folder : List.of("annotations", "labels")) {
        String mark = location.word("metadata", folder, key);
        if (!mark.isEmpty()) {
          marks.add(mark);
        }
      }
    }
    return List.copyOf(new LinkedHashSet<>(marks));
  }

  /** Whether it is of a kind of Kubernetes itself, or of KEDA's. */
  boolean isOwn() {
    return OWN_GROUPS.contains(group);
  }

  /** Whether it is of a kind that has pods; of one that is not known, whether it has a template. */
  boolean isWorkload() {
    return isOwn()
        ? TEMPLATES.containsKey(kind)
        : !node.items("spec", "template", "spec", "containers").isEmpty();
  }

  /** Argo's, which replaces a Deployment. */
  boolean isRollout() {
    return group.equals("argoproj.io") && kind.equals("Rollout");
  }

  /** A Rollout that takes the pods of a Deployment, which is among the files or checked elsewhere. */
  boolean isOfDeployment() {
    return isRollout() && node.at("spec", "workloadRef") != null;
  }

  /** Knative's, which is a workload and no address. */
  boolean isKnativeService() {
    return group.equals("serving.knative.dev") && kind.equals("Service");
  }

  /** Whether a new pod may start before the old one has ended. */
  boolean rollsOver() {
    return kind.equals("Deployment") || isRollout() || isKnativeService();
  }

  /** The template of its pods; null where it has none. */
  @Nullable YamlNode template() {
    return node.at(isOwn() ? TEMPLATES.getOrDefault(kind, TEMPLATE) : TEMPLATE);
  }

  /** Whether its pods end by themselves. */
  boolean runsOnce() {
    return RUN_ONCE.contains(kind);
  }
}
