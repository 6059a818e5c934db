package io.tidegate.telemetry;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.tidegate.agent.RunTrace.Span;
import io.tidegate.agent.Version;
import io.tidegate.secret.Redactor;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is sent by OTLP: the requests {@code ExportTraceServiceRequest} and {@code
 * ExportMetricsServiceRequest}. Numbers are those of the fields.
 *
 * @param resource the attributes of the process
 * @see <a href="https://github.com/open-telemetry/opentelemetry-proto/tree/v1.11.0/opentelemetry/proto">
 *     The definitions</a>
 */
record OtlpPayload(Map<String, String> resource) {
  private static final int KIND_INTERNAL = 1;
  private static final int STATUS_ERROR = 2;
  private static final int CUMULATIVE = 2;

  /** A span of somebody else's, in which this run takes place; its ids in hexadecimal digits. */
  record Parent(String trace, String span) {}

  /** A trace of a run, under a parent or by itself. */
  byte[] traces(Span root, @Nullable Parent parent) {
    UUID random = UUID.randomUUID();
    byte[] trace =
        parent == null
            ? bytes(random.getMostSignificantBits(), random.getLeastSignificantBits())
            : HexFormat.of().parseHex(parent.trace());
    ProtobufMessage spans = scoped();
    byte[] outer = parent == null ? null : HexFormat.of().parseHex(parent.span());
    add(spans, root, trace, outer, new Ids(random));
    return request(spans);
  }

  /** Unique in their trace, and never 0. */
  private static final class Ids {
    private long next;

    Ids(UUID random) {
      next = random.getLeastSignificantBits(); // Its highest bit is set, by the variant of a UUID.
    }

    byte[] take() {
      return bytes(next++);
    }
  }

  private static void add(
      ProtobufMessage spans, Span span, byte[] trace, byte @Nullable [] parent, Ids ids) {
    byte[] id = ids.take();
    ProtobufMessage message = new ProtobufMessage().bytes(1, trace).bytes(2, id);
    if (parent != null) {
      message.bytes(4, parent);
    }
    message.text(5, span.name()).integer(6, KIND_INTERNAL);
    message.fixed(7, nanos(span.start())).fixed(8, nanos(span.end()));
    span.attributes().forEach((name, value) -> attribute(message, 9, name, value));
    String error = span.error();
    if (error != null) {
      message.message(
          15, new ProtobufMessage().text(2, Redactor.redact(error)).integer(3, STATUS_ERROR));
    }
    spans.message(2, message);
    span.parts().forEach(part -> add(spans, part, trace, id, ids));
  }

  /** The metrics as they are at that moment. */
  byte[] metrics(MetricSnapshots metrics, Instant started, Instant now) {
    ProtobufMessage all = scoped();
    for (MetricSnapshot metric : metrics) {
      ProtobufMessage points = new ProtobufMessage();
      for (DataPointSnapshot point : metric.getDataPoints()) {
        points.message(1, point(point, started, now));
      }
      if (!metric.getDataPoints().isEmpty()) {
        String name = metric.getMetadata().getPrometheusName();
        String help = String.valueOf(metric.getMetadata().getHelp());
        all.message(
            2,
            switch (metric) {
              case CounterSnapshot _ ->
                  new ProtobufMessage()
                      .text(1, name + "_total")
                      .text(2, help)
                      .message(7, points.integer(2, CUMULATIVE).integer(3, 1));
              case InfoSnapshot _ ->
                  new ProtobufMessage().text(1, name + "_info").text(2, help).message(5, points);
              default -> new ProtobufMessage().text(1, name).text(2, help).message(5, points);
            });
      }
    }
    return request(all);
  }

  private static ProtobufMessage point(DataPointSnapshot point, Instant started, Instant now) {
    double value =
        switch (point) {
          case GaugeSnapshot.GaugeDataPointSnapshot gauge -> gauge.getValue();
          case CounterSnapshot.CounterDataPointSnapshot counter -> counter.getValue();
          default -> 1; // Of an info.
        };
    ProtobufMessage message =
        new ProtobufMessage()
            .fixed(2, nanos(started))
            .fixed(3, nanos(now))
            .fixed(4, Double.doubleToRawLongBits(value));
    point.getLabels().forEach(label -> attribute(message, 7, label.getName(), label.getValue()));
    return message;
  }

  /** What both kinds of data begin with: who made them. */
  private static ProtobufMessage scoped() {
    return new ProtobufMessage()
        .message(1, new ProtobufMessage().text(1, "io.tidegate").text(2, Version.current()));
  }

  private byte[] request(ProtobufMessage scoped) {
    ProtobufMessage process = new ProtobufMessage();
    resource.forEach((name, value) -> attribute(process, 1, name, value));
    return new ProtobufMessage()
        .message(1, new ProtobufMessage().message(1, process).message(2, scoped))
        .toBytes();
  }

  private static void attribute(ProtobufMessage message, int field, String name, Object value) {
    ProtobufMessage any = new ProtobufMessage();
    if (value instanceof Long number) {
      any.integer(3, number);
    } else {
      any.text(1, Redactor.redact(value.toString()));
    }
    message.message(field, new ProtobufMessage().text(1, name).message(2, any));
  }

  private static long nanos(Instant at) {
    return at.getEpochSecond() * 1_000_000_000 + at.getNano();
  }

  static byte[] bytes(long... numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Long.BYTES);
    for (long number : numbers) {
      bytes.putLong(number);
    }
    return bytes.array();
  }
}
