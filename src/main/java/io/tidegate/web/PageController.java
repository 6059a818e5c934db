package io.tidegate.web;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.tidegate.agent.Snapshot.SnapshotSource;

/** The same as {@code /status}, for people with a browser. */
@Controller
@Produces(MediaType.ALL)
final class PageController {
  private final SnapshotSource snapshots;

  PageController(SnapshotSource snapshots) {
    this.snapshots = snapshots;
  }

  @Get("/")
  HttpResponse<String> page() {
    StatusBody status = StatusBody.of(snapshots.snapshot(), snapshots.sinceHeartbeat());
    return HttpResponse.ok(Page.of(status))
        .header("Content-Type", "text/html; charset=utf-8")
        .header("Content-Security-Policy", Page.POLICY)
        .header("Referrer-Policy", "no-referrer");
  }
}
