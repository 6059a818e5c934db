package io.tidegate.policy.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.policy.Rule;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.Severity;
import io.tidegate.replicas.ReplicaCount;
import io.tidegate.target.Target;
import java.util.List;
import org.junit.jupiter.api.Test;

class SqliteRolloutTest extends RuleContract {
  private static final String SOURCE =
      "in Kubernetes (Deployment web: spec.replicas 1, RollingUpdate with maxSurge 25%)";
  private static final Target SQLITE = Situation.sqlite("DATABASE_URL", "/data/app.db");

  private final EvidenceRule rule = SqliteRules.ROLLOUT;

  @Override
  Rule rule() {
    return rule;
  }

  @Override
  Situation unsafe() {
    return Situation.counted(new ReplicaCount.Exactly(1, SOURCE, 1)).with(SQLITE);
  }

  @Override
  Situation safe() {
    return Situation.counted(new ReplicaCount.Exactly(1, SOURCE)).with(SQLITE);
  }

  @Test
  void one_replica_that_is_rolled_out_beside_the_next_is_a_warning_with_the_fix() {
    List<Finding> findings = evaluate(new ReplicaCount.Exactly(1, SOURCE, 1), SQLITE);

    assertThat(findings).singleElement().extracting(Finding::severity).isEqualTo(Severity.WARNING);
    assertThat(findings.getFirst().evidence())
        .isEqualTo("`DATABASE_URL` is sqlite:/data/app.db; 1 replica " + SOURCE);
    assertThat(findings.getFirst().rule().fix()).contains("strategy: Recreate");
  }

  @Test
  void a_file_that_litefs_replicates_is_worth_a_notice() {
    assertThat(
            evaluate(
                new ReplicaCount.Exactly(1, SOURCE, 1),
                Situation.sqlite("DATABASE_URL", "/litefs/app.db")))
        .singleElement()
        .extracting(Finding::severity)
        .isEqualTo(Severity.NOTICE);
  }

  @Test
  void several_replicas_are_the_matter_of_another_rule() {
    assertThat(evaluate(new ReplicaCount.Exactly(2, SOURCE, 1), SQLITE)).isEmpty();
    assertThat(evaluate(new ReplicaCount.Unknown("nothing tells"), SQLITE)).isEmpty();
  }

  @Test
  void a_server_is_no_finding() {
    assertThat(evaluate(new ReplicaCount.Exactly(1, SOURCE, 1), Situation.postgres(false)))
        .isEmpty();
  }

  private List<Finding> evaluate(ReplicaCount replicas, Target target) {
    return rule().evaluate(Situation.counted(replicas).with(target).evidence());
  }
}
