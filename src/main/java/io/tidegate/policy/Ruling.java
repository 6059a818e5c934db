package io.tidegate.policy;

import io.tidegate.policy.Guard.Acceptance;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

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
