package io.tidegate.policy.rules;

import io.tidegate.policy.Rule;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.policy.rules.FactRule.LiveServer;
import io.tidegate.target.Facts.Fact;
import java.net.URI;
import java.util.List;

/** The rules over the settings and tables of a live MySQL or MariaDB. */
final class MySqlRules {
  private static final String FLUSH = "innodb_flush_log_at_trx_commit";

  /** It says committed before it is. */
  static final FactRule FLUSH_LOG =
      new FactRule(
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
                  "https://dev.mysql.com/doc/refman/8.4/en/innodb-parameters.html#sysvar_innodb_flush_log_at_trx_commit")),
          TargetKind.MYSQL,
          MySqlRules::flushLog);

  /** Tables that survive no crash. */
  static final FactRule STORAGE_ENGINES =
      new FactRule(
          new RuleCard(
              "mysql-storage-engines",
              Severity.WARNING,
              "A MySQL or MariaDB that is no cache has MyISAM or MEMORY tables",
              "Their writes cannot be rolled back; a crash can leave a MyISAM table"
                  + " corrupt, and every restart empties a MEMORY table",
              "Run ALTER TABLE ... ENGINE = InnoDB on each whose rows must stay, and accept"
                  + " the rule for those that may be lost",
              URI.create("https://dev.mysql.com/doc/refman/8.4/en/storage-engines.html")),
          TargetKind.MYSQL,
          MySqlRules::storageEngines);

  /** Its binary log lags behind its tables. */
  static final FactRule SYNC_BINLOG =
      new FactRule(
          new RuleCard(
              "mysql-sync-binlog",
              Severity.WARNING,
              "A MySQL or MariaDB that is no cache writes a binary log with sync_binlog"
                  + " other than 1",
              "After a crash of the machine the binary log lacks transactions that are"
                  + " committed: replicas and restores from a backup never get them",
              "Set sync_binlog = 1, in the configuration and by SET GLOBAL",
              URI.create(
                  "https://dev.mysql.com/doc/refman/8.4/en/replication-options-binary-log.html#sysvar_sync_binlog")),
          TargetKind.MYSQL,
          MySqlRules::syncBinlog);

  static final List<Rule> ALL = List.of(FLUSH_LOG, STORAGE_ENGINES, SYNC_BINLOG);

  private MySqlRules() {}

  private static List<Finding> flushLog(LiveServer server) {
    return server.check(
        FLUSH,
        FLUSH,
        // MariaDB's 3 flushes at each commit too, and once more besides.
        value ->
            value.equals("1") || value.equals("3")
                ? List.of()
                : server.warning(FLUSH + " is " + value));
  }

  private static List<Finding> storageEngines(LiveServer server) {
    return server.check(
        "nontransactional_tables",
        "whether it has MyISAM or MEMORY tables",
        tables -> tables.isEmpty() ? List.of() : server.warning("not InnoDB: " + tables));
  }

  private static List<Finding> syncBinlog(LiveServer server) {
    if (server.has("log_bin", "OFF") || server.has("sync_binlog", "1")) {
      return List.of();
    }
    return server.check(
        "sync_binlog",
        "sync_binlog",
        value -> {
          String seen = "sync_binlog is " + value;
          return switch (server.fact("log_bin")) {
            case Fact.Known on -> server.warning(seen + ", and the binary log is on");
            case Fact.Unknown(String reason) ->
                server.unknown(seen + ", and whether the binary log is on", reason);
          };
        });
  }
}
