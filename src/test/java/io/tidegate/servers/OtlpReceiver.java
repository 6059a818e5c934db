package io.tidegate.servers;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Takes what is sent by OTLP/HTTP and reads it by OpenTelemetry's own classes for its messages. It is no
 * collector: that one is in {@code .ci/otlp}.
 */
public final class OtlpReceiver implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Received> requests = new CopyOnWriteArrayList<>();
  private volatile int status = 200;

  /** One request: its path, its headers as {@code name: value}, and its body. */
  public record Received(String path, List<String> headers, ByteString body) {
    /** The body as a trace. */
    public ExportTraceServiceRequest traces() {
      try {
        return ExportTraceServiceRequest.parseFrom(body);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** The body as metrics. */
    public ExportMetricsServiceRequest metrics() {
      try {
        return ExportMetricsServiceRequest.parseFrom(body);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Listens on a free loopback port. */
  public OtlpReceiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::take);
    server.start();
  }

  /** Answers with that status from now on. */
  public OtlpReceiver answering(int with) {
    status = with;
    return this;
  }

  /** The port that it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** All requests so far. */
  public List<Received> requests() {
    return List.copyOf(requests);
  }

  /** The requests for a path. */
  public List<Received> requests(String path) {
    return requests.stream().filter(request -> request.path.equals(path)).toList();
  }

  /** The spans of the only request that brought some. */
  public List<Span> spans() {
    List<Received> all = requests("/v1/traces");
    if (all.size() != 1) {
      throw new IllegalStateException("traces came " + all.size() + " times");
    }
    return all.getFirst().traces().getResourceSpans(0).getScopeSpans(0).getSpansList();
  }

  /** The metrics of the last request that brought some. */
  public List<Metric> metrics() {
    return requests("/v1/metrics")
        .getLast()
        .metrics()
        .getResourceMetrics(0)
        .getScopeMetrics(0)
        .getMetricsList();
  }

  private void take(HttpExchange exchange) throws IOException {
    List<String> headers =
        exchange.getRequestHeaders().entrySet().stream()
            .map(header -> header.getKey() + ": " + String.join(",", header.getValue()))
            .toList();
    requests.add(
        new Received(
            exchange.getRequestURI().toString(),
            headers,
            ByteString.readFrom(exchange.getRequestBody())));
    exchange.getResponseHeaders().add("Location", "http://127.0.0.1:" + port() + "/elsewhere");
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
