package io.tidegate.census;

import io.tidegate.census.ReplicaCount.Unknown;
import java.util.Optional;

/** Names the platform that leaves its replicas in the dark, where nothing else tells either. */
final class SilentPlatform implements CensusSource {
  private final CensusSettings settings;

  SilentPlatform(CensusSettings settings) {
    this.settings = settings;
  }

  @Override
  public int order() {
    return 500;
  }

  @Override
  public Optional<ReplicaCount> count() {
    return Platform.of(settings.environment())
        .map(platform ->
            new Unknown(
                "no TIDEGATE_REPLICAS is declared, and %s does not tell its replicas how many they are"
                    .formatted(platform.name())));
  }
}
