package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Rule;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.RuleCard;
import java.util.List;
import java.util.function.Function;

/**
 * A rule over all the evidence, before servers were asked too.
 *
 * @param check what it finds
 */
record EvidenceRule(RuleCard card, Function<Evidence, List<Finding>> check) implements Rule {

  @Override
  public List<Finding> evaluate(Evidence evidence) {
    return check.apply(evidence);
  }
}
