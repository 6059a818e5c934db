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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RedisEvictionTest extends RuleContract {
  private final FactRule rule = RedisRules.EVICTION;

  @Override
  Rule rule() {
    return rule;
  }

  @Override
  Situation unsafe() {
    return situation(Purpose.QUEUE, "allkeys-lru");
  }

  @Override
  Situation safe() {
    return situation(Purpose.QUEUE, "noeviction");
  }

  @ParameterizedTest
  @CsvSource({
    "SESSION, allkeys-lru, WARNING",
    "STORE, allkeys-random, WARNING",
    "RATE_LIMIT, allkeys-lfu, WARNING",
    "SESSION, volatile-lru, WARNING",
    "RATE_LIMIT, volatile-ttl, WARNING",
    "QUEUE, volatile-lru, NOTICE",
    "STORE, volatile-random, NOTICE"
  })
  void its_severity_depends_on_what_may_go(Purpose purpose, String policy, Severity severity) {
    assertThat(evaluate(situation(purpose, policy)))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.severity()).isEqualTo(severity);
          assertThat(finding.evidence()).startsWith("maxmemory-policy is " + policy);
        });
  }

  @ParameterizedTest
  @EnumSource
  void it_never_refuses(Purpose purpose) {
    assertThat(evaluate(situation(purpose, "allkeys-lru")))
        .noneMatch(finding -> finding.severity() == Severity.ERROR);
  }

  @Test
  void a_cache_may_throw_anything_away() {
    assertThat(evaluate(situation(Purpose.CACHE, "allkeys-lru"))).isEmpty();
  }

  @Test
  void without_a_limit_nothing_is_thrown_away() {
    assertThat(
            evaluate(
                Purpose.QUEUE,
                Map.of("maxmemory-policy", known("allkeys-lru"), "maxmemory", known("0"))))
        .isEmpty();
  }

  @Test
  void what_config_does_not_tell_info_may() {
    assertThat(
            evaluate(
                Purpose.QUEUE,
                Map.of("maxmemory-policy", refused(), "maxmemory_policy", known("allkeys-lru"))))
        .extracting(Finding::severity)
        .containsExactly(Severity.WARNING);
    assertThat(evaluate(Purpose.QUEUE, Map.of("maxmemory-policy", refused())))
        .extracting(Finding::severity)
        .containsExactly(Severity.NOTICE);
  }

  @Test
  void every_primary_is_checked() {
    assertThat(
            evaluate(
                Purpose.QUEUE,
                Map.of(
                    "node.10.0.0.7:6379.maxmemory-policy", known("noeviction"),
                    "node.10.0.0.8:6379.maxmemory-policy", known("allkeys-lru"))))
        .singleElement()
        .satisfies(
            finding -> assertThat(finding.evidence()).startsWith("10.0.0.8:6379: maxmemory-"));
  }

  private static Situation situation(Purpose purpose, String policy) {
    return Situation.scaled()
        .with(redis("redis.internal", purpose))
        .facts(Map.of("maxmemory-policy", known(policy), "maxmemory", known("1000000")));
  }

  private List<Finding> evaluate(Purpose purpose, Map<String, Fact> facts) {
    return evaluate(Situation.scaled().with(redis("redis.internal", purpose)).facts(facts));
  }

  private List<Finding> evaluate(Situation situation) {
    return rule.evaluate(situation.evidence());
  }
}
