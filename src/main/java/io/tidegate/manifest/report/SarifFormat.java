package io.tidegate.manifest.report;

import io.tidegate.manifest.report.CheckReport.ReportedFinding;
import io.tidegate.manifest.rules.FileRule.FileFinding;
import io.tidegate.manifest.source.SourceFile.Location;
import io.tidegate.manifest.source.SourceFile.Note;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/**
 * SARIF 2.1.0, for code scanning.
 *
 * @see <a href="https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html">SARIF 2.1.0</a>
 */
final class SarifFormat {
  private static final String SCHEMA =
      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

  private SarifFormat() {}

  static void write(CheckReport report, List<RuleCard> rules, Appendable out) throws IOException {
    JsonFormat.write(
        out,
        json -> {
          json.writeStartObject();
          json.writeStringProperty("$schema", SCHEMA);
          json.writeStringProperty("version", "2.1.0");
          json.writeArrayPropertyStart("runs");
          json.writeStartObject();
          tool(json, rules);
          json.writeStringProperty("columnKind", "utf16CodeUnits");
          json.writeArrayPropertyStart("results");
          String state = report.known().isEmpty() ? "" : "new";
          report.findings().forEach(found -> result(json, found, state));
          report.accepted().forEach(found -> result(json, found, state));
          report.known().forEach(found -> result(json, found, "unchanged"));
          json.writeEndArray();
          notes(json, report.notes());
          json.writeEndObject();
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private static void tool(JsonGenerator json, List<RuleCard> rules) {
    json.writeObjectPropertyStart("tool");
    json.writeObjectPropertyStart("driver");
    json.writeStringProperty("name", "tidegate");
    json.writeArrayPropertyStart("rules");
    for (RuleCard rule : rules) {
      json.writeStartObject();
      json.writeStringProperty("id", rule.id());
      message(json, "shortDescription", rule.title() + ".");
      message(json, "fullDescription", rule.danger() + ".");
      message(json, "help", rule.fix() + ".");
      json.writeStringProperty("helpUri", rule.documentation().toString());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndObject();
  }

  /** Writes one; the state is how it compares with the baseline, empty without one. */
  private static void result(JsonGenerator json, ReportedFinding found, String state) {
    FileFinding finding = found.finding();
    json.writeStartObject();
    json.writeStringProperty("ruleId", finding.rule().id());
    json.writeStringProperty("level", level(finding.severity()));
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
    json.writeObjectPropertyStart("partialFingerprints");
    json.writeStringProperty(ReportedFinding.FINGERPRINT, found.fingerprint());
    json.writeEndObject();
    if (!state.isEmpty()) {
      json.writeStringProperty("baselineState", state);
    }
    if (!found.reason().isEmpty()) {
      json.writeArrayPropertyStart("suppressions");
      json.writeStartObject();
      json.writeStringProperty("kind", "inSource");
      json.writeStringProperty("justification", CheckReport.printable(found.reason()));
      json.writeEndObject();
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  /** What could not be checked is reported of the run, not as a result. */
  private static void notes(JsonGenerator json, List<Note> notes) {
    json.writeArrayPropertyStart("invocations");
    json.writeStartObject();
    json.writeBooleanProperty(
        "executionSuccessful", notes.stream().noneMatch(note -> note.severity() == Severity.ERROR));
    json.writeArrayPropertyStart("toolExecutionNotifications");
    for (Note note : notes) {
      json.writeStartObject();
      json.writeStringProperty("level", level(note.severity()));
      message(json, "message", note.what() + ". " + note.remedy() + ".");
      locations(json, note.location());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndArray();
  }

  private static void locations(JsonGenerator json, Location location) {
    json.writeArrayPropertyStart("locations");
    json.writeStartObject();
    json.writeObjectPropertyStart("physicalLocation");
    json.writeObjectPropertyStart("artifactLocation");
    json.writeStringProperty("uri", uri(location.file()));
    json.writeEndObject();
    json.writeObjectPropertyStart("region");
    json.writeNumberProperty("startLine", location.line());
    json.writeNumberProperty("startColumn", location.column());
    json.writeEndObject();
    json.writeEndObject();
    json.writeEndObject();
    json.writeEndArray();
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

  private static void message(JsonGenerator json, String name, String text) {
    json.writeObjectPropertyStart(name);
    json.writeStringProperty("text", CheckReport.printable(text));
    json.writeEndObject();
  }

  private static String level(Severity severity) {
    return switch (severity) {
      case ERROR -> "error";
      case WARNING -> "warning";
      case NOTICE -> "note";
    };
  }
}
