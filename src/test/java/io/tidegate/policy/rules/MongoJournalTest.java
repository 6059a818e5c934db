package io.tidegate.policy.rules;

import static io.tidegate.policy.rules.Situation.known;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.policy.Rule;
import io.tidegate.policy.Severity;
import io.tidegate.servers.MongoWireServer;
import io.tidegate.servers.ScriptedMongo;
import io.tidegate.target.Facts;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Targets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No mongod: replies are scripted at the wire, as MongoDB documents them. */
class MongoJournalTest extends RuleContract {
  private final FactRule rule = MongoRules.JOURNAL;
  private final MongoWireServer server = MongoWireServer.create();
  private final ScriptedMongo front = new ScriptedMongo(server);
  private final Targets app = Targets.at("mongodb", front.port(), "app");

  @Override
  Rule rule() {
    return rule;
  }

  @Override
  Situation unsafe() {
    return told(Map.of("storage.journal.enabled", known("false")));
  }

  @Override
  Situation safe() {
    return told(Map.of("storage.journal.enabled", known("")));
  }

  @BeforeEach
  void start() {
    server.start();
    front.start().answering("buildInfo", "{version: '5.0.31', ok: 1}");
  }

  @AfterEach
  void stop() {
    front.close();
    server.close();
  }

  @Test
  void a_journal_that_is_off_is_a_warning() {
    front.answering(
        "getCmdLineOpts",
        "{argv: ['mongod', '--nojournal'], parsed: {storage: {journal: {enabled: false}}}, ok: 1}");
    Evaluated.assertOne(
        Evaluated.live(rule, app), Severity.WARNING, "storage.journal.enabled is false");
  }

  @Test
  void data_in_memory_is_a_warning() {
    front.answering(
        "getCmdLineOpts", "{argv: ['mongod'], parsed: {storage: {engine: 'inMemory'}}, ok: 1}");
    Evaluated.assertOne(Evaluated.live(rule, app), Severity.WARNING, "storage.engine is inMemory");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{net: {port: 27017}}", "{storage: {journal: {enabled: true}}}"})
  void a_journal_that_is_on_or_left_at_its_default_is_clean(String parsed) {
    front.answering("getCmdLineOpts", "{argv: ['mongod'], parsed: %s, ok: 1}".formatted(parsed));
    assertThat(Evaluated.live(rule, app)).isEmpty();
  }

  @Test
  void options_that_are_refused_are_unknown_until_a_journal_is_sure() {
    front.refusing("getCmdLineOpts", 13, "not authorized on admin to execute command");
    Evaluated.assertOne(
        Evaluated.live(rule, app), Severity.NOTICE, "unknown", "not authorized on admin");
    for (String version : new String[] {"6.1.0", "7.0.5", "8.0.0-rc1"}) {
      front.answering("buildInfo", "{version: '%s', ok: 1}".formatted(version));
      assertThat(Evaluated.live(rule, app)).isEmpty();
    }
  }

  @Test
  void a_router_and_a_managed_service_are_unknown() {
    Facts router =
        new Facts(
            Map.of(
                "version", new Fact.Known("6.0.3"),
                "msg", new Fact.Known("isdbgrid"),
                "storage.journal.enabled", new Fact.Known("")));
    Evaluated.assertOne(
        Evaluated.told(rule, Evaluated.at("mongodb", "db"), router), Severity.NOTICE, "mongos");
    Evaluated.assertOne(
        Evaluated.told(
            rule, Evaluated.at("mongodb", "c.docdb.eu-west-1.docdb.amazonaws.com"), Facts.NONE),
        Severity.NOTICE,
        "Amazon DocumentDB");
  }

  @Test
  void a_cache_may_be_lost() {
    Evaluated.assertCacheMayBeLost(
        rule, "mongodb", Evaluated.facts("storage.journal.enabled", "false"));
  }

  private static Situation told(Map<String, Fact> facts) {
    return Situation.scaled().with(Evaluated.at("mongodb", "db")).facts(facts);
  }
}
