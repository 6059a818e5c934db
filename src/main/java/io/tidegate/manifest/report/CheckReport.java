package io.tidegate.manifest.report;

import io.tidegate.manifest.rules.FileRule.FileFinding;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.secret.Redactor;
import io.tidegate.source.SourceFile.Note;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * What was found in all files.
 *
 * @param files how many files were checked
 * @param findings those that stand, by file and line
 * @param accepted those that someone accepted, with the reason
 * @param notes what is noted about files themselves
 */
public record CheckReport(
    int files, List<ReportedFinding> findings, List<ReportedFinding> accepted, List<Note> notes) {
  /** Copies the lists. */
  public CheckReport {
    findings = List.copyOf(findings);
    accepted = List.copyOf(accepted);
    notes = List.copyOf(notes);
  }

  /** How many findings and notes are of a severity. */
  public long count(Severity severity) {
    return severities().filter(found -> found == severity).count();
  }

  /** Whether anything is at least as bad as a severity. */
  public boolean has(Severity least) {
    return severities().anyMatch(found -> found.compareTo(least) <= 0);
  }

  private Stream<Severity> severities() {
    return Stream.concat(
        findings.stream().map(found -> found.finding().severity()),
        notes.stream().map(Note::severity));
  }

  /**
   * A finding as it is reported.
   *
   * @param line the line that it is about, masked; empty where the file cannot be shown
   * @param reason why it was accepted; empty: it was not
   */
  public record ReportedFinding(FileFinding finding, String line, String reason) {}

  /** A form in which a report is written. */
  public enum ReportFormat {
    /** For people. */
    TEXT,
    /** For programs. */
    JSON,
    /** For code scanning: SARIF 2.1.0. */
    SARIF,
    /** Annotations of GitHub Actions. */
    GITHUB;

    /**
     * Writes a report.
     *
     * @param rules all rules that were evaluated
     */
    public void write(CheckReport report, List<RuleCard> rules, Appendable out) throws IOException {
      switch (this) {
        case TEXT -> TextFormat.write(report, out);
        case JSON -> JsonFormat.write(report, out);
        case SARIF -> SarifFormat.write(report, rules, out);
        case GITHUB -> GitHubFormat.write(report, out);
      }
    }
  }

  /** Text on its way out of the program: files may hold anything, even what commands a terminal. */
  static String printable(String text) {
    return Redactor.redact(
        text.replaceAll("[\\p{Cntrl}\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]", " "));
  }
}
