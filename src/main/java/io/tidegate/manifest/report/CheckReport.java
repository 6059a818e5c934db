package io.tidegate.manifest.report;

import io.tidegate.digest.Sha256;
import io.tidegate.manifest.rules.FileRule;
import io.tidegate.manifest.rules.FileRule.FileFinding;
import io.tidegate.policy.Severity;
import io.tidegate.source.SourceFile.Note;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What was found in all files.
 *
 * @param files how many files were checked
 * @param findings those that stand, by file and line
 * @param accepted those that someone accepted, with the reason
 * @param known those that a baseline holds
 * @param notes what is noted about files themselves
 */
public record CheckReport(
    int files,
    List<ReportedFinding> findings,
    List<ReportedFinding> accepted,
    List<ReportedFinding> known,
    List<Note> notes) {
  /** Copies the lists. */
  public CheckReport {
    findings = List.copyOf(findings);
    accepted = List.copyOf(accepted);
    known = List.copyOf(known);
    notes = List.copyOf(notes);
  }

  /** The same, with the findings that a baseline holds among the known ones. */
  public CheckReport comparedWith(Baseline baseline) {
    Map<Boolean, List<ReportedFinding>> parts =
        findings.stream().collect(Collectors.partitioningBy(baseline::takes));
    return new CheckReport(
        files,
        parts.getOrDefault(false, List.of()),
        accepted,
        parts.getOrDefault(true, List.of()),
        notes);
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
  public record ReportedFinding(FileFinding finding, String line, String reason) {
    /** The name of the fingerprint in SARIF; another way to make it needs another name. */
    static final String FINGERPRINT = "tidegate/v1";

    /** What stays the same while lines are added above; what gets worse is another finding. */
    String fingerprint() {
      return Sha256.hexOf(
          String.join(
              "\n",
              finding.rule().id(),
              finding.severity().name(),
              finding.location().file(),
              finding.subject().label(),
              finding.evidence()));
    }
  }

  /** A form in which a report is written. */
  public enum ReportFormat {
    /** For people. */
    TEXT,
    /** For programs. */
    JSON,
    /** For code scanning: SARIF 2.1.0. */
    SARIF,
    /** Annotations of GitHub Actions. */
    GITHUB,
    /** GitLab's code quality. */
    GITLAB;

    /**
     * Writes a report.
     *
     * @param rules all rules that were evaluated
     * @param verbose whether text for people lists each notice
     * @param coloured whether text for people has colours, for a terminal
     */
    public void write(
        CheckReport report, List<FileRule> rules, boolean verbose, boolean coloured, Appendable out)
        throws IOException {
      switch (this) {
        case TEXT -> new TextFormat(report, verbose, coloured, out).write();
        case JSON -> JsonFormat.write(report, out);
        case SARIF -> SarifFormat.write(report, rules, out);
        case GITHUB -> GitHubFormat.write(report, out);
        case GITLAB -> GitLabFormat.write(report, out);
      }
    }
  }
}
