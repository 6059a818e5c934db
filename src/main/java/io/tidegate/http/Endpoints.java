package io.tidegate.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.tidegate.agent.Bulletin;
import io.tidegate.agent.Snapshot;
import io.tidegate.metrics.Exposition;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers every path from what the agent last published. */
final class Endpoints implements HttpHandler {
  /** A request has no use for more: everything is a GET. */
  static final int MAX_BODY_BYTES = 8 * 1024;

  private static final String ONE_TARGET = "/ready/";
  private static final Logger LOG = LoggerFactory.getLogger("io.tidegate");

  private final Bulletin bulletin;
  private @Nullable Exposition exposition;

  Endpoints(Bulletin bulletin) {
    this.bulletin = bulletin;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try {
      send(exchange, answer(exchange));
    } finally {
      exchange.close();
    }
  }

  private Answer answer(HttpExchange exchange) {
    if (bodyBytes(exchange.getRequestHeaders()) > MAX_BODY_BYTES) {
      return Answer.tooLarge();
    }
    try {
      Answer answer = answer(exchange.getRequestURI().getPath());
      return isRead(exchange) || answer.status() == Answer.NOT_FOUND
          ? answer
          : Answer.methodNotAllowed();
    } catch (RuntimeException e) {
      LOG.error("a request could not be answered", e);
      return Answer.failed();
    }
  }

  /** The server has refused what is no number. */
  private static long bodyBytes(Headers request) {
    String length = request.getFirst("Content-Length");
    return length == null ? 0 : Long.parseLong(length);
  }

  private static boolean isRead(HttpExchange exchange) {
    return exchange.getRequestMethod().equals("GET") || isHead(exchange);
  }

  private static boolean isHead(HttpExchange exchange) {
    return exchange.getRequestMethod().equals("HEAD");
  }

  private Answer answer(String asked) {
    String path =
        asked.length() > 1 && asked.endsWith("/") ? asked.substring(0, asked.length() - 1) : asked;
    return switch (path) {
      case "/ready", "/readyz" -> ready();
      case "/live", "/livez" -> live();
      case "/status" -> Answer.of(true, status());
      case "/metrics" -> Answer.of(Exposition.CONTENT_TYPE, exposition().scrape(), Map.of());
      case "/" -> page();
      default ->
          path.startsWith(ONE_TARGET)
              ? target(path.substring(ONE_TARGET.length()))
              : Answer.notFound("not found");
    };
  }

  /** Whether the app may take traffic. */
  private Answer ready() {
    Snapshot snapshot = bulletin.snapshot();
    return Answer.of(snapshot.ready(), ReadyBody.of(snapshot));
  }

  /** Whether one target is ready, whatever the others are. */
  private Answer target(String name) {
    return bulletin.snapshot().targets().stream()
        .filter(state -> state.target().name().equals(name))
        .findFirst()
        .map(state -> Answer.of(state.ready(), TargetReadyBody.of(state)))
        .orElseGet(() -> Answer.notFound("no target has this name"));
  }

  /**
   * Whether the agent's loop turns. Never a matter of a database: restarting Tidegate heals no
   * database, and one that is down would restart every replica at once.
   */
  private Answer live() {
    LiveBody body = LiveBody.of(bulletin.sinceHeartbeat(), bulletin.snapshot().state());
    return Answer.of(body.live(), body);
  }

  /** Everything that is known, for people and programs. Always 200: asking is not judging. */
  private StatusBody status() {
    return StatusBody.of(bulletin.snapshot(), bulletin.sinceHeartbeat());
  }

  /** The same as {@code /status}, for people with a browser. */
  private Answer page() {
    return Answer.of(
        "text/html; charset=utf-8",
        Page.of(status()),
        Map.of("Content-Security-Policy", Page.POLICY, "Referrer-Policy", "no-referrer"));
  }

  /** Made with the first scrape, so that a run that nobody scrapes does not pay for it. */
  private synchronized Exposition exposition() {
    Exposition made = exposition;
    if (made == null) {
      made = new Exposition(bulletin);
      exposition = made;
    }
    return made;
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    Headers headers = exchange.getResponseHeaders();
    headers.set("Content-Type", answer.type());
    headers.set("Cache-Control", "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    answer.headers().forEach(headers::set);
    byte[] body = answer.bytes();
    if (isHead(exchange)) {
      headers.set("Content-Length", Integer.toString(body.length));
      exchange.sendResponseHeaders(answer.status(), -1);
    } else {
      exchange.sendResponseHeaders(answer.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
