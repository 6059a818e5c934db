package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Finding;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.policy.sqlite.Detection;
import io.tidegate.policy.sqlite.SqliteSpelling;
import io.tidegate.target.Target;

/** How bad SQLite is: an error only where it is surely SQLite and more than one replica runs. */
final class SqliteSeverity {
  private SqliteSeverity() {}

  /** A finding about a target that is SQLite, with the spelling that it was known by. */
  static Finding finding(RuleCard rule, Target target, Evidence evidence) {
    Detection detection =
        SqliteSpelling.of(target.origin(), evidence.environment().getOrDefault(target.origin(), ""))
            .orElseGet(() -> SqliteSpelling.ofFile(target.url().toString(), target.url().path()));
    return new Finding(
        rule,
        of(detection, evidence),
        target.name(),
        "`%s` is %s; %s"
            .formatted(target.origin(), detection.describe(), evidence.replicasInWords()));
  }

  static Severity of(Detection detection, Evidence evidence) {
    return switch (detection.certainty()) {
      case SURE -> evidence.scaled() ? Severity.ERROR : Severity.WARNING;
      case AMBIGUOUS -> evidence.scaled() ? Severity.WARNING : Severity.NOTICE;
    };
  }
}
