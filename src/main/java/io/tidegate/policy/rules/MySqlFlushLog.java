package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Finding;
import io.tidegate.policy.Rule;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** A MySQL that says committed before it is. */
final class MySqlFlushLog implements Rule {
  private static final String SETTING = "innodb_flush_log_at_trx_commit";

  private static final RuleCard CARD =
      new RuleCard(
          "mysql-flush-log",
          Severity.WARNING,
          "A MySQL or MariaDB that is no cache has innodb_flush_log_at_trx_commit other"
              + " than 1",
          "A crash of the machine loses about the last second of transactions although"
              + " the app was told that they are committed; with 0 a crash of the server alone"
              + " does so too",
          "Set innodb_flush_log_at_trx_commit = 1, in the configuration and by SET" + " GLOBAL",
          URI.create(
              "https://dev.mysql.com/doc/refman/8.4/en/innodb-parameters.html#sysvar_innodb_flush_log_at_trx_commit"));

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
        SETTING,
        CARD,
        SETTING,
        // MariaDB's 3 flushes at each commit too, and once more besides.
        value ->
            value.equals("1") || value.equals("3")
                ? Optional.empty()
                : Optional.of(live.finding(CARD, Severity.WARNING, SETTING + " is " + value)));
  }
}
