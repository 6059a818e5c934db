package io.tidegate.census;

import java.util.Optional;

/** The number that the user declares. */
final class DeclaredReplicas implements CensusSource {
  private static final String VARIABLE = "TIDEGATE_REPLICAS";

  private final CensusSettings settings;

  DeclaredReplicas(CensusSettings settings) {
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
