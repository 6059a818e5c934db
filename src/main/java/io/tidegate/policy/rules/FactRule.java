package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Finding;
import io.tidegate.policy.Rule;
import io.tidegate.policy.RuleCard;
import io.tidegate.target.Target;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/**
 * A rule over what live servers of one kind say of themselves, where their data must stay.
 *
 * @param kind which targets it looks at
 * @param check what it finds at one of them
 */
record FactRule(
    RuleCard card,
    Predicate<Target> kind,
    BiFunction<RuleCard, LiveTarget, Optional<Finding>> check)
    implements Rule {

  @Override
  public List<Finding> evaluate(Evidence evidence) {
    return LiveTarget.kept(evidence, kind)
        .flatMap(live -> check.apply(card, live).stream())
        .toList();
  }
}
