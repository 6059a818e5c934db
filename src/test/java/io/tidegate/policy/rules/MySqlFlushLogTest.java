package io.tidegate.policy.rules;

import static io.tidegate.policy.rules.Situation.known;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.policy.Rule;
import io.tidegate.policy.Severity;
import io.tidegate.servers.MariaDbServer;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Targets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** On a real MariaDB whose setting changes while it runs; three replicas. */
class MySqlFlushLogTest extends RuleContract {
  private static final String NAME = "innodb_flush_log_at_trx_commit";

  private final FactRule rule = MySqlRules.FLUSH_LOG;

  @Override
  Rule rule() {
    return rule;
  }

  @Override
  Situation unsafe() {
    return told(Map.of(NAME, known("2")));
  }

  @Override
  Situation safe() {
    return told(Map.of(NAME, known("1")));
  }

  @Test
  void a_log_that_is_not_flushed_at_each_commit_is_a_warning() {
    MariaDbServer server = SharedMariaDb.server();
    Targets app = Targets.at("mariadb", server.port(), "").as("root", "");
    for (int unsafe : new int[] {0, 2}) {
      server.execute("", "SET GLOBAL %s = %d".formatted(NAME, unsafe));
      Evaluated.assertOne(Evaluated.live(rule, app), Severity.WARNING, NAME + " is " + unsafe);
    }
    for (int safe : new int[] {1, 3}) {
      server.execute("", "SET GLOBAL %s = %d".formatted(NAME, safe));
      assertThat(Evaluated.live(rule, app)).isEmpty();
    }
  }

  @Test
  void what_is_not_told_is_a_notice() {
    Evaluated.assertUnknownIsANotice(rule, "mysql", NAME);
  }

  @Test
  void a_cache_may_be_lost() {
    Evaluated.assertCacheMayBeLost(rule, "mysql", Evaluated.facts(NAME, "2"));
  }

  private static Situation told(Map<String, Fact> facts) {
    return Situation.scaled().with(Evaluated.at("mariadb", "db")).facts(facts);
  }
}
