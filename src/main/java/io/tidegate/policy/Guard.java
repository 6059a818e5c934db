package io.tidegate.policy;

import io.tidegate.policy.Guard.Acceptance;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.problem.SpellingSuggestion;
import io.tidegate.secret.Redactor;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All rules, and what they find together. Two rules with one id stop the start. */
public final class Guard {
  private final Map<String, Rule> rules = new TreeMap<>();

  /** Takes every rule that is to be evaluated. */
  public Guard(Collection<Rule> rules) {
    for (Rule rule : rules) {
      Rule other = this.rules.putIfAbsent(rule.card().id(), rule);
      if (other != null) {
        throw new IllegalStateException(
            "two rules have the id %s: \"%s\" and \"%s\""
                .formatted(rule.card().id(), other.card().title(), rule.card().title()));
      }
    }
  }

  /** All rules, sorted by id. */
  public List<Rule> rules() {
    return List.copyOf(rules.values());
  }

  /**
   * Evaluates all rules over the evidence.
   *
   * @param acceptances what a user accepts; those that have expired do not hold, and the findings say
   *     so
   * @param today the day on which acceptances must still hold
   * @throws ProblemException if an acceptance names no rule
   */
  public Verdict evaluate(Evidence evidence, List<Acceptance> acceptances, LocalDate today) {
    List<Problem> unknown = problems(acceptances);
    if (!unknown.isEmpty()) {
      throw new ProblemException(unknown);
    }
    List<Finding> standing = new ArrayList<>();
    List<Finding> accepted = new ArrayList<>();
    for (Rule rule : rules.values()) {
      Ruling ruling = Ruling.of(rule.card(), acceptances, today);
      for (Finding finding : findings(rule, evidence)) {
        (ruling.accepted() ? accepted : standing).add(ruling.apply(finding));
      }
    }
    standing.sort(Guard::worstFirst);
    accepted.sort(Guard::worstFirst);
    return new Verdict(standing, accepted);
  }

  private static int worstFirst(Finding one, Finding other) {
    return one.severity().compareTo(other.severity());
  }

  /** What is wrong with acceptances: those that name no rule. Empty: nothing. */
  public List<Problem> problems(List<Acceptance> acceptances) {
    return acceptances.stream()
        .filter(acceptance -> !rules.containsKey(acceptance.rule()))
        .map(this::unknownRule)
        .toList();
  }

  /** Why the agent must not start: a problem for each error that stands. Empty: it may start. */
  public List<Problem> problems(Verdict verdict) {
    return verdict.findings().stream()
        .filter(finding -> finding.severity() == Severity.ERROR)
        .map(Guard::refusal)
        .toList();
  }

  /** A rule that throws must not let anything through. */
  // Errors of one rule (a missing class, endless recursion) are as much its fault as exceptions.
  private static List<Finding> findings(Rule rule, Evidence evidence) {
    try {
      return rule.evaluate(evidence);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      String text =
          "the rule itself failed, which is a bug in Tidegate: please report it (%s)".formatted(e);
      return List.of(new Finding(rule.card(), Severity.ERROR, "guard", Redactor.redact(text)));
    }
  }

  private Problem unknownRule(Acceptance acceptance) {
    String remedy =
        SpellingSuggestion.likely(acceptance.rule(), rules.keySet())
            .map(likely -> "Did you mean %s".formatted(likely))
            .orElseGet(() -> "The rules are " + String.join(", ", rules.keySet()));
    return new Problem(
        ExitCode.REFUSED,
        "the rule %s is accepted, but there is none of that name".formatted(acceptance.rule()),
        acceptanceVariable(acceptance.rule()),
        remedy);
  }

  private static Problem refusal(Finding finding) {
    RuleCard rule = finding.rule();
    return new Problem(
        ExitCode.REFUSED,
        "refused by the rule %s: %s. %s"
            .formatted(rule.id(), finding.evidence(), rule.dangerWithoutStop()),
        finding.subject(),
        "%s. To accept it as it is, set %s to the reason"
            .formatted(rule.fixWithoutStop(), acceptanceVariable(rule.id())));
  }

  private static String acceptanceVariable(String rule) {
    return "TIDEGATE_ACCEPT_" + rule.toUpperCase(Locale.ROOT).replace('-', '_') + "_REASON";
  }

  /**
   * A user's word that a rule's findings are known and accepted.
   *
   * @param rule the rule's id
   * @param reason why, never empty
   * @param until the last day on which it holds; null: for ever
   */
  public record Acceptance(String rule, String reason, @Nullable LocalDate until) {}

  /**
   * What all rules together found.
   *
   * @param findings those that stand, worst first
   * @param accepted those that a user accepted by rule
   */
  public record Verdict(List<Finding> findings, List<Finding> accepted) {
    /** Nothing found. */
    public static final Verdict CLEAN = new Verdict(List.of(), List.of());

    /** Copies the lists. */
    public Verdict {
      findings = List.copyOf(findings);
      accepted = List.copyOf(accepted);
    }

    /** Whether the agent must not start. */
    public boolean refused() {
      return findings.stream().anyMatch(finding -> finding.severity() == Severity.ERROR);
    }
  }

  /**
   * What acceptances mean for the findings of one rule.
   *
   * @param accepted whether they are accepted today
   * @param remark what is added to their evidence; empty: nothing
   */
  record Ruling(boolean accepted, String remark) {

    static Ruling of(RuleCard rule, List<Acceptance> acceptances, LocalDate today) {
      List<Acceptance> own =
          acceptances.stream().filter(acceptance -> acceptance.rule().equals(rule.id())).toList();
      Optional<Acceptance> holding =
          own.stream().filter(acceptance -> holds(acceptance, today)).findFirst();
      if (holding.isPresent()) {
        Acceptance acceptance = holding.get();
        String until = acceptance.until() == null ? "" : " until " + acceptance.until();
        return new Ruling(true, "; accepted%s: %s".formatted(until, acceptance.reason()));
      }
      return new Ruling(
          false, own.isEmpty() ? "" : "; its acceptance expired after " + own.getFirst().until());
    }

    Finding apply(Finding finding) {
      return new Finding(
          finding.rule(), finding.severity(), finding.subject(), finding.evidence() + remark);
    }

    private static boolean holds(Acceptance acceptance, LocalDate today) {
      return acceptance.until() == null || !today.isAfter(acceptance.until());
    }
  }
}
