package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Finding;
import io.tidegate.policy.Rule;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Tables of MySQL that survive no crash. */
final class MySqlStorageEngines implements Rule {
  private static final RuleCard CARD =
      new RuleCard(
          "mysql-storage-engines",
          Severity.WARNING,
          "A MySQL or MariaDB that is no cache has MyISAM or MEMORY tables",
          "Their writes cannot be rolled back; a crash can leave a MyISAM table"
              + " corrupt, and every restart empties a MEMORY table",
          "Run ALTER TABLE ... ENGINE = InnoDB on each whose rows must stay, and accept"
              + " the rule for those that may be lost",
          URI.create("https://dev.mysql.com/doc/refman/8.4/en/storage-engines.html"));

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<Finding> judge(Evidence evidence) {
    return LiveTarget.kept(evidence, TargetKind::isMySql)
        .flatMap(live -> finding(live).stream())
        .toList();
  }

  private static Optional<Finding> finding(LiveTarget live) {
    return live.judge(
        "nontransactional_tables",
        CARD,
        "whether it has MyISAM or MEMORY tables",
        tables ->
            tables.isEmpty()
                ? Optional.empty()
                : Optional.of(live.finding(CARD, Severity.WARNING, "not InnoDB: " + tables)));
  }
}
