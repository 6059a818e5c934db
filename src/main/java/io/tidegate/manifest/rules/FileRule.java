package io.tidegate.manifest.rules;

import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Stack;
import io.tidegate.manifest.stack.Stack.Subject;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.source.SourceFile.Location;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One rule over what files deploy: its card and its check, which stand side by side in the class of
 * their subject. A rule over live servers too has the same id there.
 */
public final class FileRule {
  private final RuleCard card;
  private final Check check;

  FileRule(RuleCard card, Check check) {
    this.card = card;
    this.check = check;
  }

  /** All rules over files, by subject. A test fails where a subject is missing. */
  public static List<FileRule> all() {
    return Stream.of(
            DatabaseRules.ALL,
            HealthCheckRules.ALL,
            PrivilegeRules.ALL,
            RedisFileRules.ALL,
            SecretRules.ALL,
            SqliteFileRules.ALL,
            VolumeRules.ALL)
        .flatMap(List::stream)
        .toList();
  }

  /** The rule's card. */
  public RuleCard card() {
    return card;
  }

  /** What it finds. */
  public List<FileFinding> evaluate(Stack stack) {
    Findings findings = new Findings(card);
    check.evaluate(stack, findings);
    return List.copyOf(findings.found);
  }

  /** Looks for one thing. Never quotes a value that may be secret. */
  @FunctionalInterface
  interface Check {
    void evaluate(Stack stack, Findings findings);
  }

  /**
   * What a rule found in the files.
   *
   * @param location the line that is to be changed
   * @param subject what it is about
   * @param evidence what was seen, one sentence without a full stop; never holds a secret
   */
  public record FileFinding(
      RuleCard rule, Severity severity, Location location, Subject subject, String evidence) {}

  /** What one rule has found so far. */
  static final class Findings {
    private final RuleCard card;
    private final List<FileFinding> found = new ArrayList<>();

    private Findings(RuleCard card) {
      this.card = card;
    }

    /** Adds a finding, at a place or, if that is null, where the container is declared. */
    void add(Container container, Severity severity, @Nullable Location location, String evidence) {
      Location where = location == null ? container.subject().location() : location;
      add(container.subject(), severity, where, evidence);
    }

    /** As {@link #add}, one step milder for a container that looks like development. */
    void addMilderInDevelopment(
        Container container, Severity severity, @Nullable Location location, String evidence) {
      Severity milder = severity == Severity.ERROR ? Severity.WARNING : Severity.NOTICE;
      add(container, container.development() ? milder : severity, location, evidence);
    }

    /** Adds a finding about what is no container. */
    void add(Subject subject, Severity severity, Location location, String evidence) {
      found.add(new FileFinding(card, severity, location, subject, evidence));
    }
  }
}
