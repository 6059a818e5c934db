package io.tidegate.policy.rules;

import static io.tidegate.policy.rules.Situation.known;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.policy.Rule;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.Severity;
import io.tidegate.servers.MongoWireServer;
import io.tidegate.servers.ScriptedMongo;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Targets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** No mongod: replies are scripted at the wire, as MongoDB documents them. A set of three. */
class MongoWriteConcernTest extends RuleContract {
  private final FactRule rule = MongoRules.WRITE_CONCERN;
  private final MongoWireServer server = MongoWireServer.create();
  private final ScriptedMongo front = new ScriptedMongo(server);
  private final Targets app = Targets.at("mongodb", front.port(), "app");

  @Override
  Rule rule() {
    return rule;
  }

  @Override
  Situation unsafe() {
    return told(Map.of("defaultWriteConcern", known("1"), "members", known("2")));
  }

  @Override
  Situation safe() {
    return told(Map.of("defaultWriteConcern", known("2"), "members", known("3")));
  }

  @BeforeEach
  void start() {
    server.start();
    front.start().answering("hello", MongoHello.primary(front.port()));
  }

  @AfterEach
  void stop() {
    front.close();
    server.close();
  }

  @Test
  void a_default_below_majority_is_a_warning() {
    byDefault("{w: 1, wtimeout: 0}");
    Evaluated.assertOne(
        Evaluated.live(rule, app), Severity.WARNING, "w: 1", "members of the set: 3");
  }

  @Test
  void no_default_at_all_means_one() {
    front.answering("getDefaultRWConcern", "{ok: 1}");
    Evaluated.assertOne(
        Evaluated.live(rule, app), Severity.WARNING, "neither the URL nor the server");
  }

  @Test
  void majority_is_clean_by_its_name_and_by_its_number() {
    byDefault("{w: 'majority', wtimeout: 0}");
    assertThat(Evaluated.live(rule, app)).isEmpty();
    byDefault("{w: 2, wtimeout: 0}");
    assertThat(Evaluated.live(rule, app)).isEmpty();
  }

  @Test
  void the_url_counts_more_than_the_server() {
    byDefault("{w: 1, wtimeout: 0}");
    assertThat(withUrl("majority")).isEmpty();
    byDefault("{w: 'majority', wtimeout: 0}");
    Evaluated.assertOne(withUrl("1"), Severity.WARNING, "the URL has w=1");
    Evaluated.assertOne(withUrl("0"), Severity.WARNING, "the URL has w=0");
  }

  @Test
  void a_name_of_its_own_and_a_refusal_are_unknown() {
    byDefault("{w: 'twoSites', wtimeout: 0}");
    Evaluated.assertOne(Evaluated.live(rule, app), Severity.NOTICE, "unknown", "twoSites");
    front.refusing("getDefaultRWConcern", 13, "not authorized on admin to execute command");
    Evaluated.assertOne(
        Evaluated.live(rule, app), Severity.NOTICE, "unknown", "not authorized on admin");
  }

  @Test
  void behind_a_router_one_is_below_majority() {
    front.answering("hello", MongoHello.ROUTER);
    byDefault("{w: 1, wtimeout: 0}");
    Evaluated.assertOne(Evaluated.live(rule, app), Severity.WARNING, "w: 1");
  }

  @Test
  void of_a_standalone_only_unacknowledged_writes_count() {
    front.handingOn("hello");
    front.refusing("getDefaultRWConcern", 51301, "not supported on standalone nodes");
    assertThat(Evaluated.live(rule, app)).isEmpty();
    assertThat(withUrl("1")).isEmpty();
    Evaluated.assertOne(withUrl("0"), Severity.WARNING, "w=0");
  }

  @Test
  void a_cache_may_be_lost() {
    Evaluated.assertCacheMayBeLost(rule, "mongodb", Evaluated.facts("defaultWriteConcern", "1"));
  }

  private List<Finding> withUrl(String w) {
    return Evaluated.live(rule, app.parameters(Map.of("w", w)));
  }

  private void byDefault(String concern) {
    front.answering(
        "getDefaultRWConcern",
        "{defaultWriteConcern: %s, defaultWriteConcernSource: 'global', ok: 1}".formatted(concern));
  }

  private static Situation told(Map<String, Fact> facts) {
    return Situation.scaled().with(Evaluated.at("mongodb", "db")).facts(facts);
  }
}
