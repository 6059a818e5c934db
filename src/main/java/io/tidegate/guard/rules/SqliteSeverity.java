package io.tidegate.guard.rules;

import io.tidegate.engine.Target;
import io.tidegate.guard.Evidence;
import io.tidegate.guard.Finding;
import io.tidegate.guard.RuleCard;
import io.tidegate.guard.Severity;
import io.tidegate.guard.sqlite.Sighting;
import io.tidegate.guard.sqlite.SqliteSpelling;

/** How bad SQLite is: an error only where it is surely SQLite and more than one replica runs. */
final class SqliteSeverity {
  private SqliteSeverity() {}

  /** A finding about a target that is SQLite, with the spelling that it was known by. */
  static Finding finding(RuleCard rule, Target target, Evidence evidence) {
    Sighting sighting =
        SqliteSpelling.of(target.origin(), evidence.environment().getOrDefault(target.origin(), ""))
            .orElseGet(() -> SqliteSpelling.ofFile(target.url().toString(), target.url().path()));
    return new Finding(
        rule,
        of(sighting, evidence),
        target.name(),
        "`%s` is %s; %s"
            .formatted(target.origin(), sighting.inWords(), evidence.replicasInWords()));
  }

  static Severity of(Sighting sighting, Evidence evidence) {
    return switch (sighting.certainty()) {
      case SURE -> evidence.scaled() ? Severity.ERROR : Severity.WARNING;
      case AMBIGUOUS -> evidence.scaled() ? Severity.WARNING : Severity.NOTICE;
    };
  }
}
