package io.tidegate.web;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.tidegate.agent.Snapshot.SnapshotSource;
import io.tidegate.digest.Sha256;
import io.tidegate.web.StatusController.StatusBody;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.Objects;

/**
 * The same as {@code /status}, for people with a browser: one document that loads nothing from
 * elsewhere.
 */
@Controller
@Produces(MediaType.ALL)
final class PageController {
  private static final String STYLE = resource("page.css");
  private static final String SCRIPT = resource("page.js");

  /**
   * Style and script are named by their hashes, and the script may ask this server alone. Nothing
   * else may be loaded, framed or run.
   */
  private static final String POLICY =
      "default-src 'none'; style-src '%s'; script-src '%s'; connect-src 'self'; base-uri 'none'; "
              .formatted(hash(STYLE), hash(SCRIPT))
          + "form-action 'none'; frame-ancestors 'none'";

  private final SnapshotSource snapshots;
  private final Clock clock;

  PageController(SnapshotSource snapshots, Clock clock) {
    this.snapshots = snapshots;
    this.clock = clock;
  }

  @Get("/")
  HttpResponse<String> page() {
    StatusBody status = StatusBody.of(snapshots.snapshot(), snapshots.sinceHeartbeat());
    return HttpResponse.ok(StatusPage.html(status, clock.instant(), STYLE, SCRIPT))
        .header("Content-Type", "text/html; charset=utf-8")
        .header("Content-Security-Policy", POLICY)
        .header("Referrer-Policy", "no-referrer");
  }

  private static String hash(String text) {
    return "sha256-" + Base64.getEncoder().encodeToString(Sha256.of(text));
  }

  private static String resource(String name) {
    try (InputStream file =
        Objects.requireNonNull(PageController.class.getResourceAsStream(name))) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
