package io.tidegate.guard.rules;

import io.tidegate.guard.Evidence;
import io.tidegate.guard.Severity;
import io.tidegate.guard.sqlite.Sighting;

/** How bad SQLite is: an error only where it is surely SQLite and more than one replica runs. */
final class SqliteSeverity {
  private SqliteSeverity() {}

  static Severity of(Sighting sighting, Evidence evidence) {
    return switch (sighting.certainty()) {
      case SURE -> evidence.scaled() ? Severity.ERROR : Severity.WARNING;
      case AMBIGUOUS -> evidence.scaled() ? Severity.WARNING : Severity.NOTICE;
    };
  }
}
