package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Finding;
import io.tidegate.policy.Rule;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Tables of PostgreSQL that a crash empties. */
final class PostgresUnloggedTables implements Rule {
  private static final RuleCard CARD =
      new RuleCard(
          "postgres-unlogged-tables",
          Severity.WARNING,
          "A PostgreSQL that is no cache has unlogged tables",
          "A crash of the server empties them, and they are empty on every standby"
              + " after a failover and in every backup of the files",
          "Run ALTER TABLE ... SET LOGGED on each whose rows must stay, and accept the"
              + " rule for those that may be lost",
          URI.create(
              "https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-UNLOGGED"));

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<Finding> judge(Evidence evidence) {
    return LiveTarget.kept(evidence, TargetKind::isPostgres)
        .flatMap(live -> finding(live).stream())
        .toList();
  }

  private static Optional<Finding> finding(LiveTarget live) {
    return live.judge(
        "unlogged_tables",
        CARD,
        "whether it has unlogged tables",
        tables ->
            tables.isEmpty()
                ? Optional.empty()
                : Optional.of(live.finding(CARD, Severity.WARNING, "unlogged: " + tables)));
  }
}
