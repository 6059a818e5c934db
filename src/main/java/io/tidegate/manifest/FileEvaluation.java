package io.tidegate.manifest;

import io.tidegate.manifest.report.CheckReport;
import io.tidegate.manifest.report.CheckReport.ReportedFinding;
import io.tidegate.manifest.rules.FileRule;
import io.tidegate.manifest.rules.FileRule.FileFinding;
import io.tidegate.manifest.source.ShownLine;
import io.tidegate.manifest.source.SourceFile;
import io.tidegate.manifest.source.SourceFile.Note;
import io.tidegate.manifest.source.SourceFile.Place;
import io.tidegate.manifest.stack.Stack;
import io.tidegate.manifest.stack.Stack.Subject;
import io.tidegate.policy.Severity;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Gathers what the rules find over several deployments, and what of it is accepted. */
final class FileEvaluation {
  private static final Comparator<FileFinding> ORDER =
      Comparator.comparing((FileFinding finding) -> finding.place().file())
          .thenComparingInt(finding -> finding.place().line())
          .thenComparingInt(finding -> finding.place().column())
          .thenComparing(finding -> finding.rule().id());

  private final Map<String, FileRule> rules;
  private final Acceptances acceptances;
  private final KnownSecrets secrets = new KnownSecrets();
  private final Map<String, SourceFile> files = new HashMap<>();
  private final Map<String, List<String>> lines = new HashMap<>();

  /** Overlays of one base, and services that share an anchor, repeat findings: each is told once. */
  private final Set<FileFinding> findings = new LinkedHashSet<>();

  FileEvaluation(Map<String, FileRule> rules, LocalDate today) {
    this.rules = rules;
    acceptances = new Acceptances(rules.keySet(), today);
  }

  void add(SourceFile file) {
    files.put(file.name(), file);
    acceptances.read(file);
  }

  void evaluate(Stack stack) {
    if (stack.containers().isEmpty() && stack.writtenSecrets().isEmpty()) {
      return;
    }
    secrets.add(stack);
    rules.values().forEach(rule -> findings.addAll(evaluate(rule, stack)));
  }

  /** A rule that throws must not let anything through. */
  private static List<FileFinding> evaluate(FileRule rule, Stack stack) {
    try {
      return rule.evaluate(stack);
    } catch (RuntimeException | StackOverflowError e) {
      Place place =
          stack.containers().isEmpty()
              ? Place.start("-")
              : stack.containers().getFirst().subject().place();
      return List.of(
          new FileFinding(
              rule.card(),
              Severity.ERROR,
              place,
              new Subject("tidegate", place, List.of()),
              "the rule itself failed with a %s, which is a bug in Tidegate: please report it"
                  .formatted(e.getClass().getSimpleName())));
    }
  }

  CheckReport report(int evaluated, List<Note> notes) {
    List<ReportedFinding> standing = new ArrayList<>();
    List<ReportedFinding> accepted = new ArrayList<>();
    Set<String> told = new HashSet<>();
    for (FileFinding finding : findings.stream().sorted(ORDER).toList()) {
      String reason = acceptances.reason(finding).orElse("");
      if (told.add(reason + finding.rule().id() + finding.place() + finding.evidence())) {
        (reason.isEmpty() ? standing : accepted)
            .add(new ReportedFinding(finding, line(finding), reason));
      }
    }
    List<Note> all = new ArrayList<>(notes);
    all.addAll(acceptances.notes());
    return new CheckReport(evaluated, standing, accepted, all);
  }

  private String line(FileFinding finding) {
    Place place = finding.place();
    SourceFile file = files.get(place.file());
    if (file == null) {
      return "";
    }
    List<String> text = lines.computeIfAbsent(place.file(), name -> file.lines());
    boolean secret = finding.rule().id().equals("inline-credentials");
    return place.line() > text.size()
        ? ""
        : secrets.mask(ShownLine.of(text.get(place.line() - 1), secret));
  }
}
