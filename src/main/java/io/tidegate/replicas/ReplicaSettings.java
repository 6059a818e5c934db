package io.tidegate.replicas;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a user declared about replicas, and the platform's own word.
 *
 * @param replicas the declared number; null: not declared
 * @param dns a DNS name with an address for each replica; null: none
 * @param serviceAccount the folder with a pod's {@code ca.crt}, {@code namespace} and {@code token}
 * @param environment the environment variables that Tidegate sees
 */
public record ReplicaSettings(
    @Nullable Integer replicas,
    @Nullable String dns,
    Path serviceAccount,
    Map<String, String> environment) {

  /** Copies the map. */
  public ReplicaSettings {
    environment = Map.copyOf(environment);
  }

  /** Without the environment, which may hold secrets. */
  @Override
  public String toString() {
    return "ReplicaSettings[replicas=%s, dns=%s]".formatted(replicas, dns);
  }
}
