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
class PostgresUnloggedTablesTest extends RuleContract {
  private final FactRule rule = PostgresRules.UNLOGGED_TABLES;

  @Override
  Rule rule() {
    return rule;
  }

  @Override
  Situation unsafe() {
    return told(Map.of("unlogged_tables", known("public.carts")));
  }

  @Override
  Situation safe() {
    return told(Map.of("unlogged_tables", known("")));
  }

  @Test
  void unlogged_tables_are_named_and_logged_ones_are_clean() {
    try (PostgresServer server = PostgresServer.started()) {
      Targets app =
          Targets.at("postgresql", server.port(), "postgres")
              .as(PostgresServer.USER, PostgresServer.PASSWORD);
      server.execute("postgres", "CREATE TABLE orders (id int)");
      assertThat(Evaluated.live(rule, app)).isEmpty();

      server.execute("postgres", "CREATE UNLOGGED TABLE carts (id int)");
      Evaluated.assertOne(Evaluated.live(rule, app), Severity.WARNING, "unlogged: public.carts");

      for (String name : new String[] {"a", "b", "d", "e"}) {
        server.execute("postgres", "CREATE UNLOGGED TABLE " + name + " (id int)");
      }
      Evaluated.assertOne(
          Evaluated.live(rule, app),
          Severity.WARNING,
          "unlogged: public.a, public.b, public.carts and 2 more");

      server.execute("postgres", "DROP TABLE a, b, d, e");
      server.execute("postgres", "ALTER TABLE carts SET LOGGED");
      assertThat(Evaluated.live(rule, app)).isEmpty();
    }
  }

  @Test
  void what_is_not_told_is_a_notice() {
    Evaluated.assertUnknownIsANotice(rule, "postgresql", "unlogged_tables");
  }

  @Test
  void a_cache_may_be_lost() {
    Evaluated.assertCacheMayBeLost(
        rule, "postgresql", Evaluated.facts("unlogged_tables", "public.a"));
  }

  private static Situation told(Map<String, Fact> facts) {
    return Situation.scaled().with(Evaluated.at("postgresql", "db")).facts(facts);
  }
}
