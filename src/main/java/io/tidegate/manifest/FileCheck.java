package io.tidegate.manifest;

import io.tidegate.manifest.compose.ComposeProjects;
import io.tidegate.manifest.compose.ComposeProjects.ComposeFile;
import io.tidegate.manifest.compose.ComposeReader;
import io.tidegate.manifest.kubernetes.KubernetesReader;
import io.tidegate.manifest.report.CheckReport;
import io.tidegate.manifest.rules.FileRule;
import io.tidegate.manifest.source.SourceFile;
import io.tidegate.manifest.source.SourceFile.Note;
import io.tidegate.manifest.source.SourceFile.Place;
import io.tidegate.manifest.source.SourceFile.UnreadableFileException;
import io.tidegate.manifest.source.YamlNode;
import io.tidegate.manifest.source.YamlReader;
import io.tidegate.manifest.stack.Stack;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Judges files by all rules. Two rules with one id stop the start. */
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

  /** The cards of all rules, sorted by id. */
  public List<RuleCard> cards() {
    return rules.values().stream().map(FileRule::card).toList();
  }

  /**
   * Judges files. Whatever is wrong with one of them is noted, and the others are judged.
   *
   * @param names files, directories, or {@code -} for standard input
   */
  public CheckReport check(List<String> names, CheckOptions options) {
    Inputs inputs = new Inputs(names, options.stdin());
    List<Note> notes = new ArrayList<>(inputs.notes());
    FileEvaluation evaluation = new FileEvaluation(rules, options.today());
    ComposeProjects compose = new ComposeProjects();
    KubernetesReader kubernetes = new KubernetesReader();
    int evaluated = 0;
    for (Inputs.Input input : inputs.files()) {
      try {
        if (sort(input, compose, kubernetes)) {
          evaluation.add(input.file());
          evaluated++;
        } else if (input.named()) {
          notes.add(neither(input.file()));
        }
      } catch (UnreadableFileException e) {
        notes.add(e.note());
      }
    }
    for (List<ComposeFile> project : compose.projects(options.merge())) {
      try {
        evaluation.evaluate(ComposeReader.read(project, compose, options.environment()));
      } catch (UnreadableFileException e) {
        notes.add(e.note());
      }
    }
    notes.addAll(kubernetes.notes());
    Stack cluster = kubernetes.stack();
    evaluation.evaluate(cluster);
    return evaluation.report(evaluated, notes);
  }

  /** Whether a file deploys anything. */
  private static boolean sort(
      Inputs.Input input, ComposeProjects compose, KubernetesReader kubernetes)
      throws UnreadableFileException {
    List<YamlNode> documents = YamlReader.read(input.file());
    boolean evaluated = false;
    for (int i = 0; i < documents.size(); i++) {
      YamlNode document = documents.get(i);
      if (KubernetesReader.isManifest(document)) {
        kubernetes.add(document);
        evaluated = true;
      } else if (i == 0 && compose.add(input.file(), document)) {
        evaluated = true;
      }
    }
    return evaluated;
  }

  private static Note neither(SourceFile file) {
    return new Note(
        Severity.WARNING,
        Place.start(file.name()),
        "is neither a Compose file nor a manifest of Kubernetes, so it is not judged",
        "Name the files that deploy something");
  }
}
