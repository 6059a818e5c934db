package io.tidegate.web;

import io.micronaut.core.annotation.Introspected;
import io.tidegate.agent.Snapshot;
import java.util.List;

/**
 * The body of {@code /ready}.
 *
 * @param ready whether the app may take traffic
 * @param state where the run is
 * @param notReady the required targets that are not ready
 * @param migrations of all targets that have a changelog
 */
@Introspected
record ReadyBody(
    boolean ready, String state, List<TargetReadyBody> notReady, List<MigrationBody> migrations) {

  static ReadyBody of(Snapshot snapshot) {
    return new ReadyBody(
        snapshot.ready(),
        snapshot.state().id(),
        snapshot.targets().stream()
            .filter(state -> state.target().required() && !state.ready())
            .map(TargetReadyBody::of)
            .toList(),
        snapshot.migrations().stream().map(MigrationBody::of).toList());
  }
}
