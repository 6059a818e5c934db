package io.tidegate.web;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.tidegate.agent.Snapshot.SnapshotSource;
import io.tidegate.digest.Sha256;
import io.tidegate.web.StatusController.StatusBody;
import io.tidegate.web.StatusController.StatusBody.GuardBody;
import io.tidegate.web.StatusController.StatusBody.MigrationBody;
import io.tidegate.web.StatusController.StatusBody.ReplicasBody;
import io.tidegate.web.StatusController.StatusBody.TargetBody;
import java.util.Base64;

/**
 * The same as {@code /status}, for people with a browser: one document without scripts, pictures or
 * anything from elsewhere.
 */
@Controller
@Produces(MediaType.ALL)
final class PageController {
  private static final String STYLE =
      """
      body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
      table{border-collapse:collapse;width:100%}
      th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #ccc;vertical-align:top}
      .yes{color:#0a6b2d}.no{color:#a4161a}
      """;

  /** Nothing may be loaded, framed or run; the style is named by its hash. */
  private static final String POLICY =
      "default-src 'none'; style-src '"
          + hash(STYLE)
          + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final SnapshotSource snapshots;

  PageController(SnapshotSource snapshots) {
    this.snapshots = snapshots;
  }

  @Get("/")
  HttpResponse<String> page() {
    StatusBody status = StatusBody.of(snapshots.snapshot(), snapshots.sinceHeartbeat());
    return HttpResponse.ok(html(status))
        .header("Content-Type", "text/html; charset=utf-8")
        .header("Content-Security-Policy", POLICY)
        .header("Referrer-Policy", "no-referrer");
  }

  private static String html(StatusBody status) {
    Html page = new Html();
    page.raw("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
        .raw("<meta name=\"viewport\" content=\"width=device-width\">")
        .raw("<meta http-equiv=\"refresh\" content=\"5\"><title>Tidegate</title><style>")
        .raw(STYLE)
        .raw("</style></head><body><h1>Tidegate: ")
        .verdict(status.ready(), "ready", "not ready")
        .raw("</h1><p>")
        .text(status.state() + " since " + status.since() + ", version " + status.version())
        .raw("</p>");
    for (StatusBody.Failure problem : status.problems()) {
      page.raw("<p class=\"no\">")
          .text(problem.where() + ": " + problem.what() + ". " + problem.remedy() + ".")
          .raw("</p>");
    }
    targets(status, page);
    migrations(status, page);
    guard(status, page);
    return page.raw("</body></html>\n").toString();
  }

  private static void targets(StatusBody status, Html page) {
    page.raw("<h2>Targets</h2><table>").heads("Name", "Ready", "What answers", "Since", "URL");
    for (TargetBody target : status.targets()) {
      page.raw("<tr>")
          .cell(target.name() + (target.required() ? "" : " (not required)"))
          .raw("<td>")
          .verdict(target.ready(), "yes", "no")
          .raw("</td>")
          .cell(target.detail())
          .cell(target.since().toString())
          .cell(target.url())
          .raw("</tr>");
    }
    page.raw("</table>");
  }

  private static void migrations(StatusBody status, Html page) {
    if (status.migrations().isEmpty()) {
      return;
    }
    page.raw("<h2>Migrations</h2><table>").heads("Target", "Phase", "Changeset", "Applied");
    for (MigrationBody migration : status.migrations()) {
      MigrationBody.Outcome outcome = migration.outcome();
      String changeset = migration.changeset();
      page.raw("<tr>")
          .cell(migration.target())
          .cell(migration.phase())
          .cell(changeset == null ? "" : changeset)
          .cell(outcome == null ? "" : Integer.toString(outcome.applied()))
          .raw("</tr>");
    }
    page.raw("</table>");
  }

  private static void guard(StatusBody status, Html page) {
    page.raw("<h2>Guard</h2><p>")
        .text("Replicas: " + replicas(status.replicas()))
        .raw("</p><table>")
        .heads("Rule", "Severity", "About", "Evidence", "Fix");
    status.guard().findings().forEach(found -> finding(found, found.severity(), page));
    status.guard().accepted().forEach(found -> finding(found, "accepted", page));
    page.raw("</table>");
  }

  private static void finding(GuardBody.Found found, String severity, Html page) {
    page.raw("<tr>")
        .cell(found.rule())
        .cell(severity)
        .cell(found.subject())
        .cell(found.evidence())
        .cell(found.fix())
        .raw("</tr>");
  }

  private static String replicas(ReplicasBody replicas) {
    Integer count = replicas.count();
    return count == null
        ? "unknown (" + replicas.source() + ")"
        : replicas.certainty().replace('-', ' ') + " " + count + " (" + replicas.source() + ")";
  }

  private static String hash(String text) {
    return "sha256-" + Base64.getEncoder().encodeToString(Sha256.of(text));
  }

  /** Puts HTML together; whatever is not ours goes through {@link #text}. */
  private static final class Html {
    private final StringBuilder page = new StringBuilder(4096);

    Html raw(String html) {
      page.append(html);
      return this;
    }

    Html text(String text) {
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        switch (c) {
          case '<' -> page.append("&lt;");
          case '>' -> page.append("&gt;");
          case '&' -> page.append("&amp;");
          case '"' -> page.append("&quot;");
          case '\'' -> page.append("&#39;");
          default -> page.append(c);
        }
      }
      return this;
    }

    Html verdict(boolean good, String yes, String no) {
      return raw(good ? "<span class=\"yes\">" : "<span class=\"no\">")
          .text(good ? yes : no)
          .raw("</span>");
    }

    Html cell(String text) {
      return raw("<td>").text(text).raw("</td>");
    }

    Html heads(String... names) {
      raw("<tr>");
      for (String name : names) {
        raw("<th>").text(name).raw("</th>");
      }
      return raw("</tr>");
    }

    @Override
    public String toString() {
      return page.toString();
    }
  }
}
