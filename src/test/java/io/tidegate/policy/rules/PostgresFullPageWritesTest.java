package io.tidegate.policy.rules;

import static io.tidegate.policy.rules.Situation.known;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.policy.Rule;
import io.tidegate.policy.Severity;
import io.tidegate.servers.PostgresServer;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Targets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** On a real server whose setting changes while it runs; three replicas. */
class PostgresFullPageWritesTest extends RuleContract {
  private final FactRule rule = PostgresRules.FULL_PAGE_WRITES;

  @Override
  Rule rule() {
    return rule;
  }

  @Override
  Situation unsafe() {
    return told(Map.of("full_page_writes", known("off")));
  }

  @Override
  Situation safe() {
    return told(Map.of("full_page_writes", known("on")));
  }

  @Test
  void full_page_writes_off_is_a_warning_and_on_is_clean() {
    try (PostgresServer server = PostgresServer.started()) {
      Targets app =
          Targets.at("postgresql", server.port(), "postgres")
              .as(PostgresServer.USER, PostgresServer.PASSWORD);
      assertThat(Evaluated.live(rule, app)).isEmpty();

      server.stop();
      server.with("full_page_writes=off").start();
      Evaluated.assertOne(Evaluated.live(rule, app), Severity.WARNING, "full_page_writes is off");
    }
  }

  @Test
  void what_is_not_told_is_a_notice() {
    Evaluated.assertUnknownIsANotice(rule, "postgresql", "full_page_writes");
  }

  @Test
  void a_cache_may_be_lost() {
    Evaluated.assertCacheMayBeLost(rule, "postgresql", Evaluated.facts("full_page_writes", "off"));
  }

  /** Aurora has it off, since its storage writes no pages. */
  @Test
  void aurora_is_not_unsafe() {
    String host = "shop.cluster-abc123.eu-central-1.rds.amazonaws.com";
    Evaluated.assertOne(
        Evaluated.told(
            rule, Evaluated.at("postgresql", host), Evaluated.facts("full_page_writes", "off")),
        Severity.NOTICE,
        "unknown",
        "Amazon Aurora");
  }

  private static Situation told(Map<String, Fact> facts) {
    return Situation.scaled().with(Evaluated.at("postgresql", "db")).facts(facts);
  }
}
