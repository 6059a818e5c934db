package io.tidegate.replicas;

import io.tidegate.replicas.ReplicaCount.Unknown;
import java.util.Optional;

/** Names the platform that leaves its replicas in the dark, where nothing else tells either. */
final class SilentPlatform implements ReplicaSource {
  private final ReplicaSettings settings;

  SilentPlatform(ReplicaSettings settings) {
    this.settings = settings;
  }

  @Override
  public int order() {
    return 500;
  }

  @Override
  public Optional<ReplicaCount> count() {
    return KnownPlatform.of(settings.environment())
        .map(platform ->
            new Unknown(
                "no TIDEGATE_REPLICAS is declared, and %s does not tell its replicas how many they are"
                    .formatted(platform.name())));
  }
}
