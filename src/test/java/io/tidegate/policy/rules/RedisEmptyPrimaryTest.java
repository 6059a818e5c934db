package io.tidegate.policy.rules;

import static io.tidegate.policy.rules.Situation.known;
import static io.tidegate.policy.rules.Situation.redis;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.policy.Rule;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.Severity;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Target.Purpose;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisEmptyPrimaryTest extends RuleContract {
  private final FactRule rule = RedisRules.EMPTY_PRIMARY;

  @Override
  Rule rule() {
    return rule;
  }

  @Override
  Situation unsafe() {
    return Situation.scaled().with(redis("queue", Purpose.QUEUE)).facts(nothing("2"));
  }

  @Override
  Situation safe() {
    Map<String, Fact> facts = new HashMap<>(nothing("2"));
    facts.put("appendonly", known("yes"));
    return Situation.scaled().with(redis("queue", Purpose.QUEUE)).facts(facts);
  }

  @Test
  void its_severity_depends_on_replicas_and_purpose() {
    assertThat(severity(Situation.scaled(), Purpose.STORE)).isEqualTo(Severity.ERROR);
    assertThat(severity(Situation.single(), Purpose.STORE)).isEqualTo(Severity.WARNING);
    assertThat(severity(Situation.scaled(), Purpose.CACHE)).isEqualTo(Severity.NOTICE);
  }

  /** Of one server either rule speaks, never both. */
  @ParameterizedTest
  @CsvSource({"0, redis-persistence", "1, redis-empty-primary", "3, redis-empty-primary"})
  void one_rule_tells_of_one_loss(String replicas, String id) {
    var evidence =
        Situation.scaled().with(redis("queue", Purpose.QUEUE)).facts(nothing(replicas)).evidence();
    List<Finding> findings = new java.util.ArrayList<>(rule.evaluate(evidence));
    findings.addAll(RedisRules.PERSISTENCE.evaluate(evidence));
    assertThat(findings)
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.rule().id()).isEqualTo(id);
          assertThat(finding.severity()).isEqualTo(Severity.ERROR);
        });
  }

  @Test
  void a_replica_with_replicas_of_its_own_is_no_primary() {
    Map<String, Fact> facts = new HashMap<>(nothing("1"));
    facts.put("role", known("slave"));
    assertThat(
            rule.evaluate(
                Situation.scaled().with(redis("queue", Purpose.QUEUE)).facts(facts).evidence()))
        .isEmpty();
  }

  private Severity severity(Situation situation, Purpose purpose) {
    return rule.evaluate(situation.with(redis("r", purpose)).facts(nothing("1")).evidence())
        .getFirst()
        .severity();
  }

  private static Map<String, Fact> nothing(String replicas) {
    return Map.of(
        "appendonly", known("no"),
        "save", known(""),
        "role", known("master"),
        "connected_slaves", known(replicas));
  }
}
