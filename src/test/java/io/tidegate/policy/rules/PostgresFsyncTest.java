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

/** On real servers, each started with another setting; three replicas. */
class PostgresFsyncTest extends RuleContract {
  private final FactRule rule = PostgresRules.FSYNC;

  @Override
  Rule rule() {
    return rule;
  }

  @Override
  Situation unsafe() {
    return told(Map.of("fsync", known("off")));
  }

  @Override
  Situation safe() {
    return told(Map.of("fsync", known("on")));
  }

  @Test
  void fsync_off_is_a_warning() {
    try (PostgresServer server = new PostgresServer().with("fsync=off")) {
      server.start();
      Evaluated.assertOne(Evaluated.live(rule, app(server)), Severity.WARNING, "fsync is off");
    }
  }

  @Test
  void fsync_on_is_clean() {
    try (PostgresServer server = new PostgresServer().with("fsync=on")) {
      server.start();
      assertThat(Evaluated.live(rule, app(server))).isEmpty();
    }
  }

  @Test
  void fsync_that_is_not_told_is_a_notice() {
    Evaluated.assertUnknownIsANotice(rule, "postgresql", "fsync");
  }

  @Test
  void a_cache_may_be_lost() {
    Evaluated.assertCacheMayBeLost(rule, "postgres", Evaluated.facts("fsync", "off"));
  }

  @Test
  void the_storage_of_a_managed_service_is_its_providers() {
    var off = Evaluated.facts("fsync", "off");
    Evaluated.assertOne(
        Evaluated.told(rule, Evaluated.at("postgresql", "db.abc.supabase.co"), off),
        Severity.NOTICE,
        "unknown",
        "Supabase");
    assertThat(Evaluated.told(rule, Evaluated.at("postgresql", "ep-a-b.eu.aws.neon.tech"), off))
        .isEmpty();
  }

  private static Targets app(PostgresServer server) {
    return Targets.at("postgresql", server.port(), "postgres")
        .as(PostgresServer.USER, PostgresServer.PASSWORD);
  }

  private static Situation told(Map<String, Fact> facts) {
    return Situation.scaled().with(Evaluated.at("postgresql", "db")).facts(facts);
  }
}
