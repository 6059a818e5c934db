package io.tidegate.replicas;

import java.util.List;

/** The sources that need nothing but the settings, a name server at most. */
public final class ReplicaSources {
  private ReplicaSources() {}

  /** All of them, the most trusted first. A test fails where one is missing. */
  public static List<ReplicaSource> of(ReplicaSettings settings) {
    return List.of(
        new DeclaredReplicas(settings),
        new DnsReplicas(settings),
        new IndexReplicas(settings),
        new SilentPlatform(settings));
  }
}
