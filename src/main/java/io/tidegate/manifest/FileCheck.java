package io.tidegate.manifest;

import io.tidegate.manifest.compose.ComposeProjects;
import io.tidegate.manifest.compose.ComposeProjects.ComposeFile;
import io.tidegate.manifest.compose.ComposeReader;
import io.tidegate.manifest.kubernetes.KubernetesReader;
import io.tidegate.manifest.platforms.PlatformFiles;
import io.tidegate.manifest.report.CheckReport;
import io.tidegate.manifest.report.CheckReport.ReportedFinding;
import io.tidegate.manifest.rules.FileRule;
import io.tidegate.manifest.rules.FileRule.FileFinding;
import io.tidegate.manifest.stack.Stack;
import io.tidegate.manifest.stack.Stack.Subject;
import io.tidegate.policy.Severity;
import io.tidegate.source.SourceFile;
import io.tidegate.source.SourceFile.Location;
import io.tidegate.source.SourceFile.Note;
import io.tidegate.source.SourceFile.UnreadableFileException;
import io.tidegate.source.TomlReader;
import io.tidegate.source.YamlNode;
import io.tidegate.source.YamlReader;
import java.io.InputStream;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Checks files by all rules. Two rules with one id stop the start. */
public final class FileCheck {
  private final Map<String, FileRule> rules = new TreeMap<>();

  /** Takes every rule there is. */
  public FileCheck(Collection<FileRule> rules) {
    for (FileRule rule : rules) {
      if (this.rules.putIfAbsent(rule.card().id(), rule) != null) {
        throw new IllegalStateException("two rules have the id " + rule.card().id());
      }
    }
  }

  /** All rules, sorted by id. */
  public List<FileRule> rules() {
    return List.copyOf(rules.values());
  }

  /**
   * How files are checked.
   *
   * @param merge whether all Compose files are one project, laid over each other in the order given
   * @param environment the variables with which Compose files are filled in, before {@code .env}
   * @param stdin what {@code -} reads
   * @param today the day on which acceptances must still hold
   */
  public record CheckOptions(
      boolean merge, Map<String, String> environment, InputStream stdin, LocalDate today) {
    /** Copies the map. */
    public CheckOptions {
      environment = Map.copyOf(environment);
    }

    /** Without the environment, which may hold secrets. */
    @Override
    public String toString() {
      return "CheckOptions[merge=" + merge + "]";
    }
  }

  /**
   * Checks files. Whatever is wrong with one of them is noted, and the others are checked.
   *
   * @param names files, directories, or {@code -} for standard input
   */
  public CheckReport check(List<String> names, CheckOptions options) {
    InputFiles inputs = new InputFiles(names, options.stdin());
    List<Note> notes = new ArrayList<>(inputs.notes());
    List<SourceFile> files = new ArrayList<>();
    ComposeProjects compose = new ComposeProjects();
    KubernetesReader kubernetes = new KubernetesReader();
    PlatformFiles platforms = new PlatformFiles();
    for (InputFiles.Input input : inputs.files()) {
      Optional<Note> unread = PlatformFiles.unread(input.file(), input.named());
      if (unread.isPresent()) {
        notes.add(unread.get());
        continue;
      }
      try {
        if (add(input.file(), compose, kubernetes, platforms)) {
          files.add(input.file());
        } else if (input.named()) {
          notes.add(neither(input.file()));
        }
      } catch (UnreadableFileException e) {
        notes.add(e.note());
      }
    }
    Evaluation evaluation = new Evaluation();
    for (List<ComposeFile> project : compose.projects(options.merge())) {
      try {
        evaluation.evaluate(ComposeReader.read(project, compose, options.environment()));
      } catch (UnreadableFileException e) {
        notes.add(e.note());
      }
    }
    notes.addAll(kubernetes.notes());
    evaluation.evaluate(kubernetes.stack());
    notes.addAll(platforms.notes());
    platforms.stacks().forEach(evaluation::evaluate);
    return evaluation.report(files, options.today(), notes);
  }

