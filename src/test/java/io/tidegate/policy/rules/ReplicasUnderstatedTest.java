package io.tidegate.policy.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.policy.Rule;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.Severity;
import io.tidegate.replicas.ReplicaCount;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplicasUnderstatedTest extends RuleContract {
  private static final ReplicaCount TWO =
      new ReplicaCount.AtLeast(2, "seen as addresses of tasks.web");

  private final EvidenceRule rule = SettingsRules.REPLICAS_UNDERSTATED;

  @Override
  Rule rule() {
    return rule;
  }

  @Override
  Situation unsafe() {
    return Situation.counted(TWO).with("TIDEGATE_REPLICAS", "1");
  }

  @Override
  Situation safe() {
    return Situation.counted(TWO).with("TIDEGATE_REPLICAS", "2");
  }

  @Test
  void more_than_declared_is_a_warning_with_both_numbers() {
    Finding finding = evaluate(1, TWO).getFirst();

    assertThat(finding.severity()).isEqualTo(Severity.WARNING);
    assertThat(finding.evidence())
        .isEqualTo("declared: 1; counted: at least 2 replicas seen as addresses of tasks.web");
  }

  @Test
  void an_autoscaler_that_may_go_beyond_the_declared_number_is_one_too() {
    assertThat(evaluate(2, new ReplicaCount.UpTo(5, "in Kubernetes"))).hasSize(1);
  }

  @Test
  void as_many_as_declared_or_fewer_is_no_finding() {
    assertThat(evaluate(3, new ReplicaCount.Exactly(3, "declared"))).isEmpty();
    assertThat(evaluate(3, new ReplicaCount.AtLeast(2, "seen"))).isEmpty();
  }

  @Test
  void nothing_declared_or_nothing_known_is_no_finding() {
    assertThat(rule.evaluate(Situation.scaled().evidence())).isEmpty();
    assertThat(evaluate(1, new ReplicaCount.Unknown("nothing tells"))).isEmpty();
  }

  private List<Finding> evaluate(int declared, ReplicaCount replicas) {
    return rule.evaluate(
        Situation.counted(replicas)
            .with("TIDEGATE_REPLICAS", Integer.toString(declared))
            .evidence());
  }
}
