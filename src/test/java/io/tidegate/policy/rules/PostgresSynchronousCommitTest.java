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

/** On a real server; three replicas. */
class PostgresSynchronousCommitTest extends RuleContract {
  private final FactRule rule = PostgresRules.SYNCHRONOUS_COMMIT;

  @Override
  Rule rule() {
    return rule;
  }

  @Override
  Situation unsafe() {
    return told(Map.of("synchronous_commit", known("off")));
  }

  @Override
  Situation safe() {
    return told(Map.of("synchronous_commit", known("local")));
  }

  @Test
  void off_for_the_apps_own_user_is_a_warning_and_on_is_clean() {
    try (PostgresServer server = PostgresServer.started()) {
      Targets app =
          Targets.at("postgresql", server.port(), "postgres")
              .as(PostgresServer.USER, PostgresServer.PASSWORD);
      assertThat(Evaluated.live(rule, app)).isEmpty();

      server.execute("postgres", "ALTER ROLE postgres SET synchronous_commit = off");
      Evaluated.assertOne(Evaluated.live(rule, app), Severity.WARNING, "synchronous_commit is off");

      server.execute("postgres", "ALTER ROLE postgres SET synchronous_commit = local");
      assertThat(Evaluated.live(rule, app)).isEmpty();
    }
  }

  @Test
  void what_is_not_told_is_a_notice() {
    Evaluated.assertUnknownIsANotice(rule, "postgresql", "synchronous_commit");
  }

  @Test
  void a_cache_may_be_lost() {
    Evaluated.assertCacheMayBeLost(
        rule, "postgresql", Evaluated.facts("synchronous_commit", "off"));
  }

  @Test
  void a_service_that_keeps_every_acknowledged_write_does_so_with_off_too() {
    assertThat(
            Evaluated.told(
                rule,
                Evaluated.at("postgresql", "ep-a-b.eu.aws.neon.tech"),
                Evaluated.facts("synchronous_commit", "off")))
        .isEmpty();
  }

  private static Situation told(Map<String, Fact> facts) {
    return Situation.scaled().with(Evaluated.at("postgresql", "db")).facts(facts);
  }
}
