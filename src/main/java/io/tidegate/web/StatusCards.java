package io.tidegate.web;

import io.tidegate.web.Headline.Tone;
import io.tidegate.web.StatusController.StatusBody.GuardBody;
import io.tidegate.web.StatusController.StatusBody.MigrationBody;
import io.tidegate.web.StatusController.StatusBody.TargetBody;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The cards of the status page: one for each target, migration and finding. */
final class StatusCards {
  private StatusCards() {}

  /** What is known of a target. */
  static Html target(TargetBody target, Instant now) {
    boolean alarming = target.required() && target.lastProbe() != null;
    Tone tone = target.ready() ? Tone.GOOD : alarming ? Tone.BAD : Tone.NEUTRAL;
    return Html.of(
        """
        <li class="card">
        <h3>{} {}</h3>
        <p>{}</p>
        <dl>{}{}{}{}{}{}</dl>
        </li>
        """,
        target.name(),
        badge(tone, target.ready() ? "Ready" : "Not ready"),
        Html.prose(target.detail()),
        row(target.ready() ? "Ready for" : "Not ready for", Times.since(target.since(), now)),
        row("Address", Html.of("<code>{}</code>", target.url())),
        row(
            "Used as",
            "%s, role %s, %s"
                .formatted(
                    target.purpose(),
                    target.role(),
                    target.required() ? "required" : "not required")),
        target.lastProbe() == null
            ? Html.NONE
            : row(
                "Last probe",
                Html.of(
                    "{}, took {} ms",
                    Times.ago(target.lastProbe(), now),
                    target.lastProbeMillis())),
        row("Failed probes", failures(target)),
        target.changes().size() < 2 ? Html.NONE : row("History", history(target.changes(), now)));
  }

  /** The newest first. */
  private static Html history(List<TargetBody.Change> changes, Instant now) {
    return Html.of(
        "<ol class=\"history\">{}</ol>",
        changes.reversed().stream()
            .map(change ->
                Html.of(
                    "<li>{}: {}, {}</li>",
                    Times.ago(change.since(), now),
                    change.ready() ? "ready" : "not ready",
                    Html.prose(change.detail())))
            .toList());
  }

  private static String failures(TargetBody target) {
    if (target.failuresByReason().isEmpty()) {
      return "none";
    }
    String byReason =
        target.failuresByReason().entrySet().stream()
            .map(StatusCards::count)
            .collect(Collectors.joining(", "));
    return target.failuresInARow() == 0
        ? byReason
        : "%s; %d in a row".formatted(byReason, target.failuresInARow());
  }

  private static String count(Map.Entry<String, Long> failures) {
    return failures.getValue() + " " + failures.getKey();
  }

  /** What is known of a target's migration. */
  static Html migration(MigrationBody migration, Instant now) {
    Tone tone =
        switch (migration.phase()) {
          case "done" -> Tone.GOOD;
          case "failed" -> Tone.BAD;
          case "pending" -> Tone.NEUTRAL;
          default -> Tone.PENDING;
        };
    return Html.of(
        """
        <li class="card">
        <h3>{} {}</h3>
        {}{}{}{}{}
        </li>
        """,
        migration.target(),
        badge(tone, capitalized(migration.phase())),
        progress(migration),
        holder(migration.holder(), now),
        outcome(migration.outcome()),
        migration.retries() == 0
            ? Html.NONE
            : Html.of(
                "<p>Tried again, since another session was in the way: {}</p>", times(migration)),
        migration.interrupted().isEmpty()
            ? Html.NONE
            : Html.of(
                "<p>Left half done by an earlier run:</p>{}",
                list(
                    "",
                    migration.interrupted().stream()
                        .map(changeset -> Html.of("<li><code>{}</code></li>", changeset))
                        .toList())));
  }

  private static String times(MigrationBody migration) {
    return migration.retries() == 1 ? "once" : migration.retries() + " times";
  }

  private static Html progress(MigrationBody migration) {
    if (migration.changeset() == null) {
      return Html.NONE;
    }
    return Html.of(
        """
        <progress max="{}" value="{}" aria-label="Progress of {}"></progress>
        <p>Changeset {} of {}: <code>{}</code></p>
        """,
        migration.of(),
        migration.number() - 1,
        migration.target(),
        migration.number(),
        migration.of(),
        migration.changeset());
  }

  private static Html holder(MigrationBody.@Nullable Holder holder, Instant now) {
    if (holder == null) {
      return Html.NONE;
    }
    return Html.of(
        "<dl>{}{}{}</dl>",
        row("Lock held by", holder.who()),
        holder.since() == null ? Html.NONE : row("Held for", Times.since(holder.since(), now)),
        holder.work() == null
            ? Html.NONE
            : row("Works on", Html.of("<code>{}</code>", holder.work())));
  }

  private static Html outcome(MigrationBody.@Nullable Outcome outcome) {
    if (outcome == null) {
      return Html.NONE;
    }
    return Html.of(
        "<p>{} applied now, {} before, in {}, of which {} waiting for the lock.</p>{}",
        outcome.applied(),
        outcome.alreadyApplied(),
        Times.length(Duration.ofMillis(outcome.tookMillis())),
        Times.length(Duration.ofMillis(outcome.lockWaitMillis())),
        outcome.unexpected() == 0
            ? Html.NONE
            : Html.of(
                "<p>{} applied that the changelog does not hold: a newer release ran.</p>",
                outcome.unexpected()));
  }

  /** A finding. The evidence of one that is accepted ends with the reason and the last day. */
  static Html finding(GuardBody.Found found, Tone tone, boolean open) {
    return Html.of(
        """
        <li class="card {}">
        <details{}>
        <summary><strong>{}</strong> <span class="quiet">{}</span></summary>
        <p>{}</p>
        <dl>{}{}{}{}</dl>
        </details>
        </li>
        """,
        tone.id(),
        open ? Html.of(" open") : Html.NONE,
        Html.prose(found.title()),
        found.subject(),
        Html.prose(found.evidence()),
        row("Danger", Html.prose(found.danger())),
        row("Fix", Html.prose(found.fix())),
        row("Rule", Html.of("<code>{}</code>", found.rule())),
        row("Read more", link(found.documentation())));
  }

  /** Named by where it leads. Anything but a page on the web is text. */
  private static Object link(String url) {
    String https = "https://";
    return url.startsWith(https)
        ? Html.of("<a href=\"{}\" rel=\"noreferrer\">{}</a>", url, url.substring(https.length()))
        : url;
  }

  /** A list; nothing where it would be empty. */
  static Html list(String style, List<Html> items) {
    return items.isEmpty() ? Html.NONE : Html.of("<ul class=\"{}\">{}</ul>", style, items);
  }

  /** A line of a definition list. */
  private static Html row(String name, Object value) {
    return Html.of("<div><dt>{}</dt><dd>{}</dd></div>", name, value);
  }

  /** A word in a colour. */
  static Html badge(Tone tone, String text) {
    return Html.of("<span class=\"badge {}\">{}</span>", tone.id(), text);
  }

  private static String capitalized(String word) {
    return Character.toUpperCase(word.charAt(0)) + word.substring(1);
  }
}
