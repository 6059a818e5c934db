package io.tidegate.manifest.report;

import io.tidegate.digest.Sha256;
import io.tidegate.json.JsonWriter;
import io.tidegate.manifest.report.CheckReport.ReportedFinding;
import io.tidegate.manifest.rules.FileRule.FileFinding;
import io.tidegate.policy.Severity;
import io.tidegate.secret.Redactor;
import io.tidegate.source.SourceFile.Location;
import io.tidegate.source.SourceFile.Note;
import java.io.IOException;

/**
 * A code quality report of GitLab.
 *
 * @see <a
 *     href="https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format">The format</a>
 */
final class GitLabFormat {
  private GitLabFormat() {}

  static void write(CheckReport report, Appendable out) throws IOException {
    JsonWriter json = JsonWriter.indented().beginArray();
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
    json.endArray();
    out.append(json.toString()).append('\n');
  }

  private static void issue(
      JsonWriter json,
      String rule,
      Severity severity,
      Location location,
      String what,
      String fingerprint) {
    json.beginObject();
    json.property("description", Redactor.redactLine(what));
    json.property("check_name", rule);
    json.property("fingerprint", fingerprint);
    json.property(
        "severity",
        switch (severity) {
          case ERROR -> "critical";
          case WARNING -> "major";
          case NOTICE -> "info";
        });
    json.name("location").beginObject();
    json.property("path", location.file());
    json.name("lines").beginObject();
    json.property("begin", location.line());
    json.endObject();
    json.endObject();
    json.endObject();
  }
}
