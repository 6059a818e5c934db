package io.tidegate.policy.rules;

import static io.tidegate.policy.rules.Situation.known;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.policy.Rule;
import io.tidegate.policy.Severity;
import io.tidegate.servers.MariaDbServer;
import io.tidegate.target.Facts;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Targets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** On a real MariaDB with and without a binary log; three replicas. */
class MySqlSyncBinlogTest extends RuleContract {
  private final FactRule rule = MySqlRules.SYNC_BINLOG;

  @Override
  Rule rule() {
    return rule;
  }

  @Override
  Situation unsafe() {
    return told(Map.of("sync_binlog", known("0"), "log_bin", known("ON")));
  }

  @Override
  Situation safe() {
    return told(Map.of("sync_binlog", known("0"), "log_bin", known("OFF")));
  }

  @Test
  void a_binary_log_that_is_not_synced_is_a_warning() {
    try (MariaDbServer server = new MariaDbServer().with("--log-bin").with("--server-id=1")) {
      server.start();
      Targets app = Targets.at("mariadb", server.port(), "").as("root", "");
      server.execute("", "SET GLOBAL sync_binlog = 0");
      Evaluated.assertOne(Evaluated.live(rule, app), Severity.WARNING, "sync_binlog is 0");

      server.execute("", "SET GLOBAL sync_binlog = 1");
      assertThat(Evaluated.live(rule, app)).isEmpty();
    }
  }

  @Test
  void without_a_binary_log_there_is_nothing_to_sync() {
    MariaDbServer server = SharedMariaDb.server();
    server.execute("", "SET GLOBAL sync_binlog = 0");
    assertThat(Evaluated.live(rule, Targets.at("mariadb", server.port(), "").as("root", "")))
        .isEmpty();
  }

  @Test
  void what_is_not_told_is_a_notice() {
    Evaluated.assertUnknownIsANotice(rule, "mysql", "sync_binlog");
    Evaluated.assertOne(
        Evaluated.told(
            rule,
            Evaluated.at("mysql", "db"),
            new Facts(Map.of("sync_binlog", new Fact.Known("0")))),
        Severity.NOTICE,
        "whether the binary log is on is unknown");
  }

  @Test
  void a_cache_may_be_lost() {
    Evaluated.assertCacheMayBeLost(
        rule,
        "mysql",
        new Facts(Map.of("sync_binlog", new Fact.Known("0"), "log_bin", new Fact.Known("ON"))));
  }

  private static Situation told(Map<String, Fact> facts) {
    return Situation.scaled().with(Evaluated.at("mariadb", "db")).facts(facts);
  }
}
