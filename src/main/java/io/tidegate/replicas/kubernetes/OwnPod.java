package io.tidegate.replicas.kubernetes;

import io.tidegate.replicas.ReplicaSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Map;

/** What a pod's environment says of the pod itself, and of the API server that it can ask. */
record OwnPod(ReplicaSettings settings) {

  /** Whether this is a pod at all. */
  boolean inKubernetes() {
    return !host().isEmpty();
  }

  /** The API server, with a deadline for all that it is asked. */
  ApiServer api(Duration timeout) throws ReplicaLookupException {
    return new ApiServer(root(), new ServiceAccount(settings.serviceAccount()), timeout);
  }

  private String host() {
    return settings.environment().getOrDefault("KUBERNETES_SERVICE_HOST", "").strip();
  }

  private URI root() throws ReplicaLookupException {
    String port = settings.environment().getOrDefault("KUBERNETES_SERVICE_PORT", "443").strip();
    try {
      if (port.matches("[0-9]{1,5}")) {
        return new URI("https", null, host(), Integer.parseInt(port), "/", null, null);
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
  String name() throws ReplicaLookupException {
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
}
