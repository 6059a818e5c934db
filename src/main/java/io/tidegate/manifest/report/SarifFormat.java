package io.tidegate.manifest.report;

import io.tidegate.json.JsonWriter;
import io.tidegate.manifest.report.CheckReport.ReportedFinding;
import io.tidegate.manifest.rules.FileRule;
import io.tidegate.manifest.rules.FileRule.FileFinding;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.secret.Redactor;
import io.tidegate.source.SourceFile.Location;
import io.tidegate.source.SourceFile.Note;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;

/**
 * SARIF 2.1.0, for code scanning.
 *
 * @see <a href="https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html">SARIF 2.1.0</a>
 */
final class SarifFormat {
  private static final String SCHEMA =
      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

  private SarifFormat() {}

  static void write(CheckReport report, List<FileRule> rules, Appendable out) throws IOException {
    JsonWriter json = JsonWriter.indented().beginObject();
    json.property("$schema", SCHEMA);
    json.property("version", "2.1.0");
    json.name("runs").beginArray().beginObject();
    tool(json, rules);
    json.property("columnKind", "utf16CodeUnits");
    json.name("results").beginArray();
    String state = report.known().isEmpty() ? "" : "new";
    report.findings().forEach(found -> result(json, found, state));
    report.accepted().forEach(found -> result(json, found, state));
    report.known().forEach(found -> result(json, found, "unchanged"));
    json.endArray();
    notes(json, report.notes());
    json.endObject().endArray().endObject();
    out.append(json.toString()).append('\n');
  }

  private static void tool(JsonWriter json, List<FileRule> rules) {
    json.name("tool").beginObject();
    json.name("driver").beginObject();
    json.property("name", "tidegate");
    json.name("rules").beginArray();
    for (RuleCard rule : rules.stream().map(FileRule::card).toList()) {
      json.beginObject();
      json.property("id", rule.id());
      message(json, "shortDescription", rule.title() + ".");
      message(json, "fullDescription", rule.danger() + ".");
      message(json, "help", rule.fix() + ".");
      json.property("helpUri", rule.documentation().toString());
      json.endObject();
    }
    json.endArray().endObject().endObject();
  }

  /** Writes one; the state is how it compares with the baseline, empty without one. */
  private static void result(JsonWriter json, ReportedFinding found, String state) {
    FileFinding finding = found.finding();
    json.beginObject();
    json.property("ruleId", finding.rule().id());
    json.property("level", level(finding.severity()));
    message(
        json,
        "message",
        "%s: %s. %s. Fix: %s."
            .formatted(
                finding.subject().label(),
                finding.evidence(),
                finding.rule().danger(),
                finding.rule().fix()));
    locations(json, finding.location());
    json.name("partialFingerprints").beginObject();
    json.property(ReportedFinding.FINGERPRINT, found.fingerprint());
    json.endObject();
    if (!state.isEmpty()) {
      json.property("baselineState", state);
    }
    if (!found.reason().isEmpty()) {
      json.name("suppressions").beginArray().beginObject();
      json.property("kind", "inSource");
      json.property("justification", Redactor.redactLine(found.reason()));
      json.endObject().endArray();
    }
    json.endObject();
  }

  /** What could not be checked is reported of the run, not as a result. */
  private static void notes(JsonWriter json, List<Note> notes) {
    json.name("invocations").beginArray().beginObject();
    json.name("executionSuccessful")
        .value(notes.stream().noneMatch(note -> note.severity() == Severity.ERROR));
    json.name("toolExecutionNotifications").beginArray();
    for (Note note : notes) {
      json.beginObject();
      json.property("level", level(note.severity()));
      message(json, "message", note.what() + ". " + note.remedy() + ".");
      locations(json, note.location());
      json.endObject();
    }
    json.endArray().endObject().endArray();
  }

  private static void locations(JsonWriter json, Location location) {
    json.name("locations").beginArray().beginObject();
    json.name("physicalLocation").beginObject();
    json.name("artifactLocation").beginObject();
    json.property("uri", uri(location.file()));
    json.endObject();
    json.name("region").beginObject();
    json.property("startLine", location.line());
    json.property("startColumn", location.column());
    json.endObject().endObject().endObject().endArray();
  }

  /** A file's name as a URI reference: relative names stay relative. */
  private static String uri(String file) {
    try {
      String path = file.equals("-") ? "stdin" : file.replace('\\', '/');
      boolean absolute = path.startsWith("/");
      return new URI(absolute ? "file" : null, absolute ? "" : null, path, null).toASCIIString();
    } catch (URISyntaxException e) {
      return "unnamed";
    }
  }

  private static void message(JsonWriter json, String name, String text) {
    json.name(name).beginObject();
    json.property("text", Redactor.redactLine(text));
    json.endObject();
  }

  private static String level(Severity severity) {
    return switch (severity) {
      case ERROR -> "error";
      case WARNING -> "warning";
      case NOTICE -> "note";
    };
  }
}
