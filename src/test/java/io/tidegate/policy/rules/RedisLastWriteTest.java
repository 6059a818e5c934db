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

class RedisLastWriteTest extends RuleContract {
  private final FactRule rule = RedisRules.LAST_WRITE;

  @Override
  Rule rule() {
    return rule;
  }

  @Override
  Situation unsafe() {
    return situation("err");
  }

  @Override
  Situation safe() {
    return situation("ok");
  }

  @Test
  void each_failure_of_each_primary_is_a_warning() {
    var findings =
        rule.evaluate(
            Situation.single()
                .with(redis("redis", Purpose.STORE))
                .facts(
                    Map.of(
                        "node.10.0.0.7:6379.rdb_last_bgsave_status", known("ok"),
                        "node.10.0.0.8:6379.rdb_last_bgsave_status", known("err"),
                        "node.10.0.0.8:6379.aof_last_write_status", known("err")))
                .evidence());

    assertThat(findings)
        .extracting(Finding::evidence)
        .containsExactly(
            "10.0.0.8:6379: rdb_last_bgsave_status is err",
            "10.0.0.8:6379: aof_last_write_status is err");
    assertThat(findings).extracting(Finding::severity).containsOnly(Severity.WARNING);
  }

  private static Situation situation(String status) {
    return Situation.scaled()
        .with(redis("redis", Purpose.STORE))
        .facts(Map.of("rdb_last_bgsave_status", known(status)));
  }
}
