package io.tidegate.replicas;

import java.util.Optional;

/** The number that the user declares. */
final class DeclaredReplicas implements ReplicaSource {
  private static final String VARIABLE = "TIDEGATE_REPLICAS";

  private final ReplicaSettings settings;

  DeclaredReplicas(ReplicaSettings settings) {
    this.settings = settings;
  }

  @Override
  public int order() {
    return 200;
  }

  @Override
  public Optional<ReplicaCount> count() {
    String source =
        settings.environment().containsKey(VARIABLE) ? VARIABLE : "the setting tidegate.replicas";
    return Optional.ofNullable(settings.replicas())
        .map(replicas -> new ReplicaCount.Exactly(replicas, "declared by " + source));
  }
}
