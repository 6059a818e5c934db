package io.tidegate.replicas.kubernetes;

import io.tidegate.replicas.ReplicaCount;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Follows a pod to what decides how many of its kind there are. The way is never longer than pod,
 * ReplicaSet, Deployment, whatever the objects say of their owners.
 */
final class Workload {
  private final ApiServer api;

  Workload(ApiServer api) {
    this.api = api;
  }

  /** The count for the pod of this name. */
  ReplicaCount of(String pod) throws ReplicaLookupException, InterruptedException {
    Owner owner = Owner.controllerOf(api.get(Resource.POD, pod));
    if (owner == null) {
      return new ReplicaCount.Exactly(1, told("Pod %s: no controller".formatted(pod)));
    }
    if (owner.isA(Resource.REPLICA_SET)) {
      return replicaSet(owner.name());
    }
    if (owner.isA(Resource.STATEFUL_SET)) {
      return scaled(Resource.STATEFUL_SET, owner.name());
    }
    if (owner.isA(Resource.DAEMON_SET)) {
      return daemonSet(owner.name());
    }
    if (owner.isA(Resource.JOB)) {
      return job(owner.name());
    }
    throw ReplicaLookupException.lasting(
        "Pod %s belongs to the %s %s, a kind that Tidegate does not know"
            .formatted(pod, owner.kind(), owner.name()));
  }

  private ReplicaCount replicaSet(String name) throws ReplicaLookupException, InterruptedException {
    ApiObject set = api.get(Resource.REPLICA_SET, name);
    Owner owner = Owner.controllerOf(set);
    if (owner == null) {
      return scaled(Resource.REPLICA_SET, name, set);
    }
    if (owner.isA(Resource.DEPLOYMENT)) {
      return scaled(Resource.DEPLOYMENT, owner.name());
    }
    // Such as a Rollout of Argo: it moves the replicas between sets of its own.
    return bound(
        replicas(set),
        "ReplicaSet %s: spec.replicas %d, %s".formatted(name, replicas(set), owner.describe()));
  }

  private ReplicaCount scaled(Resource resource, String name)
      throws ReplicaLookupException, InterruptedException {
    return scaled(resource, name, api.get(resource, name));
  }

  private ReplicaCount scaled(Resource resource, String name, ApiObject object)
      throws ReplicaLookupException, InterruptedException {
    int replicas = replicas(object);
    StringJoiner words = new StringJoiner(", ");
    words.add("%s %s: spec.replicas %d".formatted(resource.kind(), name, replicas));
    int most = replicas;
    boolean autoscaled = false;
    List<ApiObject> autoscalers;
    try {
      autoscalers = api.list(Resource.AUTOSCALERS).list("items");
    } catch (ReplicaLookupException e) {
      if (e.isPassing() || replicas == 1) {
        throw e;
      }
      throw e.after(
          words.toString(), new ReplicaCount.AtLeast(replicas, told(words + "; " + e.why())));
    }
    for (ApiObject autoscaler : autoscalers) {
      Owner target = Owner.of(autoscaler.at("spec", "scaleTargetRef"));
      if (target.isA(resource) && target.name().equals(name)) {
        Integer max = autoscaler.at("spec").number("maxReplicas");
        int upTo = max == null ? replicas : max;
        words.add(
            "HorizontalPodAutoscaler %s up to %d"
                .formatted(autoscaler.at("metadata").text("name"), upTo));
        most = Math.max(most, upTo);
        autoscaled = true;
      }
    }
    Owner owner = resource == Resource.STATEFUL_SET ? Owner.controllerOf(object) : null;
    if (owner != null) {
      // Operators make one such set for each member of a cluster.
      words.add(owner.describe());
      return bound(most, words.toString());
    }
    if (autoscaled && most > 1) {
      return new ReplicaCount.UpTo(most, told(words.toString()));
    }
    Surge surge = resource == Resource.DEPLOYMENT ? Surge.of(object, most) : Surge.NONE;
    if (surge.pods() > 0) {
      words.add(surge.describe());
    }
    return new ReplicaCount.Exactly(most, told(words.toString()), surge.pods());
  }

  /** One on each node that suits it; the next node may come at any time. */
  private ReplicaCount daemonSet(String name) throws ReplicaLookupException, InterruptedException {
    Integer nodes =
        api.get(Resource.DAEMON_SET, name).at("status").number("desiredNumberScheduled");
    int now = nodes == null ? 1 : Math.max(1, nodes);
    return bound(now, "DaemonSet %s: one on each node, %d now".formatted(name, now));
  }

