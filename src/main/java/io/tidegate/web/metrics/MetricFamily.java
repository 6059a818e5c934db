package io.tidegate.web.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** One metric with its values by labels, while it is put together. */
final class MetricFamily {
  private record Value(double value, Labels labels) {}

  private final String name;
  private final String help;
  private final String[] labelNames;
  private final List<Value> values = new ArrayList<>();

  MetricFamily(String name, String help, String... labelNames) {
    this.name = name;
    this.help = help;
    this.labelNames = labelNames;
  }

  MetricFamily add(double value, String... labels) {
    values.add(new Value(value, Labels.of(labelNames, labels)));
    return this;
  }

  MetricFamily add(boolean value, String... labels) {
    return add(value ? 1 : 0, labels);
  }

  /** Prometheus counts in seconds. */
  MetricFamily add(Duration value, String... labels) {
    return add(value.toNanos() / 1e9, labels);
  }

  MetricFamily add(Instant value, String... labels) {
    return add(value.toEpochMilli() / 1e3, labels);
  }

  MetricSnapshot gauge() {
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
    for (Value value : values) {
      gauge.dataPoint(
          GaugeSnapshot.GaugeDataPointSnapshot.builder()
              .value(value.value())
              .labels(value.labels())
              .build());
    }
    return gauge.build();
  }

  /** Constant facts as labels. The name is told without its {@code _info}. */
  MetricSnapshot info() {
    InfoSnapshot.Builder info = InfoSnapshot.builder().name(name).help(help);
    for (Value value : values) {
      info.dataPoint(InfoSnapshot.InfoDataPointSnapshot.builder().labels(value.labels()).build());
    }
    return info.build();
  }

  /** The name is told without its {@code _total}. */
  MetricSnapshot counter() {
    CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(help);
    for (Value value : values) {
      counter.dataPoint(
          CounterSnapshot.CounterDataPointSnapshot.builder()
              .value(value.value())
              .labels(value.labels())
              .build());
    }
    return counter.build();
  }
}
