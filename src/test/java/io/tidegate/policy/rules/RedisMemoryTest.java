package io.tidegate.policy.rules;

import static io.tidegate.policy.rules.Situation.known;
import static io.tidegate.policy.rules.Situation.redis;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.policy.Rule;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.Severity;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Target.Purpose;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RedisMemoryTest extends RuleContract {
  private final FactRule rule = RedisRules.MEMORY;

  @Override
  Rule rule() {
    return rule;
  }

  @Override
  Situation unsafe() {
    return situation("redis", Purpose.CACHE, Map.of("maxmemory", known("0")));
  }

  @Override
  Situation safe() {
    return situation("redis", Purpose.CACHE, Map.of("maxmemory", known("268435456")));
  }

  @Test
  void a_cache_or_one_that_keeps_nothing_is_worse_than_one_that_comes_back() {
    Map<String, Fact> kept = Map.of("maxmemory", known("0"), "appendonly", known("yes"));
    Map<String, Fact> nothing =
        Map.of("maxmemory", known("0"), "appendonly", known("no"), "save", known(""));
    assertThat(severity(Purpose.CACHE, kept)).isEqualTo(Severity.WARNING);
    assertThat(severity(Purpose.QUEUE, nothing)).isEqualTo(Severity.WARNING);
    assertThat(severity(Purpose.QUEUE, kept)).isEqualTo(Severity.NOTICE);
  }

  @Test
  void a_provider_limits_it_otherwise() {
    assertThat(
            rule.evaluate(
                situation("x-1.upstash.io", Purpose.CACHE, Map.of("maxmemory", known("0")))
                    .evidence()))
        .isEmpty();
  }

  private Severity severity(Purpose purpose, Map<String, Fact> facts) {
    return rule.evaluate(situation("redis", purpose, facts).evidence()).stream()
        .map(Finding::severity)
        .findFirst()
        .orElseThrow();
  }

  private static Situation situation(String host, Purpose purpose, Map<String, Fact> facts) {
    return Situation.single().with(redis(host, purpose)).facts(facts);
  }
}
