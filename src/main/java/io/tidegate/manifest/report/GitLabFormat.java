package io.tidegate.manifest.report;

import io.tidegate.digest.Sha256;
import io.tidegate.manifest.report.CheckReport.ReportedFinding;
import io.tidegate.manifest.rules.FileRule.FileFinding;
import io.tidegate.manifest.source.SourceFile.Location;
import io.tidegate.manifest.source.SourceFile.Note;
import io.tidegate.policy.Severity;
import java.io.IOException;
import tools.jackson.core.JsonGenerator;

/**
 * A code quality report of GitLab.
 *
 * @see <a
 *     href="https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format">The format</a>
 */
final class GitLabFormat {
  private GitLabFormat() {}

  static void write(CheckReport report, Appendable out) throws IOException {
    JsonFormat.write(
        out,
        json -> {
          json.writeStartArray();
          for (Note note : report.notes()) {
            String what = note.what() + ". " + note.remedy() + ".";
            String fingerprint = Sha256.hexOf(note.location().file() + '\n' + note.what());
            issue(json, "not-checked", note.severity(), note.location(), what, fingerprint);
          }
          for (ReportedFinding found : report.findings()) {
            FileFinding finding = found.finding();
            String what =
                "%s: %s. Fix: %s."
                    .formatted(finding.subject().label(), finding.evidence(), finding.rule().fix());
            issue(
                json,
                finding.rule().id(),
                finding.severity(),
                finding.location(),
                what,
                found.fingerprint());
          }
          json.writeEndArray();
        });
  }

  private static void issue(
      JsonGenerator json,
      String rule,
      Severity severity,
      Location location,
      String what,
      String fingerprint) {
    json.writeStartObject();
    json.writeStringProperty("description", CheckReport.printable(what));
    json.writeStringProperty("check_name", rule);
    json.writeStringProperty("fingerprint", fingerprint);
    json.writeStringProperty(
        "severity",
        switch (severity) {
          case ERROR -> "critical";
          case WARNING -> "major";
          case NOTICE -> "info";
        });
    json.writeObjectPropertyStart("location");
    json.writeStringProperty("path", location.file());
    json.writeObjectPropertyStart("lines");
    json.writeNumberProperty("begin", location.line());
    json.writeEndObject();
    json.writeEndObject();
    json.writeEndObject();
  }
}
