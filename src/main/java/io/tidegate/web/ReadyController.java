package io.tidegate.web;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Produces;
import io.tidegate.agent.Snapshot;
import io.tidegate.agent.SnapshotSource;
import io.tidegate.web.ErrorAnswers.ErrorBody;
import io.tidegate.web.ReadyBody.TargetReadyBody;

/** Whether the app may take traffic, as a whole and by target. */
@Controller
@Produces(MediaType.ALL)
final class ReadyController {
  private final SnapshotSource snapshots;

  ReadyController(SnapshotSource snapshots) {
    this.snapshots = snapshots;
  }

  @Get(uris = {"/ready", "/readyz"})
  HttpResponse<?> ready() {
    Snapshot snapshot = snapshots.snapshot();
    return Answer.of(snapshot.ready(), ReadyBody.of(snapshot));
  }

  @Get("/ready/{target}")
  HttpResponse<?> ready(@PathVariable String target) {
    return snapshots.snapshot().targets().stream()
        .filter(state -> state.target().name().equals(target))
        .findFirst()
        .<HttpResponse<?>>map(state -> Answer.of(state.ready(), TargetReadyBody.of(state)))
        .orElseGet(() ->
            HttpResponse.notFound(new ErrorBody("no target has this name"))
                .contentType(MediaType.APPLICATION_JSON_TYPE));
  }
}
