package io.tidegate.web;

import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Produces;
import io.tidegate.agent.Snapshot;
import io.tidegate.agent.Snapshot.SnapshotSource;
import io.tidegate.agent.Snapshot.TargetState;
import io.tidegate.secret.Redactor;
import io.tidegate.web.ReadyController.ReadyBody.TargetReadyBody;
import io.tidegate.web.StatusController.StatusBody.MigrationBody;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
    return JsonAnswers.of(snapshot.ready(), ReadyBody.of(snapshot));
  }

  @Get("/ready/{target}")
  HttpResponse<?> ready(@PathVariable String target) {
    return snapshots.snapshot().targets().stream()
        .filter(state -> state.target().name().equals(target))
        .findFirst()
        .<HttpResponse<?>>map(state -> JsonAnswers.of(state.ready(), TargetReadyBody.of(state)))
        .orElseGet(() -> JsonAnswers.error(HttpStatus.NOT_FOUND, "no target has this name"));
  }

  /**
   * The body of {@code /ready}.
   *
   * @param ready whether the app may take traffic
   * @param state where the run is
   * @param notReady the required targets that are not ready
   * @param migrations of all targets that have a changelog
   */
  @Introspected
  record ReadyBody(
      boolean ready, String state, List<TargetReadyBody> notReady, List<MigrationBody> migrations) {

    static ReadyBody of(Snapshot snapshot) {
      return new ReadyBody(
          snapshot.ready(),
          snapshot.state().id(),
          snapshot.targets().stream()
              .filter(state -> state.target().required() && !state.ready())
              .map(TargetReadyBody::of)
              .toList(),
          snapshot.migrations().stream().map(MigrationBody::of).toList());
    }

    /**
     * The body of {@code /ready/{target}}.
     *
     * @param target its name
     * @param ready whether it is ready
     * @param required whether the app needs it
     * @param reason the class of what is wrong; null while it is ready or was never probed
     * @param detail what answered, or what is wrong, for people
     * @param since when it last became ready or not ready
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
            Redactor.redact(state.detail()),
            state.since());
      }
    }
  }
}
