package io.tidegate.replicas.kubernetes;

import io.tidegate.replicas.ReplicaCount;
import java.util.Arrays;
import java.util.List;
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
  ReplicaCount of(String name) throws ReplicaLookupException, InterruptedException {
    ApiObject pod = api.get(Resource.POD, name);
    Owner owner = Owner.controllerOf(pod);
    if (owner == null) {
      return new ReplicaCount.Exactly(1, told("Pod %s: no controller".formatted(name)));
    }
    if (owner.isA(Resource.REPLICA_SET)) {
      return replicaSet(owner, pod);
    }
    if (owner.isA(Resource.STATEFUL_SET)) {
      return statefulSet(owner, pod);
    }
    if (owner.isA(Resource.DAEMON_SET)) {
      return daemonSet(owner.name());
    }
    if (owner.isA(Resource.JOB)) {
      return job(owner.name());
    }
    return ofAnotherKind(owner, pod, owner, new Seen(1, false, "Pod " + name), 0);
  }

  private ReplicaCount replicaSet(Owner set, ApiObject pod)
      throws ReplicaLookupException, InterruptedException {
    ApiObject object = api.get(Resource.REPLICA_SET, set.name());
    Owner owner = Owner.controllerOf(object);
    if (owner == null) {
      return counted(autoscaled(seen(set, object), set), 0);
    }
    if (owner.isA(Resource.DEPLOYMENT)) {
      ApiObject deployment = api.get(Resource.DEPLOYMENT, owner.name());
      Seen seen = autoscaled(seen(owner, deployment), owner);
      Surge surge = seen.isRange() ? Surge.NONE : Surge.of(deployment, seen.replicas());
      return counted(surge.pods() > 0 ? seen.with(surge.describe()) : seen, surge.pods());
    }
    // Such as a Rollout of Argo: it moves the replicas between sets of its own, and runs two of
    // them for a while.
    return ofAnotherKind(owner, pod, set, seen(set, object), 1);
  }

  private ReplicaCount statefulSet(Owner set, ApiObject pod)
      throws ReplicaLookupException, InterruptedException {
    ApiObject object = api.get(Resource.STATEFUL_SET, set.name());
    Owner owner = Owner.controllerOf(object);
    Seen seen = seen(set, object);
    // Operators make one such set for each member of a cluster.
    return owner == null
        ? counted(autoscaled(seen, set), 0)
        : ofAnotherKind(owner, pod, set, seen, 0);
  }

  /**
   * What an owner of a kind that is not built in tells by its subresource {@code scale}, if that
   * counts this pod. Else what was seen is a lower bound.
   *
   * @param below the pod, or its set
   */
  private ReplicaCount ofAnotherKind(Owner owner, ApiObject pod, Owner below, Seen seen, int surge)
      throws ReplicaLookupException, InterruptedException {
    Seen of = seen.with("of the %s %s".formatted(owner.kind(), owner.name()));
    Integer scale = null;
    ReplicaLookupException refused = null;
    try {
      scale = scale(owner, pod);
      of =
          scale == null
              ? of.with("whose kind has no subresource scale that selects this pod")
              : of.orMore(scale);
    } catch (ReplicaLookupException e) {
      if (e.isPassing()) {
        throw e;
      }
      refused = e;
      of = of.with(e.why());
    }
    Seen all = autoscaled(of, below, owner);
    if (scale != null) {
      return counted(all, surge);
    }
    if (refused != null && all.replicas() == 1) {
      throw refused.after(seen.words(), null);
    }
    return bound(all);
  }

  private @Nullable Integer scale(Owner owner, ApiObject pod)
      throws ReplicaLookupException, InterruptedException {
    Resource resource = api.scale(owner.group(), owner.version(), owner.kind());
    if (resource == null) {
      return null;
    }
    ApiObject scale = api.get(resource, owner.name());
    return selects(scale.at("status").text("selector"), pod.at("metadata", "labels"))
        ? replicas(scale)
        : null;
  }

  /** Whether a selector of labels, as scale writes it, names this pod's; sets are not read. */
  private static boolean selects(String selector, ApiObject labels) {
    return !selector.isEmpty()
        && Arrays.stream(selector.split(",", -1))
            .map(term -> term.split("=", 2))
            .allMatch(term -> term.length == 2 && labels.text(term[0]).equals(term[1]));
  }

  private static Seen seen(Owner owner, ApiObject object) {
    int replicas = replicas(object);
    return new Seen(
        replicas, false, "%s %s: spec.replicas %d".formatted(owner.kind(), owner.name(), replicas));
  }

  /** The same, with the autoscalers that point at one of these. */
  private Seen autoscaled(Seen seen, Owner... owners)
      throws ReplicaLookupException, InterruptedException {
    List<ApiObject> autoscalers;
    try {
      autoscalers = api.list(Resource.AUTOSCALERS).list("items");
    } catch (ReplicaLookupException e) {
      if (e.isPassing() || seen.replicas() == 1) {
        throw e;
      }
      throw e.after(
          seen.words(),
          new ReplicaCount.AtLeast(seen.replicas(), told(seen.words() + "; " + e.why())));
    }
    Seen all = seen;
    for (ApiObject autoscaler : autoscalers) {
      Owner target = Owner.of(autoscaler.at("spec", "scaleTargetRef"));
      if (Arrays.stream(owners).anyMatch(target::isSameAs)) {
        Integer max = autoscaler.at("spec").number("maxReplicas");
        all = all.upTo(max == null ? seen.replicas() : max, autoscaler.at("metadata").text("name"));
      }
    }
    return all;
  }

  private static ReplicaCount counted(Seen seen, int surge) {
    return seen.isRange()
        ? new ReplicaCount.UpTo(seen.replicas(), told(seen.words()))
        : new ReplicaCount.Exactly(seen.replicas(), told(seen.words()), surge);
  }

  /** One on each node that suits it; the next node may come at any time. */
  private ReplicaCount daemonSet(String name) throws ReplicaLookupException, InterruptedException {
    Integer nodes =
        api.get(Resource.DAEMON_SET, name).at("status").number("desiredNumberScheduled");
    int now = nodes == null ? 1 : Math.max(1, nodes);
    return bound(
        new Seen(now, false, "DaemonSet %s: one on each node, %d now".formatted(name, now)));
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
  private static ReplicaCount bound(Seen seen) throws ReplicaLookupException {
    if (seen.replicas() > 1) {
      return new ReplicaCount.AtLeast(seen.replicas(), told(seen.words()));
    }
    throw ReplicaLookupException.lasting(seen.words());
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
   * What was read so far.
   *
   * @param autoscaled whether an autoscaler may change it
   * @param words where it was read
   */
  private record Seen(int replicas, boolean autoscaled, String words) {
    boolean isRange() {
      return autoscaled && replicas > 1;
    }

    Seen with(String more) {
      return new Seen(replicas, autoscaled, words + ", " + more);
    }

    Seen orMore(int scale) {
      return new Seen(Math.max(replicas, scale), autoscaled, words + ": scale %d".formatted(scale));
    }

    Seen upTo(int max, String autoscaler) {
      return new Seen(
          Math.max(replicas, max),
          true,
          words + ", HorizontalPodAutoscaler %s up to %d".formatted(autoscaler, max));
    }
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
   * @param group the API group; empty: the core one
   */
  record Owner(String group, String version, String kind, String name) {

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
          version.substring(slash + 1),
          reference.text("kind"),
          reference.text("name"));
    }

    /** Whether both name one object; the version of their group does not matter. */
    boolean isSameAs(Owner other) {
      return group.equals(other.group) && kind.equals(other.kind) && name.equals(other.name);
    }

    /** Whether it is of this kind; another group may have a kind of the same name. */
    boolean isA(Resource resource) {
      return kind.equals(resource.kind()) && group.equals(resource.group());
    }
  }
}
