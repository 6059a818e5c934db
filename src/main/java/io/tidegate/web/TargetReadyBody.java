package io.tidegate.web;

import io.micronaut.core.annotation.Introspected;
import io.tidegate.agent.TargetState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code /ready/{target}}.
 *
 * @param target its name
 * @param ready whether it is ready
 * @param required whether the app needs it
 * @param reason the class of what is wrong; null while it is ready or was never probed
 * @param detail what answered, or what is wrong, for people
 * @param since since when it is so
 */
@Introspected
record TargetReadyBody(
    String target,
    boolean ready,
    boolean required,
    @Nullable String reason,
    String detail,
    Instant since) {

  static TargetReadyBody of(TargetState state) {
    return new TargetReadyBody(
        state.target().name(),
        state.ready(),
        state.target().required(),
        state.reason(),
        Text.of(state.detail()),
        state.since());
  }
}
