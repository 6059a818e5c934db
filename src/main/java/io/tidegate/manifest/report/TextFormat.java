package io.tidegate.manifest.report;

import io.tidegate.manifest.report.CheckReport.ReportedFinding;
import io.tidegate.manifest.rules.FileRule.FileFinding;
import io.tidegate.policy.Severity;
import io.tidegate.source.SourceFile.Note;
import java.io.IOException;

/** The report for people: the line, what is wrong with it, what that does, what to do. */
final class TextFormat {
  private TextFormat() {}

  static void write(CheckReport report, Appendable out) throws IOException {
    for (Note note : report.notes()) {
      line(
          out,
          "%s: %s: %s. %s."
              .formatted(note.location(), note.severity().id(), note.what(), note.remedy()));
    }
    for (ReportedFinding found : report.findings()) {
      finding(found, out);
    }
    for (ReportedFinding found : report.accepted()) {
      line(out, head(found.finding(), "accepted") + " (" + found.reason() + ")");
    }
    line(out, summary(report));
  }

  private static void finding(ReportedFinding found, Appendable out) throws IOException {
    FileFinding finding = found.finding();
    line(out, head(finding, finding.severity().id()));
    // A notice is worth one line: with its reasons it would hide what must be done.
    if (finding.severity() != Severity.NOTICE) {
      if (!found.line().isBlank()) {
        line(out, "    | " + found.line().strip());
      }
      line(out, "    " + finding.rule().danger() + ".");
      line(out, "    Fix: " + finding.rule().fix() + ".");
      line(out, "    " + finding.rule().documentation());
    }
  }

  private static String head(FileFinding finding, String word) {
    return "%s: %s: %s: %s [%s]"
        .formatted(
            finding.location(),
            word,
            finding.subject().label(),
            finding.evidence(),
            finding.rule().id());
  }

  private static String summary(CheckReport report) {
    return "%d files checked: %d errors, %d warnings, %d notices, %d accepted"
        .formatted(
            report.files(),
            report.count(Severity.ERROR),
            report.count(Severity.WARNING),
            report.count(Severity.NOTICE),
            report.accepted().size());
  }

  private static void line(Appendable out, String text) throws IOException {
    out.append(CheckReport.printable(text)).append('\n');
  }
}
