package io.tidegate.policy.rules;

import static io.tidegate.policy.rules.Situation.known;
import static io.tidegate.policy.rules.Situation.redis;
import static io.tidegate.policy.rules.Situation.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.policy.Rule;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.Severity;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Target.Purpose;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisPersistenceTest extends RuleContract {
  private static final Map<String, Fact> NOTHING =
      Map.of("appendonly", known("no"), "save", known(""), "aof_enabled", known("0"));

  private final FactRule rule = RedisRules.PERSISTENCE;

  @Override
  Rule rule() {
    return rule;
  }

  @Override
  Situation unsafe() {
    return Situation.scaled().with(redis("queue", Purpose.QUEUE)).facts(NOTHING);
  }

  @Override
  Situation safe() {
    return Situation.scaled()
        .with(redis("queue", Purpose.QUEUE))
        .facts(Map.of("appendonly", known("no"), "save", known("60 1")));
  }

  @ParameterizedTest
  @EnumSource(names = "CACHE", mode = EnumSource.Mode.EXCLUDE)
  void a_redis_that_keeps_nothing_is_refused_with_replicas(Purpose purpose) {
    var findings = evaluate(Situation.scaled().with(redis("cache", purpose)).facts(NOTHING));

    assertThat(findings).singleElement().extracting(Finding::severity).isEqualTo(Severity.ERROR);
    assertThat(findings.getFirst().evidence())
        .contains("appendonly is no and save is empty", "3 replicas declared by");
  }

  @Test
  void with_one_replica_it_is_a_warning() {
    assertThat(store(Situation.single(), NOTHING))
        .extracting(Finding::severity)
        .containsExactly(Severity.WARNING);
  }

  @Test
  void unknown_replicas_count_as_more_than_one_only_where_a_platform_scales() {
    assertThat(store(Situation.unknown().inKubernetes(), NOTHING))
        .extracting(Finding::severity)
        .containsExactly(Severity.ERROR);
    assertThat(store(Situation.unknown().with("CONTAINER_APP_NAME", "web"), NOTHING))
        .extracting(Finding::severity)
        .containsExactly(Severity.ERROR);
    assertThat(store(Situation.unknown(), NOTHING))
        .extracting(Finding::severity)
        .containsExactly(Severity.WARNING);
  }

  @Test
  void a_cache_may_keep_nothing() {
    assertThat(evaluate(Situation.scaled().with(redis("cache", Purpose.CACHE)).facts(NOTHING)))
        .isEmpty();
  }

  @Test
  void an_append_only_file_or_snapshots_are_enough() {
    assertThat(store(Situation.scaled(), Map.of("appendonly", known("yes")))).isEmpty();
    assertThat(store(Situation.scaled(), Map.of("aof_enabled", known("1"), "save", refused())))
        .isEmpty();
    assertThat(
            store(
                Situation.scaled(),
                Map.of("appendonly", known("no"), "save", known("3600 1 300 100"))))
        .isEmpty();
  }

  @Test
  void what_config_does_not_tell_info_may() {
    assertThat(
            store(
                Situation.scaled(),
                Map.of("appendonly", refused(), "aof_enabled", known("0"), "save", known(""))))
        .extracting(Finding::severity)
        .containsExactly(Severity.ERROR);
  }

  @Test
  void unknown_is_never_unsafe() {
    var noConfig = Map.of("appendonly", refused(), "save", refused(), "aof_enabled", known("0"));
    for (var facts : List.of(noConfig, Map.<String, Fact>of(), Map.of("save", known("")))) {
      assertThat(store(Situation.scaled(), facts))
          .extracting(Finding::severity)
          .containsExactly(Severity.NOTICE);
    }
    assertThat(store(Situation.scaled(), noConfig).getFirst().evidence()).contains("NOPERM");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "master.orders.abc123.euc1.cache.amazonaws.com",
        "orders.redis.cache.windows.net",
        "eu1-orders-38123.upstash.io",
        "redis-12345.c1.eu-central-1-1.ec2.redns.redis-cloud.com"
      })
  void a_managed_service_is_unknown(String host) {
    assertThat(evaluate(Situation.scaled().with(redis(host, Purpose.QUEUE)).facts(NOTHING)))
        .extracting(Finding::severity)
        .containsExactly(Severity.NOTICE);
  }

  @Test
  void memorydb_is_durable_whatever_it_answers() {
    var target =
        redis("clustercfg.orders.abc123.memorydb.eu-central-1.amazonaws.com", Purpose.STORE);
    assertThat(evaluate(Situation.scaled().with(target).facts(NOTHING))).isEmpty();
  }

  @Test
  void every_primary_is_checked() {
    Map<String, Fact> facts =
        Map.of(
            "node.10.0.0.7:6379.appendonly", known("yes"),
            "node.[::1]:6380.appendonly", known("no"),
            "node.[::1]:6380.save", known(""));

    var findings = store(Situation.scaled(), facts);

    assertThat(findings).singleElement().extracting(Finding::severity).isEqualTo(Severity.ERROR);
    assertThat(findings.getFirst().evidence()).startsWith("[::1]:6380: appendonly is no");
  }

  @Test
  void nothing_is_said_before_the_server_was_asked() {
    assertThat(evaluate(Situation.scaled().with(redis("cache", Purpose.STORE)))).isEmpty();
  }

  private List<Finding> store(Situation situation, Map<String, Fact> facts) {
    return evaluate(situation.with(redis("cache", Purpose.STORE)).facts(facts));
  }

  private List<Finding> evaluate(Situation situation) {
    return rule.evaluate(situation.evidence());
  }
}
