package io.tidegate.web;

import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.tidegate.agent.Snapshot;
import io.tidegate.agent.Snapshot.SnapshotSource;
import io.tidegate.agent.Snapshot.TargetState;
import io.tidegate.web.LiveController.LiveBody;
import java.util.Map;
import java.util.TreeMap;

/**
 * The health endpoints under the paths and in the form of Micronaut's management module, answered from
 * the same snapshot as {@code /ready} and {@code /live}: no indicator asks a server.
 *
 * @see <a href="https://docs.micronaut.io/latest/guide/#healthEndpoint">Micronaut: the health
 *     endpoint</a>
 */
@Controller("/health")
@Produces(MediaType.ALL)
final class HealthController {
  private final SnapshotSource snapshots;

  HealthController(SnapshotSource snapshots) {
    this.snapshots = snapshots;
  }

  /** Readiness and liveness together. */
  @Get
  HttpResponse<HealthBody> health() {
    HealthBody liveness = liveness(snapshots);
    HealthBody readiness = readiness(snapshots.snapshot());
    Map<String, HealthBody> details = new TreeMap<>(readiness.details());
    details.put(liveness.name(), liveness);
    return answer(HealthBody.of("tidegate", readiness.up() && liveness.up(), details));
  }

  @Get("/readiness")
  HttpResponse<HealthBody> readiness() {
    return answer(readiness(snapshots.snapshot()));
  }

  @Get("/liveness")
  HttpResponse<HealthBody> liveness() {
    HealthBody liveness = liveness(snapshots);
    return answer(HealthBody.of("tidegate", liveness.up(), Map.of(liveness.name(), liveness)));
  }

  private static HttpResponse<HealthBody> answer(HealthBody body) {
    return JsonAnswers.of(body.up(), body);
  }

  private static HealthBody liveness(SnapshotSource snapshots) {
    return HealthBody.of("loop", LiveBody.live(snapshots.sinceHeartbeat()), Map.of());
  }

  private static HealthBody readiness(Snapshot snapshot) {
    Map<String, HealthBody> targets = new TreeMap<>();
    for (TargetState state : snapshot.targets()) {
      String name = state.target().name();
      targets.put(name, HealthBody.of(name, state.ready(), Map.of()));
    }
    return HealthBody.of("tidegate", snapshot.ready(), targets);
  }

  /**
   * The body of {@code /health} and what is below it.
   *
   * @param name the program, the target, or {@code loop} for the agent's own
   * @param status {@code UP} or {@code DOWN}
   * @param details of its parts, by their names
   */
  @Introspected
  record HealthBody(String name, String status, Map<String, HealthBody> details) {
    private static final String UP = "UP";

    static HealthBody of(String name, boolean up, Map<String, HealthBody> details) {
      return new HealthBody(name, up ? UP : "DOWN", details);
    }

    /** Whether all is well. */
    boolean up() {
      return status.equals(UP);
    }
  }
}
