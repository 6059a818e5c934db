package io.tidegate.policy.rules;

import static io.tidegate.policy.rules.Situation.known;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.policy.Rule;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.Severity;
import io.tidegate.target.Target;
import io.tidegate.target.Target.Purpose;
import io.tidegate.target.Targets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MemcachedSessionsTest extends RuleContract {
  private final Rule rule = MemcachedRules.SESSIONS;

  @Override
  Rule rule() {
    return rule;
  }

  @Override
  Situation unsafe() {
    return Situation.scaled().with(memcached(Purpose.SESSION));
  }

  @Override
  Situation safe() {
    return Situation.scaled().with(memcached(Purpose.CACHE));
  }

  private static Target memcached(Purpose purpose) {
    return Targets.at("memcached", 11_211, "").purpose(purpose).target();
  }

  @ParameterizedTest
  @EnumSource(names = {"SESSION", "QUEUE", "RATE_LIMIT"})
  void what_a_restart_must_not_lose_is_a_warning_with_replicas(Purpose purpose) {
    assertThat(rule.evaluate(Situation.scaled().with(memcached(purpose)).evidence()))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.severity()).isEqualTo(Severity.WARNING);
          assertThat(finding.evidence()).contains("3 replicas declared by");
        });
  }

  @Test
  void with_one_replica_it_is_a_notice() {
    assertThat(rule.evaluate(Situation.single().with(memcached(Purpose.SESSION)).evidence()))
        .extracting(Finding::severity)
        .containsExactly(Severity.NOTICE);
  }

  /** {@code MEMCACHED_URL} alone declares no purpose, and is a cache in most apps. */
  @Test
  void a_purpose_that_nobody_declared_is_left_alone() {
    assertThat(rule.evaluate(Situation.scaled().with(memcached(Purpose.STORE)).evidence()))
        .isEmpty();
  }

  @Test
  void items_that_it_has_removed_are_reported() {
    Situation full = unsafe().facts(Map.of("evictions", known("1200")));
    assertThat(rule.evaluate(full.evidence()))
        .extracting(Finding::evidence)
        .singleElement()
        .asString()
        .contains("removed 1200 items");
    Situation several =
        unsafe()
            .facts(
                Map.of(
                    "node.10.0.0.7:11211.evictions", known("1"),
                    "node.10.0.0.8:11211.evictions", known("2")));
    assertThat(rule.evaluate(several.evidence()))
        .extracting(Finding::evidence)
        .singleElement()
        .asString()
        .contains("removed 3 items");
    Situation empty = unsafe().facts(Map.of("evictions", known("0")));
    assertThat(rule.evaluate(empty.evidence()))
        .extracting(Finding::evidence)
        .singleElement()
        .asString()
        .doesNotContain("removed");
  }
}
