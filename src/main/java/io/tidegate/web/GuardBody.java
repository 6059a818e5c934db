package io.tidegate.web;

import io.micronaut.core.annotation.Introspected;
import io.tidegate.policy.Finding;
import io.tidegate.policy.Verdict;
import java.util.List;
import java.util.Locale;

/**
 * What the guard says.
 *
 * @param refused whether a finding that stands is an error
 * @param findings those that stand, worst first
 * @param accepted those that a user accepted
 */
@Introspected
record GuardBody(boolean refused, List<Found> findings, List<Found> accepted) {

  /** One finding, with what its rule says. */
  @Introspected
  record Found(
      String rule,
      String severity,
      String subject,
      String title,
      String evidence,
      String danger,
      String fix,
      String documentation) {
    static Found of(Finding finding) {
      return new Found(
          finding.rule().id(),
          finding.severity().name().toLowerCase(Locale.ROOT),
          Text.of(finding.subject()),
          finding.rule().title(),
          Text.of(finding.evidence()),
          Text.of(finding.rule().danger()),
          Text.of(finding.rule().fix()),
          finding.rule().documentation().toString());
    }
  }

  static GuardBody of(Verdict verdict) {
    return new GuardBody(
        verdict.refused(),
        verdict.findings().stream().map(Found::of).toList(),
        verdict.accepted().stream().map(Found::of).toList());
  }
}
