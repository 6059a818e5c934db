package io.tidegate.web;

import io.micronaut.core.annotation.Introspected;
import io.tidegate.agent.AgentState;
import java.time.Duration;

/**
 * The body of {@code /live}.
 *
 * @param live whether the loop turns
 * @param state where the run is
 * @param heartbeatAgeMillis how long ago the loop last beat
 * @param limitMillis from this age on it is not live
 */
@Introspected
record LiveBody(boolean live, String state, long heartbeatAgeMillis, long limitMillis) {
  /** The loop beats every second or so, also while it migrates; this long a silence is a bug. */
  private static final Duration HEARTBEAT_LIMIT = Duration.ofSeconds(30);

  static LiveBody of(Duration sinceHeartbeat, AgentState state) {
    return new LiveBody(
        live(sinceHeartbeat), state.id(), sinceHeartbeat.toMillis(), HEARTBEAT_LIMIT.toMillis());
  }

  static boolean live(Duration sinceHeartbeat) {
    return sinceHeartbeat.compareTo(HEARTBEAT_LIMIT) < 0;
  }
}
