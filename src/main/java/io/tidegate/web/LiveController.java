package io.tidegate.web;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.tidegate.agent.SnapshotSource;

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
    return Answer.of(body.live(), body);
  }
}
