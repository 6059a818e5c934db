package io.tidegate.manifest.report;

import io.tidegate.json.JsonWriter;
import io.tidegate.manifest.report.CheckReport.ReportedFinding;
import io.tidegate.manifest.rules.FileRule.FileFinding;
import io.tidegate.policy.Severity;
import io.tidegate.secret.Redactor;
import io.tidegate.source.SourceFile.Location;
import io.tidegate.source.SourceFile.Note;
import java.io.IOException;
import java.util.List;

/** The report for programs. Its shape is documented in docs/check.md and only grows. */
final class JsonFormat {
  private JsonFormat() {}

  static void write(CheckReport report, Appendable out) throws IOException {
    JsonWriter json = JsonWriter.indented().beginObject();
    json.property("files", report.files());
    json.property("errors", report.count(Severity.ERROR));
    json.property("warnings", report.count(Severity.WARNING));
    json.property("notices", report.count(Severity.NOTICE));
    findings(json, "findings", report.findings());
    findings(json, "accepted", report.accepted());
    findings(json, "known", report.known());
    json.name("notes").beginArray();
    for (Note note : report.notes()) {
      json.beginObject();
      json.property("severity", note.severity().id());
      location(json, note.location());
      json.property("what", Redactor.redactLine(note.what()));
      json.property("remedy", Redactor.redactLine(note.remedy()));
      json.endObject();
    }
    json.endArray().endObject();
    out.append(json.toString()).append('\n');
  }

  private static void findings(JsonWriter json, String name, List<ReportedFinding> findings) {
    json.name(name).beginArray();
    for (ReportedFinding found : findings) {
      FileFinding finding = found.finding();
      json.beginObject();
      json.property("rule", finding.rule().id());
      json.property("severity", finding.severity().id());
      location(json, finding.location());
      json.property("subject", Redactor.redactLine(finding.subject().label()));
      json.property("evidence", Redactor.redactLine(finding.evidence()));
      json.property("source", Redactor.redactLine(found.line()));
      json.property("danger", finding.rule().danger());
      json.property("fix", finding.rule().fix());
      json.property("documentation", finding.rule().documentation().toString());
      json.property("fingerprint", found.fingerprint());
      if (!found.reason().isEmpty()) {
        json.property("reason", Redactor.redactLine(found.reason()));
      }
      json.endObject();
    }
    json.endArray();
  }

  private static void location(JsonWriter json, Location location) {
    json.property("file", location.file());
    json.property("line", location.line());
    json.property("column", location.column());
  }
}
