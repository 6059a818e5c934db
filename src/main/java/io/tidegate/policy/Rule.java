package io.tidegate.policy;

import java.util.List;

/** One rule over the evidence. Found by its id; {@link io.tidegate.policy.rules.GuardRules} lists all. */
public interface Rule {

  /** Who the rule is: constant. */
  RuleCard card();

  /**
   * What the rule finds. Called before waiting, with the facts of no target, and again after, with
   * the facts of all: a rule that needs facts finds nothing where a target has none.
   */
  List<Finding> evaluate(Evidence evidence);
}