  /** Adds what a file deploys; whether that is anything. */
  private static boolean add(
      SourceFile file,
      ComposeProjects compose,
      KubernetesReader kubernetes,
      PlatformFiles platforms)
      throws UnreadableFileException {
    List<YamlNode> documents =
        file.name().endsWith(".toml") ? List.of(TomlReader.read(file)) : YamlReader.read(file);
    boolean deploys = false;
    for (int i = 0; i < documents.size(); i++) {
      // Only the first document of a file can be one of Compose.
      boolean first = i == 0;
      if ((first && compose.add(file, documents.get(i)))
          || kubernetes.add(documents.get(i))
          || platforms.add(file, documents.get(i))) {
        deploys = true;
      }
    }
    return deploys;
  }

  private static Note neither(SourceFile file) {
    return new Note(
        Severity.WARNING,
        Location.start(file.name()),
        "is no Compose file, no manifest of Kubernetes, and none of ECS, Nomad (JSON), Render or"
            + " Fly.io, so it is not read and not checked",
        "Name the files that deploy something");
  }

  /** What the rules find in the stacks of one check, and what of it is accepted. */
  private final class Evaluation {
    private static final Comparator<FileFinding> ORDER =
        Comparator.comparing((FileFinding finding) -> finding.location().file())
            .thenComparingInt(finding -> finding.location().line())
            .thenComparingInt(finding -> finding.location().column())
            .thenComparing(finding -> finding.rule().id());

    private final Map<String, SourceFile> files = new LinkedHashMap<>();
    private final Map<String, List<String>> lines = new HashMap<>();
    private final SecretMask mask = new SecretMask();

    /** Overlays of one base, and services that share an anchor, repeat findings. */
    private final Set<FileFinding> findings = new LinkedHashSet<>();

    void evaluate(Stack stack) {
      if (stack.containers().isEmpty() && stack.writtenSecrets().isEmpty()) {
        return;
      }
      mask.add(stack);
      rules.values().forEach(rule -> findings.addAll(evaluate(rule, stack)));
    }

    /** A rule that throws must not let anything through. */
    private List<FileFinding> evaluate(FileRule rule, Stack stack) {
      try {
        return rule.evaluate(stack);
      } catch (RuntimeException | StackOverflowError e) {
        Location location =
            stack.containers().isEmpty()
                ? Location.start("-")
                : stack.containers().getFirst().subject().location();
        return List.of(
            new FileFinding(
                rule.card(),
                Severity.ERROR,
                location,
                new Subject("tidegate", location, List.of()),
                "the rule itself failed with a %s, which is a bug in Tidegate: please report it"
                    .formatted(e.getClass().getSimpleName())));
      }
    }

    CheckReport report(Collection<SourceFile> read, LocalDate today, List<Note> notes) {
      read.forEach(file -> files.put(file.name(), file));
      Acceptances acceptances = new Acceptances(files.values(), rules.keySet(), today);
      List<ReportedFinding> standing = new ArrayList<>();
      List<ReportedFinding> accepted = new ArrayList<>();
      Set<String> reported = new HashSet<>();
      for (FileFinding finding : findings.stream().sorted(ORDER).toList()) {
        String reason = acceptances.reason(finding).orElse("");
        if (reported.add(reason + finding.rule().id() + finding.location() + finding.evidence())) {
          (reason.isEmpty() ? standing : accepted)
              .add(new ReportedFinding(finding, line(finding), reason));
        }
      }
      List<Note> all = new ArrayList<>(notes);
      all.addAll(acceptances.notes());
      return new CheckReport(files.size(), standing, accepted, List.of(), all);
    }

    private String line(FileFinding finding) {
      SourceFile file = files.get(finding.location().file());
      if (file == null) {
        return "";
      }
      List<String> text = lines.computeIfAbsent(file.name(), name -> file.lines());
      boolean secret = finding.rule().id().equals("inline-credentials");
      int number = finding.location().line();
      return number > text.size() ? "" : mask.line(text.get(number - 1), secret);
    }
  }
}
