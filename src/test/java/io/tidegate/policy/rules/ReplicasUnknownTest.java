package io.tidegate.policy.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.policy.Rule;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.Severity;
import io.tidegate.replicas.ReplicaCount;
import org.junit.jupiter.api.Test;

class ReplicasUnknownTest extends RuleContract {
  private final EvidenceRule rule = SettingsRules.REPLICAS_UNKNOWN;

  @Override
  Rule rule() {
    return rule;
  }

  @Override
  Situation unsafe() {
    return Situation.unknown();
  }

  @Override
  Situation safe() {
    return Situation.single();
  }

  @Test
  void unknown_is_a_notice_that_says_why_and_what_it_counts_as() {
    Finding finding = rule.evaluate(Situation.unknown().evidence()).getFirst();

    assertThat(finding.severity()).isEqualTo(Severity.NOTICE);
    assertThat(finding.evidence())
        .isEqualTo(
            "the number of replicas is unknown (nothing tells), which counts as one: declare"
                + " TIDEGATE_REPLICAS if there are more");
  }

  @Test
  void inside_kubernetes_it_says_that_unknown_counts_as_more_than_one() {
    assertThat(rule.evaluate(Situation.unknown().inKubernetes().evidence()).getFirst().evidence())
        .contains("counts as more than one", "TIDEGATE_REPLICAS=1");
  }

  @Test
  void a_platform_without_a_value_is_none() {
    assertThat(
            rule.evaluate(Situation.unknown().with("K_REVISION", " ").evidence())
                .getFirst()
                .evidence())
        .contains("counts as one");
  }

  @Test
  void a_declaration_of_one_is_no_advice_where_more_were_seen() {
    var seen = new ReplicaCount.AtLeast(3, "in Kubernetes");
    var unknown = Situation.counted(new ReplicaCount.Unknown("no right to list", seen));

    assertThat(rule.evaluate(unknown.inKubernetes().evidence()).getFirst().evidence())
        .contains("counts as more than one")
        .doesNotContain("declare TIDEGATE_REPLICAS=1");
  }

  @Test
  void a_known_number_is_no_finding() {
    assertThat(rule.evaluate(Situation.single().evidence())).isEmpty();
    assertThat(rule.evaluate(Situation.scaled().evidence())).isEmpty();
  }
}