  /**
   * Pods that run at the same time: never more than there are completions left to reach.
   *
   * @see <a href="https://kubernetes.io/docs/concepts/workloads/controllers/job/#controlling-parallelism">
   *     Controlling parallelism</a>
   */
  private ReplicaCount job(String name) throws ReplicaLookupException, InterruptedException {
    ApiObject spec = api.get(Resource.JOB, name).at("spec");
    int parallelism = Math.max(1, orOne(spec.number("parallelism")));
    Integer completions = spec.number("completions");
    String words = "Job %s: spec.parallelism %d".formatted(name, parallelism);
    if (completions != null && completions < parallelism) {
      return new ReplicaCount.Exactly(
          Math.max(1, completions), told(words + ", spec.completions " + completions));
    }
    return new ReplicaCount.Exactly(parallelism, told(words));
  }

  /** A number that may be too small says something only above one. */
  private static ReplicaCount bound(int replicas, String words) throws ReplicaLookupException {
    if (replicas > 1) {
      return new ReplicaCount.AtLeast(replicas, told(words));
    }
    throw ReplicaLookupException.lasting(words);
  }

  /** This pod is there, also where its set was scaled to none a moment ago. */
  private static int replicas(ApiObject object) {
    return Math.max(1, orOne(object.at("spec").number("replicas")));
  }

  private static int orOne(@Nullable Integer number) {
    return number == null ? 1 : number;
  }

  private static String told(String words) {
    return "in Kubernetes (%s)".formatted(words);
  }

  /**
   * How many pods a Deployment's rollout runs beyond its replicas, until the old ones are gone.
   *
   * @param pods how many more
   * @param maxSurge as it is written: {@code 25%}
   * @see <a href="https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#max-surge">Max
   *     surge</a>
   */
  record Surge(int pods, String maxSurge) {
    static final Surge NONE = new Surge(0, "0");

    private static final String DEFAULT = "25%";

    static Surge of(ApiObject deployment, int replicas) {
      ApiObject strategy = deployment.at("spec", "strategy");
      if (strategy.text("type").equals("Recreate")) {
        return NONE;
      }
      ApiObject rolling = strategy.at("rollingUpdate");
      Integer number = rolling.number("maxSurge");
      String text = rolling.text("maxSurge");
      String written = number != null ? number.toString() : text.isEmpty() ? DEFAULT : text;
      return new Surge(pods(written, replicas), written);
    }

    String describe() {
      return "RollingUpdate with maxSurge " + maxSurge;
    }

    /** A percentage is rounded up, so that one per cent of one pod is one more. */
    private static int pods(String maxSurge, int replicas) {
      Integer percent = maxSurge.endsWith("%") ? whole(maxSurge.replace("%", "")) : null;
      if (percent != null) {
        return Math.ceilDiv(percent * replicas, 100);
      }
      Integer number = whole(maxSurge);
      return number == null ? 0 : number;
    }

    private static @Nullable Integer whole(String text) {
      return text.matches("[0-9]{1,6}") ? Integer.valueOf(text) : null;
    }
  }

  /**
   * A reference from one object to another: to the controller that made it, or to what an autoscaler
   * scales.
   *
   * @param group the API group, without the version; empty: the core one
   */
  record Owner(String group, String kind, String name) {

    /**
     * The controller of an object; null: nobody made it but a person.
     *
     * @see <a href="https://kubernetes.io/docs/concepts/overview/working-with-objects/owners-dependents/">
     *     Owners and dependents</a>
     */
    static @Nullable Owner controllerOf(ApiObject object) {
      for (ApiObject reference : object.at("metadata").list("ownerReferences")) {
        if (reference.isTrue("controller")) {
          return of(reference);
        }
      }
      return null;
    }

    /** Of an object with {@code apiVersion}, {@code kind} and {@code name}. */
    static Owner of(ApiObject reference) {
      String version = reference.text("apiVersion");
      int slash = version.indexOf('/');
      return new Owner(
          slash < 0 ? "" : version.substring(0, slash),
          reference.text("kind"),
          reference.text("name"));
    }

    /** An owner that is not followed further, in words. */
    String describe() {
      return "of the %s %s, a kind that Tidegate does not know".formatted(kind, name);
    }

    /** Whether it is of this kind; another group may have a kind of the same name. */
    boolean isA(Resource resource) {
      return kind.equals(resource.kind()) && group.equals(resource.group());
    }
  }
}
