package io.tidegate.http;

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

  static LiveBody of(Duration sinceHeartbeat, AgentState state) {
    return new LiveBody(
        live(sinceHeartbeat),
        state.id(),
        sinceHeartbeat.toMillis(),
        LiveController.HEARTBEAT_LIMIT.toMillis());
  }

  static boolean live(Duration sinceHeartbeat) {
    return sinceHeartbeat.compareTo(LiveController.HEARTBEAT_LIMIT) < 0;
  }
}
