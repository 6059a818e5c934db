package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Finding;
import io.tidegate.policy.Rule;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.target.Facts.Fact;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** A MySQL whose binary log lags behind its tables. */
final class MySqlSyncBinlog implements Rule {
  private static final RuleCard CARD =
      new RuleCard(
          "mysql-sync-binlog",
          Severity.WARNING,
          "A MySQL or MariaDB that is no cache writes a binary log with sync_binlog"
              + " other than 1",
          "After a crash of the machine the binary log lacks transactions that are"
              + " committed: replicas and restores from a backup never get them",
          "Set sync_binlog = 1, in the configuration and by SET GLOBAL",
          URI.create(
              "https://dev.mysql.com/doc/refman/8.4/en/replication-options-binary-log.html#sysvar_sync_binlog"));

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
    Fact syncBinlog = live.fact("sync_binlog");
    if (live.tells("log_bin", "OFF") || live.tells("sync_binlog", "1")) {
      return Optional.empty();
    }
    if (syncBinlog instanceof Fact.Unknown(String reason)) {
      return Optional.of(live.unknown(CARD, "sync_binlog", reason));
    }
    String seen = "sync_binlog is " + ((Fact.Known) syncBinlog).value();
    return Optional.of(
        switch (live.fact("log_bin")) {
          case Fact.Known on ->
              live.finding(CARD, Severity.WARNING, seen + ", and the binary log is on");
          case Fact.Unknown(String reason) ->
              live.unknown(CARD, seen + ", and whether the binary log is on", reason);
        });
  }
}
