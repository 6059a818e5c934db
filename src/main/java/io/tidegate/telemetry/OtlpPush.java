package io.tidegate.telemetry;

import io.tidegate.agent.RunTrace.Span;
import io.tidegate.agent.Snapshot.SnapshotSource;
import io.tidegate.agent.Version;
import io.tidegate.engine.network.PemFiles;
import io.tidegate.secret.Redactor;
import io.tidegate.telemetry.OtlpSettings.Destination;
import io.tidegate.telemetry.OtlpSettings.RefusedVariable;
import io.tidegate.web.metrics.SnapshotCollector;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the trace and the metrics of a run that has ended, each by one request of OTLP/HTTP. What does
 * not get there is told in one line, and changes nothing else.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otlp/#otlphttp">OTLP/HTTP</a>
 */
public final class OtlpPush {
  private static final Logger LOG = LoggerFactory.getLogger("io.tidegate");

  /** An answer says at most what was rejected. */
  private static final int MOST_BYTES = 64 * 1024;

  /** A request that is under way. */
  private record Sent(
      String signal,
      Destination destination,
      HttpClient client,
      CompletableFuture<HttpResponse<byte[]>> answer) {}

  private OtlpPush() {}

  /**
   * Sends what the variables ask for and waits for the answers, 3 s at most where no variable says
   * otherwise, and never more than 10 s. An interruption ends that, and the thread stays interrupted.
   *
   * @param run the whole run
   * @param agent what the run's agent published last
   */
  public static void push(Map<String, String> environment, Span run, SnapshotSource agent) {
    long start = System.nanoTime();
    List<String> failures = new ArrayList<>();
    List<Sent> requests = new ArrayList<>();
    try {
      OtlpSettings settings = new OtlpSettings(environment);
      OtlpPayload payload = new OtlpPayload(settings.resource(Version.current()));
      Destination traces = settings.sampled() ? settings.destination("traces") : null;
      Destination metrics = settings.destination("metrics");
      if (traces != null) {
        requests.add(send("traces", traces, payload.traces(run, settings.parent())));
      }
      if (metrics != null) {
        byte[] body =
            payload.metrics(new SnapshotCollector(agent).collect(), run.start(), run.end());
        requests.add(send("metrics", metrics, body));
      }
      for (Sent request : requests) {
        String failure = failure(request, Duration.ofNanos(System.nanoTime() - start));
        if (failure != null) {
          failures.add("%s to %s: %s".formatted(request.signal, place(request), failure));
        }
      }
    } catch (RefusedVariable | SSLException e) {
      failures.add(String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      // Of the HTTP client, which quotes the header.
      failures.add("OTEL_EXPORTER_OTLP_HEADERS has a header that cannot be sent");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      requests.forEach(request -> request.client.shutdownNow());
    }
    if (!failures.isEmpty()) {
      LOG.warn("telemetry of this run was not sent: {}", String.join("; ", failures));
    }
  }

  private static Sent send(String signal, Destination destination, byte[] body)
      throws SSLException {
    HttpClient.Builder client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(HttpClient.Builder.NO_PROXY)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(destination.timeout().plusMillis(1));
    if (destination.endpoint().getScheme().equals("https")) {
      client.sslContext(PemFiles.context(destination.tls(), false));
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(destination.endpoint())
            .header("User-Agent", "tidegate/" + Version.current())
            .POST(BodyPublishers.ofByteArray(body));
    destination.headers().forEach((name, value) -> request.setHeader(name, value.reveal()));
    request.setHeader("Content-Type", "application/x-protobuf");
    HttpClient made = client.build();
    return new Sent(
        signal,
        destination,
        made,
        made.sendAsync(
            request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES)));
  }

  /** What went wrong; null: nothing. */
  private static @Nullable String failure(Sent request, Duration passed)
      throws InterruptedException {
    Duration timeout = request.destination.timeout();
    try {
      int status =
          request
              .answer
              .get(Math.max(1, timeout.minus(passed).toNanos()), TimeUnit.NANOSECONDS)
              .statusCode();
      return status / 100 == 2 ? null : "answered " + status;
    } catch (TimeoutException e) {
      return "no answer within %d ms".formatted(timeout.toMillis());
    } catch (ExecutionException e) {
      return reason(e);
    }
  }

  /** The first message on the way down, since the client wraps what happened once or twice. */
  private static String reason(Throwable thrown) {
    String reason = "it failed";
    for (Throwable cause = thrown.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return "its name has no address";
      }
      if (cause instanceof ConnectException) {
        reason = "nothing listens there";
      } else if (cause.getMessage() != null) {
        return Redactor.redact(cause.getMessage().replaceAll("\\p{Cntrl}+", " "));
      }
    }
    return reason;
  }

  /** Without what else a URL may hold. */
  private static String place(Sent request) {
    int port = request.destination.endpoint().getPort();
    return request.destination.endpoint().getHost() + (port < 0 ? "" : ":" + port);
  }
}
