package io.tidegate.agent;

import io.tidegate.target.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one target now.
 *
 * @param target as declared
 * @param engine the engine's id
 * @param ready whether it counts as ready
 * @param detail what answered, or why it is not ready, for people; never holds a secret
 * @param reason the reason's id while it is not ready; null while it is ready or was never probed
 * @param since when it last became ready or not ready
 * @param lastProbe when it was last probed; null: never
 * @param lastProbeTook how long that took; null: never probed
 * @param failuresInARow failed probes since the last success
 * @param failuresByReason all failed probes since the start, by the reason's id; only ever grows
 */
public record TargetState(
    Target target,
    String engine,
    boolean ready,
    String detail,
    @Nullable String reason,
    Instant since,
    @Nullable Instant lastProbe,
    @Nullable Duration lastProbeTook,
    int failuresInARow,
    Map<String, Long> failuresByReason) {

  /** A target that was never probed. */
  static TargetState unknown(Target target, String engine, Instant now) {
    return new TargetState(
        target, engine, false, "not probed yet", null, now, null, null, 0, Map.of());
  }

  /** Copies the map. */
  public TargetState {
    failuresByReason = Map.copyOf(failuresByReason);
  }

  /** It has answered. */
  TargetState answered(String detail, Instant at, Duration took) {
    return new TargetState(
        target, engine, true, detail, null, ready ? since : at, at, took, 0, failuresByReason);
  }

  /**
   * It has failed.
   *
   * @param staysReady whether it still counts as ready, if it did
   */
  TargetState failed(String reason, String detail, Instant at, Duration took, boolean staysReady) {
    boolean readyNow = ready && staysReady;
    Map<String, Long> byReason = new HashMap<>(failuresByReason);
    byReason.merge(reason, 1L, Long::sum);
    return new TargetState(
        target,
        engine,
        readyNow,
        detail,
        reason,
        ready == readyNow ? since : at,
        at,
        took,
        failuresInARow + 1,
        byReason);
  }
}
