package io.tidegate.web;

import io.tidegate.web.Headline.Tone;
import io.tidegate.web.StatusController.StatusBody;
import io.tidegate.web.StatusController.StatusBody.GuardBody;
import io.tidegate.web.StatusController.StatusBody.ReplicasBody;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The status page: the body of {@code /status} as one HTML document. Each method makes one part of
 * it, from the top down. Its style and its script are {@code page.css} and {@code page.js}.
 */
final class StatusPage {
  private final StatusBody status;
  private final Instant now;

  private StatusPage(StatusBody status, Instant now) {
    this.status = status;
    this.now = now;
  }

  /**
   * Makes the document.
   *
   * @param now the time from which "12 s ago" is counted
   * @param style the style sheet, which the document holds
   * @param script the script that refreshes it, which the document holds
   */
  static String html(StatusBody status, Instant now, String style, String script) {
    return new StatusPage(status, now).document(new Html(style), new Html(script)).markup();
  }

  private Html document(Html style, Html script) {
    Headline headline = Headline.of(status, now);
    return Html.of(
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <noscript><meta http-equiv="refresh" content="5"></noscript>
        <title>{} – Tidegate</title>
        <style>{}</style>
        </head>
        <body>
        <header>
        <p class="product">Tidegate <span class="quiet">{}</span></p>
        <p class="announced" role="status">{}</p>
        <p class="lost" role="alert" hidden></p>
        </header>
        <main>
        {}
        {}
        {}
        {}
        {}
        </main>
        <footer>
        <p>This page shows what Tidegate last published. Opening it sends nothing to a database.</p>
        <nav aria-label="Other endpoints"><a href="status">Status as JSON</a> <a href="ready">Readiness</a>
        <a href="metrics">Metrics</a></nav>
        </footer>
        <script>{}</script>
        </body>
        </html>
        """,
        headline.summary(),
        style,
        status.version(),
        headline.summary(),
        top(headline),
        timeline(),
        section(
            "targets",
            "Targets",
            "No targets are declared.",
            target -> StatusCards.target(target, now),
            status.targets()),
        section(
            "migrations",
            "Migrations",
            "No target has a changelog.",
            migration -> StatusCards.migration(migration, now),
            status.migrations()),
        guard(),
        script);
  }

  private String readiness() {
    return status.ready() ? "Ready" : "Not ready";
  }

  private Html top(Headline headline) {
    return Html.of(
        """
        <section class="top {}" aria-labelledby="now">
        <p>{}</p>
        <h1 id="now">{}</h1>
        <p class="quiet">Started {}. {}.</p>
        {}
        </section>
        """,
        headline.tone().id(),
        StatusCards.badge(headline.tone(), readiness()),
        headline.sentence(),
        Times.ago(status.started(), now),
        replicas(),
        StatusCards.list("problems", status.problems().stream().map(StatusPage::problem).toList()));
  }

  private static Html problem(StatusBody.Failure problem) {
    return Html.of(
        "<li><p><strong>{}</strong>: {}.</p><p>{}. <span class=\"quiet\">Exit code {}.</span></p></li>",
        problem.where(),
        Html.prose(problem.what()),
        Html.prose(problem.remedy()),
        problem.exit());
  }

  private String replicas() {
    ReplicasBody replicas = status.replicas();
    return replicas.count() == null
        ? "Replicas of the app: unknown (%s)".formatted(replicas.source())
        : "Replicas of the app: %s %d (%s)"
            .formatted(replicas.certainty().replace('-', ' '), replicas.count(), replicas.source());
  }

  /** The steps that were taken, each with its duration, and those that follow. */
  private Html timeline() {
    List<Html> items = new ArrayList<>();
    List<StatusBody.Step> steps = status.steps();
    for (int i = 0; i < steps.size(); i++) {
      StatusBody.Step step = steps.get(i);
      boolean current = i == steps.size() - 1;
      items.add(
          current
              ? Html.of(
                  "<li class=\"{}\" aria-current=\"step\">{} <span class=\"quiet\">for {}</span></li>",
                  step.state().equals("failed") ? "failed" : "current",
                  stepName(step.state()),
                  Times.since(step.since(), now))
              : Html.of(
                  "<li class=\"done\">{} <span class=\"quiet\">took {}</span></li>",
                  stepName(step.state()),
                  Times.between(step.since(), steps.get(i + 1).since())));
    }
    for (String state : stepsToCome()) {
      items.add(
          Html.of(
              "<li class=\"next\">{} <span class=\"quiet\">not yet</span></li>", stepName(state)));
    }
    return Html.of(
        """
        <section aria-labelledby="start">
        <h2 id="start">Start</h2>
        <ol class="timeline">{}</ol>
        </section>
        """,
        items);
  }

  private List<String> stepsToCome() {
    List<String> all = List.of("judging", "awaiting", "judging-live", "migrating", "watching");
    // Not found, when it stops or has failed: nothing follows.
    int current = all.indexOf(status.state());
    return current < 0
        ? List.of()
        : all.subList(current + 1, all.size()).stream()
            .filter(state -> !state.equals("migrating") || !status.migrations().isEmpty())
            .toList();
  }

  private static String stepName(String state) {
    return switch (state) {
      case "judging" -> "Check configuration";
      case "awaiting" -> "Wait for targets";
      case "judging-live" -> "Check servers";
      case "migrating" -> "Migrate";
      case "watching" -> "Watch";
      case "stopping" -> "Stop";
      default -> "Failed";
    };
  }

  /** Findings by severity, worst first, and at the end what a user accepted. */
  private Html guard() {
    List<Html> groups =
        List.of(
            group("Errors", "error", Tone.BAD, true),
            group("Warnings", "warning", Tone.PENDING, true),
            group("Notices", "notice", Tone.NEUTRAL, false),
            findings("Accepted", status.guard().accepted(), Tone.NEUTRAL, true));
    boolean clean = status.guard().findings().isEmpty() && status.guard().accepted().isEmpty();
    return Html.of(
        """
        <section aria-labelledby="findings">
        <h2 id="findings">Findings</h2>
        {}
        {}
        </section>
        """,
        clean ? Html.of("<p class=\"quiet\">No rule found anything.</p>") : Html.NONE,
        groups);
  }

  private Html group(String title, String severity, Tone tone, boolean open) {
    List<GuardBody.Found> found =
        status.guard().findings().stream()
            .filter(each -> each.severity().equals(severity))
            .toList();
    return findings(title, found, tone, open);
  }

  private static Html findings(String title, List<GuardBody.Found> found, Tone tone, boolean open) {
    return found.isEmpty()
        ? Html.NONE
        : Html.of(
            "<h3>{} {}</h3>{}",
            title,
            StatusCards.badge(tone, Integer.toString(found.size())),
            StatusCards.list(
                "findings",
                found.stream().map(each -> StatusCards.finding(each, tone, open)).toList()));
  }

  /** A part with a heading and a card for each thing; a sentence where there is none. */
  private static <T> Html section(
      String id, String title, String none, Function<T, Html> card, List<T> things) {
    return Html.of(
        """
        <section aria-labelledby="{}">
        <h2 id="{}">{}</h2>
        {}
        </section>
        """,
        id,
        id,
        title,
        things.isEmpty()
            ? Html.of("<p class=\"quiet\">{}</p>", none)
            : StatusCards.list("cards", things.stream().map(card).toList()));
  }
}
