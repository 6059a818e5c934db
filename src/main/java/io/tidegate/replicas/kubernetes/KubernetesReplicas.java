package io.tidegate.replicas.kubernetes;

import io.tidegate.replicas.ReplicaCount;
import io.tidegate.replicas.ReplicaCount.Unknown;
import io.tidegate.replicas.ReplicaSettings;
import io.tidegate.replicas.ReplicaSource;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the Kubernetes API tells of the workload that this pod belongs to. It costs four requests at
 * most where they are answered at once, and none outside Kubernetes. Not to be called by two threads
 * at once.
 */
public final class KubernetesReplicas implements ReplicaSource {
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private final OwnPod pod;
  private final Duration timeout;

  /** The last count that was told; null: none since the API refused to tell. */
  private @Nullable ReplicaCount last;

  /** How often in a row the API refused to tell. */
  private int refusals;

  /** Whether there is less time for the next count, since this one gave none. */
  private boolean hurried;

  /** Asks with a timeout that suits a start. */
  public KubernetesReplicas(ReplicaSettings settings) {
    this(settings, PATIENCE);
  }

  KubernetesReplicas(ReplicaSettings settings, Duration timeout) {
    this.pod = new OwnPod(settings);
    this.timeout = timeout;
  }

  @Override
  public int order() {
    return 100;
  }

  @Override
  public Optional<ReplicaCount> count() throws InterruptedException {
    return pod.inKubernetes() ? Optional.of(counted()) : Optional.empty();
  }

  private ReplicaCount counted() throws InterruptedException {
    Duration time = hurried ? timeout.dividedBy(4) : timeout;
    try (ApiServer api = pod.api(time)) {
      ReplicaCount count = new Workload(api).of(pod.name());
      last = count;
      refusals = 0;
      hurried = false;
      return count;
    } catch (ReplicaLookupException e) {
      // A start that counts twice does not wait twice as long; later counts have all the time
      // again.
      hurried = !hurried;
      refusals += e.isRefusal() ? 1 : 0;
      ReplicaCount before = last;
      // A control plane that is being upgraded has scaled nothing, and may refuse for a moment.
      if (before != null && e.isPassing()) {
        return remembered(before, "does not answer now");
      }
      if (before != null && e.isRefusal() && refusals < 2) {
        return remembered(before, "has refused to say it since");
      }
      last = null;
      return new Unknown(e.why(), e.seen());
    }
  }

  private static ReplicaCount remembered(ReplicaCount count, String now) {
    String since = ", as the API server last said, which " + now;
    return switch (count) {
      case ReplicaCount.Exactly(int replicas, String source, int surge) ->
          new ReplicaCount.Exactly(replicas, source + since, surge);
      case ReplicaCount.UpTo(int replicas, String source) ->
          new ReplicaCount.UpTo(replicas, source + since);
      case ReplicaCount.AtLeast(int replicas, String source) ->
          new ReplicaCount.AtLeast(replicas, source + since);
      case Unknown unknown -> unknown;
    };
  }
}
