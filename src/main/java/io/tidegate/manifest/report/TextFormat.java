package io.tidegate.manifest.report;

import io.tidegate.manifest.report.CheckReport.ReportedFinding;
import io.tidegate.manifest.rules.FileRule.FileFinding;
import io.tidegate.policy.Severity;
import io.tidegate.secret.Redactor;
import io.tidegate.source.SourceFile.Location;
import io.tidegate.source.SourceFile.Note;
import java.io.IOException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The report for people, the worst first: the line, what is wrong with it, what that does, what to do.
 * Notices are grouped to one line a rule, unless all are asked for.
 */
final class TextFormat {
  /** Bold red, yellow, cyan, green, grey. */
  private static final Map<String, String> COLOURS =
      Map.of("error", "1;31", "warning", "33", "notice", "36", "accepted", "32", "known", "90");

  private final CheckReport report;
  private final boolean verbose;
  private final boolean coloured;
  private final Appendable out;

  TextFormat(CheckReport report, boolean verbose, boolean coloured, Appendable out) {
    this.report = report;
    this.verbose = verbose;
    this.coloured = coloured;
    this.out = out;
  }

  void write() throws IOException {
    for (Note note : report.notes()) {
      head(note.location(), note.severity().id(), note.what() + ". " + note.remedy() + ".");
    }
    for (ReportedFinding found : of(Severity.ERROR)) {
      finding(found);
    }
    for (ReportedFinding found : of(Severity.WARNING)) {
      finding(found);
    }
    notices();
    for (ReportedFinding found : report.accepted()) {
      head(found.finding(), "accepted", " (" + found.reason() + ")");
    }
    if (verbose) {
      for (ReportedFinding found : report.known()) {
        head(found.finding(), "known", "");
      }
    }
    Optional<String> first = first();
    if (first.isPresent()) {
      line("Do first: " + first.get());
    }
    line(summary());
  }

  private List<ReportedFinding> of(Severity severity) {
    return report.findings().stream()
        .filter(found -> found.finding().severity() == severity)
        .toList();
  }

  private void finding(ReportedFinding found) throws IOException {
    FileFinding finding = found.finding();
    head(finding, finding.severity().id(), "");
    if (!found.line().isBlank()) {
      line("    | " + found.line().strip());
    }
    line("    " + finding.rule().danger() + ".");
    line("    Fix: " + finding.rule().fix() + ".");
    line("    " + finding.rule().documentation());
  }

  /** A notice is worth one line: with its reasons it would hide what must be done. */
  private void notices() throws IOException {
    Map<String, List<ReportedFinding>> byRule =
        of(Severity.NOTICE).stream()
            .collect(
                Collectors.groupingBy(
                    found -> found.finding().rule().id(), LinkedHashMap::new, Collectors.toList()));
    for (List<ReportedFinding> same : byRule.values()) {
      int shown = verbose ? same.size() : 1;
      for (ReportedFinding found : same.subList(0, shown)) {
        int more = same.size() - shown;
        head(
            found.finding(),
            "notice",
            more == 0 ? "" : " and %d more; --verbose shows all".formatted(more));
      }
    }
  }

  private void head(FileFinding finding, String word, String more) throws IOException {
    String text =
        "%s: %s [%s]".formatted(finding.subject().label(), finding.evidence(), finding.rule().id());
    head(finding.location(), word, text + more);
  }

  private void head(Location location, String word, String text) throws IOException {
    String shown = coloured ? "\u001b[%sm%s\u001b[0m".formatted(COLOURS.get(word), word) : word;
    out.append(Redactor.redactLine(location + ": "))
        .append(shown)
        .append(Redactor.redactLine(": " + text))
        .append('\n');
  }

  /** What to do about the worst: an unread file hides findings, so it goes before them. */
  private Optional<String> first() {
    Optional<String> unread =
        report.notes().stream()
            .filter(note -> note.severity() == Severity.ERROR)
            .findFirst()
            .map(note -> "%s: %s.".formatted(note.location(), note.remedy()));
    return unread.or(() ->
        report.findings().stream()
            .map(ReportedFinding::finding)
            .filter(finding -> finding.severity() != Severity.NOTICE)
            .min(Comparator.comparing(FileFinding::severity))
            .map(finding ->
                "%s: %s. [%s]"
                    .formatted(finding.location(), finding.rule().fix(), finding.rule().id())));
  }

  private String summary() {
    return "%d files checked: %d errors, %d warnings, %d notices, %d accepted%s"
        .formatted(
            report.files(),
            report.count(Severity.ERROR),
            report.count(Severity.WARNING),
            report.count(Severity.NOTICE),
            report.accepted().size(),
            report.known().isEmpty() ? "" : ", " + report.known().size() + " known");
  }

  private void line(String text) throws IOException {
    out.append(Redactor.redactLine(text)).append('\n');
  }
}
