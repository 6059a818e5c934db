package io.tidegate.policy.rules;

import static io.tidegate.policy.rules.Situation.known;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.policy.Rule;
import io.tidegate.policy.Severity;
import io.tidegate.servers.MongoWireServer;
import io.tidegate.servers.ScriptedMongo;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Targets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** No mongod, but servers of its protocol: the wire server is a standalone, the rest is scripted. */
class MongoStandaloneTest extends RuleContract {
  private final FactRule rule = MongoRules.STANDALONE;

  @Override
  Rule rule() {
    return rule;
  }

  @Override
  Situation unsafe() {
    return told(Map.of("setName", known(""), "msg", known("")));
  }

  @Override
  Situation safe() {
    return told(Map.of("setName", known(""), "msg", known("isdbgrid")));
  }

  @Test
  void a_standalone_under_several_replicas_is_a_warning() {
    try (MongoWireServer server = MongoWireServer.started()) {
      Targets app = Targets.at("mongodb", server.port(), "app");
      Evaluated.assertOne(
          Evaluated.live(rule, app), Severity.WARNING, "no replica set", "3 replicas declared");
      assertThat(Evaluated.told(rule, Situation.single(), app.target(), Evaluated.facts(app)))
          .isEmpty();
    }
  }

  @Test
  void a_member_of_a_set_and_a_router_are_clean() {
    try (MongoWireServer server = MongoWireServer.started();
        ScriptedMongo front = new ScriptedMongo(server).start()) {
      Targets app = Targets.at("mongodb", front.port(), "app");
      front.answering("hello", MongoHello.primary(front.port()));
      assertThat(Evaluated.live(rule, app)).isEmpty();
      front.answering("hello", MongoHello.ROUTER);
      assertThat(Evaluated.live(rule, app)).isEmpty();
    }
  }

  @Test
  void what_is_not_told_is_a_notice() {
    Evaluated.assertUnknownIsANotice(rule, "mongodb", "setName");
  }

  @Test
  void a_cache_may_be_lost() {
    Evaluated.assertCacheMayBeLost(rule, "mongodb+srv", Evaluated.facts("setName", ""));
  }

  @Test
  void a_managed_service_has_its_own_replicas() {
    assertThat(
            Evaluated.told(
                rule,
                Evaluated.at("mongodb", "shop.abc.mongodb.net"),
                Evaluated.facts("setName", "")))
        .isEmpty();
  }

  private static Situation told(Map<String, Fact> facts) {
    return Situation.scaled().with(Evaluated.at("mongodb", "db")).facts(facts);
  }
}
