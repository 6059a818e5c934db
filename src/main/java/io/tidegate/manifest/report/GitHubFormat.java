package io.tidegate.manifest.report;

import io.tidegate.manifest.report.CheckReport.ReportedFinding;
import io.tidegate.manifest.rules.FileRule.FileFinding;
import io.tidegate.policy.Severity;
import io.tidegate.secret.Redactor;
import io.tidegate.source.SourceFile.Location;
import io.tidegate.source.SourceFile.Note;
import java.io.IOException;

/**
 * Annotations of GitHub Actions.
 *
 * @see <a
 *     href="https://docs.github.com/actions/reference/workflow-commands-for-github-actions">Workflow
 *     commands</a>
 */
final class GitHubFormat {
  private GitHubFormat() {}

  static void write(CheckReport report, Appendable out) throws IOException {
    for (Note note : report.notes()) {
      annotate(
          out, note.severity(), note.location(), "tidegate", note.what() + ". " + note.remedy());
    }
    for (ReportedFinding found : report.findings()) {
      FileFinding finding = found.finding();
      annotate(
          out,
          finding.severity(),
          finding.location(),
          finding.rule().id(),
          "%s: %s. %s. Fix: %s"
              .formatted(
                  finding.subject().label(),
                  finding.evidence(),
                  finding.rule().danger(),
                  finding.rule().fix()));
    }
  }

  private static void annotate(
      Appendable out, Severity severity, Location location, String title, String message)
      throws IOException {
    out.append(
        "::%s file=%s,line=%d,col=%d,title=%s::%s\n"
            .formatted(
                severity.id(),
                property(location.file()),
                location.line(),
                location.column(),
                property(title),
                data(Redactor.redactLine(message) + ".")));
  }

  private static String data(String text) {
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
  }

  private static String property(String text) {
    return data(text).replace(":", "%3A").replace(",", "%2C");
  }
}
