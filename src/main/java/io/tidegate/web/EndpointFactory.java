package io.tidegate.web;

import io.micronaut.context.annotation.Factory;
import io.tidegate.agent.Snapshot.SnapshotSource;
import io.tidegate.web.metrics.Exposition;
import jakarta.inject.Singleton;

/** Hands parts of the core, which knows no framework, to the context. */
@Factory
final class EndpointFactory {

  /** Made with the first scrape, so that a run that nobody scrapes does not pay for it. */
  @Singleton
  Exposition exposition(SnapshotSource snapshots) {
    return new Exposition(snapshots);
  }
}
