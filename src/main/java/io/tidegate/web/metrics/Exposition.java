package io.tidegate.web.metrics;

import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tidegate.agent.Snapshot.SnapshotSource;

/** What {@code /metrics} says. */
public final class Exposition {
  /** The media type of {@link #scrape}: the text format of Prometheus. */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /** Takes the snapshots that every scrape reads. */
  public Exposition(SnapshotSource snapshots) {
    registry.getPrometheusRegistry().register(new SnapshotCollector(snapshots));
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  /** Everything as it is now. Thread-safe; reads memory only. */
  public String scrape() {
    return registry.scrape(CONTENT_TYPE);
  }
}
