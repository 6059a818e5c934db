package io.tidegate.web.metrics;

import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.tidegate.agent.Snapshot.SnapshotSource;

/**
 * The metrics, for Prometheus. Made with the first scrape, as every controller is with its first
 * request, so that a run that nobody scrapes does not pay for them.
 */
@Controller
@Produces(MediaType.ALL)
final class MetricsController {
  /** The text format of Prometheus. */
  private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  MetricsController(SnapshotSource snapshots) {
    registry.getPrometheusRegistry().register(new SnapshotCollector(snapshots));
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  /** Everything as it is now; reads memory only. */
  @Get(uris = {"/metrics", "/prometheus"})
  HttpResponse<String> metrics() {
    return HttpResponse.ok(registry.scrape(CONTENT_TYPE)).header("Content-Type", CONTENT_TYPE);
  }
}
