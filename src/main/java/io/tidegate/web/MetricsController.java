package io.tidegate.web;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.tidegate.web.metrics.Exposition;
import jakarta.inject.Provider;

/** The metrics, for Prometheus. */
@Controller
@Produces(MediaType.ALL)
final class MetricsController {
  private final Provider<Exposition> exposition;

  MetricsController(Provider<Exposition> exposition) {
    this.exposition = exposition;
  }

  @Get(uris = {"/metrics", "/prometheus"})
  HttpResponse<String> metrics() {
    return HttpResponse.ok(exposition.get().scrape())
        .header("Content-Type", Exposition.CONTENT_TYPE);
  }
}
