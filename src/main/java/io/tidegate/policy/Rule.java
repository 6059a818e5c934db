package io.tidegate.policy;

import java.util.List;

/**
 * One rule over the evidence. Found by its id; {@link io.tidegate.policy.rules.RuleCatalog} lists all.
 */
public interface Rule {

  /** What is constant about the rule: the same one each time. */
  RuleCard card();

  /**
   * What the rule finds. Called before waiting, with the facts of no target, and again after, with
   * the facts of all: a rule that needs facts finds nothing where a target has none.
   */
  List<Finding> evaluate(Evidence evidence);

  /**
   * What a rule found.
   *
   * @param rule the rule's card
   * @param severity how bad it is here
   * @param subject what it is about: a target's name, or a variable
   * @param evidence what was seen, so that a reader can check it; never holds a secret
   */
  record Finding(RuleCard rule, Severity severity, String subject, String evidence) {}
}
