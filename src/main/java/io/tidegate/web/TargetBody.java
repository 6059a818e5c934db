package io.tidegate.web;

import io.micronaut.core.annotation.Introspected;
import io.tidegate.agent.TargetState;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A target in {@code /status}. The credentials are not left out: they are never put in.
 *
 * @param lastProbeMillis how long the last probe took
 * @param failuresByReason all failed probes since the start
 */
@Introspected
record TargetBody(
    String name,
    String engine,
    String url,
    String purpose,
    String role,
    boolean required,
    boolean ready,
    @Nullable String reason,
    String detail,
    Instant since,
    @Nullable Instant lastProbe,
    @Nullable Long lastProbeMillis,
    int failuresInARow,
    Map<String, Long> failuresByReason) {

  static TargetBody of(TargetState state) {
    Duration took = state.lastProbeTook();
    return new TargetBody(
        state.target().name(),
        state.engine(),
        Text.of(state.target().url().toString()),
        id(state.target().purpose()),
        id(state.target().role()),
        state.target().required(),
        state.ready(),
        state.reason(),
        Text.of(state.detail()),
        state.since(),
        state.lastProbe(),
        took == null ? null : took.toMillis(),
        state.failuresInARow(),
        new TreeMap<>(state.failuresByReason()));
  }

  private static String id(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
