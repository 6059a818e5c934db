package io.tidegate.web;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.tidegate.agent.Snapshot.SnapshotSource;

/** Everything that is known, for people and programs. Always 200: it reports, and is no check itself. */
@Controller
@Produces(MediaType.ALL)
final class StatusController {
  private final SnapshotSource snapshots;

  StatusController(SnapshotSource snapshots) {
    this.snapshots = snapshots;
  }

  @Get("/status")
  HttpResponse<StatusBody> status() {
    return Answer.of(true, StatusBody.of(snapshots.snapshot(), snapshots.sinceHeartbeat()));
  }
}
