package io.tidegate.replicas.kubernetes;

/**
 * The kinds that are asked for, each read or made with one right and no other.
 *
 * @see <a href="https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris">Resource
 *     URIs</a>
 */
enum Resource {
  POD("Pod", "", "/api/v1", "pods", "get"),
  REPLICA_SET("ReplicaSet", "apps", "/apis/apps/v1", "replicasets", "get"),
  DEPLOYMENT("Deployment", "apps", "/apis/apps/v1", "deployments", "get"),
  STATEFUL_SET("StatefulSet", "apps", "/apis/apps/v1", "statefulsets", "get"),
  DAEMON_SET("DaemonSet", "apps", "/apis/apps/v1", "daemonsets", "get"),
  JOB("Job", "batch", "/apis/batch/v1", "jobs", "get"),
  AUTOSCALERS(
      "HorizontalPodAutoscalerList",
      "autoscaling",
      "/apis/autoscaling/v2",
      "horizontalpodautoscalers",
      "list"),
  EVENT("Event", "", "/api/v1", "events", "create");

  private final String kind;
  private final String group;
  private final String root;
  private final String plural;
  private final String verb;

  Resource(String kind, String group, String root, String plural, String verb) {
    this.kind = kind;
    this.group = group;
    this.root = root;
    this.plural = plural;
    this.verb = verb;
  }

  /** As objects name themselves: {@code Deployment}. */
  String kind() {
    return kind;
  }

  /** The API group; empty: the core one. */
  String group() {
    return group;
  }

  /** The right that is needed, as {@code kubectl auth can-i} takes it: {@code get jobs.batch}. */
  String right() {
    return verb + " " + resource();
  }

  /** {@code jobs.batch}. */
  String resource() {
    return group.isEmpty() ? plural : plural + "." + group;
  }

  /** The path of all objects of this kind in a namespace. */
  String path(String namespace) {
    return "%s/namespaces/%s/%s".formatted(root, namespace, plural);
  }
}
