package io.tidegate.web;

import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.tidegate.agent.AgentState;
import io.tidegate.agent.Snapshot.SnapshotSource;
import java.time.Duration;

/**
 * Whether the agent's loop turns. Never a matter of a database: restarting Tidegate heals no
 * database, and one that is down would restart every replica at once.
 */
@Controller
@Produces(MediaType.ALL)
final class LiveController {
  private final SnapshotSource snapshots;

  LiveController(SnapshotSource snapshots) {
    this.snapshots = snapshots;
  }

  @Get(uris = {"/live", "/livez"})
  HttpResponse<LiveBody> live() {
    LiveBody body = LiveBody.of(snapshots.sinceHeartbeat(), snapshots.snapshot().state());
    return JsonAnswers.of(body.live(), body);
  }

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
}
