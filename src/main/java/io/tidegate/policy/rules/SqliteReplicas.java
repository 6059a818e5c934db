package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Finding;
import io.tidegate.policy.Rule;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import java.net.URI;
import java.util.List;

/** A target that is a SQLite file. */
final class SqliteReplicas implements Rule {
  private static final RuleCard CARD =
      new RuleCard(
          "sqlite-replicas",
          Severity.ERROR,
          "A target is SQLite while more than one replica runs",
          "Each replica writes a database file of its own, or all write one file over a network file"
              + " system whose locks do not hold: rows differ between replicas, are lost, or the file"
              + " is corrupted",
          "Use a server such as PostgreSQL, or run exactly one replica (in Kubernetes with strategy:"
              + " Recreate)",
          URI.create("https://www.sqlite.org/useovernet.html"));

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<Finding> evaluate(Evidence evidence) {
    return evidence.targets().stream()
        .filter(TargetKind::isSqlite)
        .map(target -> SqliteSeverity.finding(CARD, target, evidence))
        .toList();
  }
}
