package io.tidegate.manifest.report;

import io.tidegate.manifest.report.CheckReport.ReportedFinding;
import io.tidegate.manifest.rules.FileRule.FileFinding;
import io.tidegate.manifest.source.SourceFile.Note;
import io.tidegate.manifest.source.SourceFile.Place;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;

/** The report for programs. Its shape is documented in docs/check.md and only grows. */
final class JsonFormat implements Format.Writer {
  @Override
  public void write(CheckReport report, List<RuleCard> rules, Appendable out) throws IOException {
    JsonText.write(
        out,
        json -> {
          json.writeStartObject();
          json.writeNumberProperty("files", report.files());
          json.writeNumberProperty("errors", report.count(Severity.ERROR));
          json.writeNumberProperty("warnings", report.count(Severity.WARNING));
          json.writeNumberProperty("notices", report.count(Severity.NOTICE));
          findings(json, "findings", report.findings());
          findings(json, "accepted", report.accepted());
          json.writeArrayPropertyStart("notes");
          for (Note note : report.notes()) {
            json.writeStartObject();
            json.writeStringProperty("severity", word(note.severity()));
            place(json, note.place());
            json.writeStringProperty("what", Printable.of(note.what()));
            json.writeStringProperty("remedy", Printable.of(note.remedy()));
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private static void findings(JsonGenerator json, String name, List<ReportedFinding> findings) {
    json.writeArrayPropertyStart(name);
    for (ReportedFinding found : findings) {
      FileFinding finding = found.finding();
      json.writeStartObject();
      json.writeStringProperty("rule", finding.rule().id());
      json.writeStringProperty("severity", word(finding.severity()));
      place(json, finding.place());
      json.writeStringProperty("subject", Printable.of(finding.subject().label()));
      json.writeStringProperty("evidence", Printable.of(finding.evidence()));
      json.writeStringProperty("source", Printable.of(found.line()));
      json.writeStringProperty("danger", finding.rule().danger());
      json.writeStringProperty("fix", finding.rule().fix());
      json.writeStringProperty("documentation", finding.rule().documentation().toString());
      if (!found.reason().isEmpty()) {
        json.writeStringProperty("reason", Printable.of(found.reason()));
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void place(JsonGenerator json, Place place) {
    json.writeStringProperty("file", place.file());
    json.writeNumberProperty("line", place.line());
    json.writeNumberProperty("column", place.column());
  }

  private static String word(Severity severity) {
    return severity.name().toLowerCase(Locale.ROOT);
  }
}
