package io.tidegate.servers;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Objects in JSON as the API server gives them, with the members that every object has and with
 * defaults filled in. What is served of them is held to the published schema by {@code
 * .ci/manifests}; numbers of replicas stand also where none must be read from.
 *
 * @see <a href="https://kubernetes.io/docs/reference/kubernetes-api/">The API's published schema</a>
 */
public final class KubernetesObjects {
  /** The owner of an object that has none. */
  public static final String NO_OWNER = "";

  private static final String SELECTOR = "\"selector\": {\"matchLabels\": {\"app\": \"web\"}}";

  private KubernetesObjects() {}

  /** A reference to the controller that made an object. */
  public static String controller(String apiVersion, String kind, String name) {
    return owner(apiVersion, kind, name, true);
  }

  /** A reference to an owner, which need not be the controller. */
  public static String owner(String apiVersion, String kind, String name, boolean controller) {
    return """
    {"apiVersion": "%s", "kind": "%s", "name": "%s", "uid": "5a3f8a4e-0c7c-4f0b-9d8e-1c2b3a4d5e6f",
     "controller": %s, "blockOwnerDeletion": true}
    """
        .formatted(apiVersion, kind, name, controller);
  }

  /** A running pod. */
  public static String pod(String name, String... owners) {
    return object(
        "v1",
        "Pod",
        name,
        String.join(",", owners),
        podSpec("Always"),
        """
        {"phase": "Running", "podIP": "10.1.0.7", "podIPs": [{"ip": "10.1.0.7"}], "qosClass": "BestEffort"}
        """);
  }

  /** A Deployment, ReplicaSet, StatefulSet or Job; what is its own in the spec without braces. */
  public static String workload(
      String apiVersion, String kind, String name, String owner, String spec) {
    boolean job = kind.equals("Job");
    return object(
        apiVersion,
        kind,
        name,
        owner,
        "{%s, %s, %s%s}"
            .formatted(
                spec,
                SELECTOR,
                template(job ? "Never" : "Always"),
                kind.equals("StatefulSet") ? ", \"serviceName\": \"web\"" : ""),
        job
            ? "{\"active\": 88, \"ready\": 88, \"startTime\": \"2026-11-21T06:00:00Z\"}"
            : "{\"observedGeneration\": 1, \"replicas\": 88, \"readyReplicas\": 88}");
  }

  /** A Deployment with this strategy, an object. */
  public static String deployment(String name, int replicas, String strategy) {
    return workload(
        "apps/v1",
        "Deployment",
        name,
        NO_OWNER,
        "\"replicas\": %d, \"strategy\": %s".formatted(replicas, strategy));
  }

  /** What the API server fills in where no strategy is written. */
  public static String rolling(String maxSurge) {
    return """
    {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "25%%", "maxSurge": %s}}
    """
        .formatted(maxSurge);
  }

  /** A DaemonSet that so many nodes should run. */
  public static String daemonSet(String name, int nodes) {
    return object(
        "apps/v1",
        "DaemonSet",
        name,
        NO_OWNER,
        "{\"updateStrategy\": {\"type\": \"RollingUpdate\"}, %s, %s}"
            .formatted(SELECTOR, template("Always")),
        """
        {"currentNumberScheduled": 1, "desiredNumberScheduled": %d, "numberMisscheduled": 0,
         "numberReady": 1}
        """
            .formatted(nodes));
  }

  /** An autoscaler. */
  public static String autoscaler(
      String name, String apiVersion, String kind, String target, int max) {
    return object(
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        name,
        NO_OWNER,
        """
        {"scaleTargetRef": {"apiVersion": "%s", "kind": "%s", "name": "%s"},
         "minReplicas": 1, "maxReplicas": %d,
         "metrics": [{"type": "Resource", "resource": {"name": "cpu",
           "target": {"type": "Utilization", "averageUtilization": 80}}}]}
        """
            .formatted(apiVersion, kind, target, max),
        "{\"currentReplicas\": 1, \"desiredReplicas\": 1}");
  }

  /** The answer to a list of autoscalers. */
  public static String autoscalers(String... items) {
    return """
    {"kind": "HorizontalPodAutoscalerList", "apiVersion": "autoscaling/v2",
     "metadata": {"resourceVersion": "4711"}, "items": [%s]}
    """
        .formatted(Stream.of(items).collect(Collectors.joining(",")));
  }

  /** The kinds of a group that has one, with or without a subresource {@code scale}. */
  public static String kinds(String groupVersion, String kind, String plural, boolean scale) {
    String resource =
        """
        {"name": "%s", "singularName": "", "namespaced": true, "kind": "%s", "verbs": ["get"]}
        """;
    return """
    {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "%s", "resources": [%s%s]}
    """
        .formatted(
            groupVersion,
            resource.formatted(plural, kind),
            scale ? "," + resource.formatted(plural + "/scale", "Scale") : "");
  }

  /** The subresource {@code scale} of an object. */
  public static String scale(String name, int replicas, String selector) {
    return """
    {"kind": "Scale", "apiVersion": "autoscaling/v1",
     "metadata": {"name": "%s", "namespace": "shop", "uid": "0b4c5d6e-7f80-4a1b-8c2d-3e4f5a6b7c8d",
       "resourceVersion": "4242", "creationTimestamp": "2026-11-21T06:00:00Z"},
     "spec": {"replicas": %d}, "status": {"replicas": 88, "selector": "%s"}}
    """
        .formatted(name, replicas, selector);
  }

  /** What the server answers instead of an object. */
  public static String status(int code, String reason, String message) {
    return """
    {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
     "message": "%s", "reason": "%s", "code": %d}
    """
        .formatted(message, reason, code);
  }

  private static String object(
      String apiVersion, String kind, String name, String owners, String spec, String status) {
    return """
    {"kind": "%s", "apiVersion": "%s",
     "metadata": {"name": "%s", "namespace": "shop", "uid": "0b4c5d6e-7f80-4a1b-8c2d-3e4f5a6b7c8d",
       "resourceVersion": "4242", "generation": 1, "creationTimestamp": "2026-11-21T06:00:00Z",
       "labels": {"app": "web"}, "annotations": {"deployment.kubernetes.io/desired-replicas": "99"},
       "ownerReferences": [%s],
       "managedFields": [{"manager": "kubectl", "operation": "Update", "apiVersion": "%s",
         "fieldsType": "FieldsV1", "fieldsV1": {"f:spec": {"f:replicas": {}}}}]},
     "spec": %s, "status": %s}
    """
        .formatted(kind, apiVersion, name, owners, apiVersion, spec, status);
  }

  private static String template(String restartPolicy) {
    return """
    "template": {"metadata": {"labels": {"app": "web", "replicas": "77"}}, "spec": %s}
    """
        .formatted(podSpec(restartPolicy));
  }

  /** As the pod security standard {@code restricted} takes it. */
  private static String podSpec(String restartPolicy) {
    return """
    {"containers": [{"name": "web", "image": "web:1", "resources": {},
       "imagePullPolicy": "IfNotPresent", "terminationMessagePath": "/dev/termination-log",
       "securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}}}],
     "restartPolicy": "%s", "terminationGracePeriodSeconds": 30, "dnsPolicy": "ClusterFirst",
     "serviceAccountName": "tidegate", "schedulerName": "default-scheduler",
     "securityContext": {"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}}}
    """
        .formatted(restartPolicy);
  }
}
