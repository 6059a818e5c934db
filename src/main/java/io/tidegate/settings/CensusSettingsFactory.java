package io.tidegate.settings;

import io.micronaut.context.annotation.Factory;
import io.tidegate.census.CensusSettings;
import jakarta.inject.Singleton;

/** Gives the census its part of the settings: the census itself knows nothing of them. */
@Factory
final class CensusSettingsFactory {

  @Singleton
  CensusSettings census(Settings settings) {
    return new CensusSettings(
        settings.replicas(),
        settings.replicasDns(),
        settings.serviceAccount(),
        settings.environment());
  }
}
