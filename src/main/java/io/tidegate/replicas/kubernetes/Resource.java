package io.tidegate.replicas.kubernetes;

/**
 * A kind that is asked for, read or made with one right and no other.
 *
 * @param kind as objects name themselves: {@code Deployment}
 * @param group the API group; empty: the core one
 * @param root the path of the group's version
 * @param plural as paths name it; empty: the list of what the group's version has
 * @param verb what is done with it
 * @param subresource what is read of an object; empty: itself
 * @see <a href="https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris">Resource
 *     URIs</a>
 */
record Resource(
    String kind, String group, String root, String plural, String verb, String subresource) {
  static final Resource POD = readable("Pod", "", "/api/v1", "pods");
  static final Resource REPLICA_SET =
      readable("ReplicaSet", "apps", "/apis/apps/v1", "replicasets");
  static final Resource DEPLOYMENT = readable("Deployment", "apps", "/apis/apps/v1", "deployments");
  static final Resource STATEFUL_SET =
      readable("StatefulSet", "apps", "/apis/apps/v1", "statefulsets");
  static final Resource DAEMON_SET = readable("DaemonSet", "apps", "/apis/apps/v1", "daemonsets");
  static final Resource JOB = readable("Job", "batch", "/apis/batch/v1", "jobs");
  static final Resource AUTOSCALERS =
      new Resource(
          "HorizontalPodAutoscalerList",
          "autoscaling",
          "/apis/autoscaling/v2",
          "horizontalpodautoscalers",
          "list",
          "");
  static final Resource EVENT = new Resource("Event", "", "/api/v1", "events", "create", "");

  private static Resource readable(String kind, String group, String root, String plural) {
    return new Resource(kind, group, root, plural, "get", "");
  }

  /** The list of the kinds that a version of a group has, which every account may read. */
  static Resource kinds(String group, String version) {
    return new Resource(
        "APIResourceList",
        group,
        group.isEmpty() ? "/api/" + version : "/apis/%s/%s".formatted(group, version),
        "",
        "get",
        "");
  }

  /** The subresource by which objects of such a kind are scaled, whatever kind that is. */
  Resource scale(String plural) {
    return new Resource("Scale", group, root, plural, "get", "scale");
  }

  /** The right that is needed, as {@code kubectl auth can-i} takes it: {@code get jobs.batch}. */
  String right() {
    return verb + " " + resource() + (subresource.isEmpty() ? "" : " --subresource=" + subresource);
  }

  /** {@code jobs.batch}. */
  private String resource() {
    if (plural.isEmpty()) {
      return root;
    }
    return group.isEmpty() ? plural : plural + "." + group;
  }

  /** The path of all objects of this kind in a namespace. */
  String path(String namespace) {
    return plural.isEmpty() ? root : "%s/namespaces/%s/%s".formatted(root, namespace, plural);
  }

  /** The path of one object of this kind. */
  String path(String namespace, String name) {
    return path(namespace) + "/" + name + (subresource.isEmpty() ? "" : "/" + subresource);
  }
}
