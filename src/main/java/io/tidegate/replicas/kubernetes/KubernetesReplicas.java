package io.tidegate.replicas.kubernetes;

import io.tidegate.replicas.ReplicaCount;
import io.tidegate.replicas.ReplicaCount.Unknown;
import io.tidegate.replicas.ReplicaSettings;
import io.tidegate.replicas.ReplicaSource;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the Kubernetes API tells of the workload that this pod belongs to. It costs four requests at
 * most where they are answered at once, and none outside Kubernetes. Not to be called by two threads
 * at once.
 */
public final class KubernetesReplicas implements ReplicaSource {
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private final ReplicaSettings settings;
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
    this.settings = settings;
    this.timeout = timeout;
  }

  @Override
  public int order() {
    return 100;
  }

  @Override
  public Optional<ReplicaCount> count() throws InterruptedException {
    String host = settings.environment().getOrDefault("KUBERNETES_SERVICE_HOST", "");
    return host.isBlank() ? Optional.empty() : Optional.of(count(host.strip()));
  }

  private ReplicaCount count(String host) throws InterruptedException {
    ServiceAccount account = new ServiceAccount(settings.serviceAccount());
    Duration time = hurried ? timeout.dividedBy(4) : timeout;
    try (ApiServer api = new ApiServer(root(host), account, time)) {
      ReplicaCount count = new Workload(api).of(pod());
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

  private URI root(String host) throws ReplicaLookupException {
    String port = settings.environment().getOrDefault("KUBERNETES_SERVICE_PORT", "443").strip();
    try {
      if (port.matches("[0-9]{1,5}")) {
        return new URI("https", null, host, Integer.parseInt(port), "/", null, null);
      }
    } catch (URISyntaxException e) {
      // Told below, with both variables.
    }
    throw ReplicaLookupException.lasting(
        "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are no address of a server");
  }

  /**
   * A pod's host name is its own name, unless {@code spec.hostname} or {@code hostNetwork} changes
   * it or it has more than 63 characters: hence POD_NAME, the customary variable for the downward
   * API.
   */
  private String pod() throws ReplicaLookupException {
    Map<String, String> environment = settings.environment();
    for (String variable : new String[] {"POD_NAME", "HOSTNAME"}) {
      String name = environment.getOrDefault(variable, "").strip();
      if (!name.isEmpty()) {
        return name;
      }
    }
    throw ReplicaLookupException.lasting(
        "neither POD_NAME nor HOSTNAME tells the name of this pod; set POD_NAME to metadata.name by"
            + " the downward API");
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
