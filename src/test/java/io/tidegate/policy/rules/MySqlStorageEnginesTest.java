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

/** On a real MariaDB; three replicas. */
class MySqlStorageEnginesTest extends RuleContract {
  private final FactRule rule = MySqlRules.STORAGE_ENGINES;

  @Override
  Rule rule() {
    return rule;
  }

  @Override
  Situation unsafe() {
    return told(Map.of("nontransactional_tables", known("shop.carts (MEMORY)")));
  }

  @Override
  Situation safe() {
    return told(Map.of("nontransactional_tables", known("")));
  }

  @Test
  void tables_that_survive_no_crash_are_named() {
    MariaDbServer server = SharedMariaDb.server();
    server.createDatabase("shop");
    server.createDatabase("other");
    Targets app = Targets.at("mariadb", server.port(), "shop").as("root", "");
    server.execute("shop", "CREATE TABLE orders (id int) ENGINE=InnoDB");
    server.execute("other", "CREATE TABLE visits (id int) ENGINE=MyISAM");
    assertThat(Evaluated.live(rule, app)).isEmpty();
    // Without a database in the URL all are looked at, but for the server's own.
    Evaluated.assertOne(
        Evaluated.live(rule, Targets.at("mariadb", server.port(), "").as("root", "")),
        Severity.WARNING,
        "not InnoDB: other.visits (MyISAM)");

    server.execute("shop", "CREATE TABLE visits (id int) ENGINE=MyISAM");
    server.execute("shop", "CREATE TABLE carts (id int) ENGINE=MEMORY");
    Evaluated.assertOne(
        Evaluated.live(rule, app),
        Severity.WARNING,
        "not InnoDB: shop.carts (MEMORY), shop.visits (MyISAM)");

    server.execute("shop", "ALTER TABLE visits ENGINE=InnoDB");
    server.execute("shop", "ALTER TABLE carts ENGINE=InnoDB");
    assertThat(Evaluated.live(rule, app)).isEmpty();
  }

  @Test
  void what_is_not_told_is_a_notice() {
    Evaluated.assertUnknownIsANotice(rule, "mariadb", "nontransactional_tables");
  }

  @Test
  void a_cache_may_be_lost() {
    Evaluated.assertCacheMayBeLost(
        rule, "mysql", Evaluated.facts("nontransactional_tables", "shop.carts (MEMORY)"));
  }

  private static Situation told(Map<String, Fact> facts) {
    return Situation.scaled().with(Evaluated.at("mariadb", "db")).facts(facts);
  }
}
