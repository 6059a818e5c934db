package io.tidegate.policy.rules;

import static io.tidegate.policy.rules.Situation.known;
import static io.tidegate.policy.rules.Situation.redis;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.policy.Rule;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.Severity;
import io.tidegate.target.Target.Purpose;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisFsyncTest extends RuleContract {
  private final FactRule rule = RedisRules.FSYNC;

  @Override
  Rule rule() {
    return rule;
  }

  @Override
  Situation unsafe() {
    return situation(Purpose.STORE, "yes", "no");
  }

  @Override
  Situation safe() {
    return situation(Purpose.STORE, "yes", "everysec");
  }

  @ParameterizedTest
  @CsvSource({"QUEUE, WARNING", "STORE, WARNING", "SESSION, NOTICE", "RATE_LIMIT, NOTICE"})
  void its_severity_depends_on_the_purpose(Purpose purpose, Severity severity) {
    assertThat(rule.evaluate(situation(purpose, "yes", "no").evidence()))
        .extracting(Finding::severity)
        .containsExactly(severity);
  }

  @Test
  void a_cache_may_lose_it_and_without_a_file_there_is_nothing_to_write() {
    assertThat(rule.evaluate(situation(Purpose.CACHE, "yes", "no").evidence())).isEmpty();
    assertThat(rule.evaluate(situation(Purpose.STORE, "no", "no").evidence())).isEmpty();
  }

  private static Situation situation(Purpose purpose, String appendonly, String appendfsync) {
    return Situation.scaled()
        .with(redis("redis", purpose))
        .facts(Map.of("appendonly", known(appendonly), "appendfsync", known(appendfsync)));
  }
}
