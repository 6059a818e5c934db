package io.tidegate.policy.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.policy.Rule;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.Severity;
import org.junit.jupiter.api.Test;

class SqliteReplicasTest extends RuleContract {
  private final EvidenceRule rule = SqliteRules.REPLICAS;

  @Override
  Rule rule() {
    return rule;
  }

  @Override
  Situation unsafe() {
    return Situation.scaled().with(Situation.sqlite("DATABASE_URL", "./app.db"));
  }

  @Override
  Situation safe() {
    return Situation.scaled().with(Situation.postgres(false));
  }

  @Test
  void sqlite_with_three_replicas_is_refused_with_its_evidence() {
    Finding finding = only(Situation.scaled().with("DATABASE_URL", "sqlite:///./app.db"));

    assertThat(finding.severity()).isEqualTo(Severity.ERROR);
    assertThat(finding.subject()).isEqualTo("database");
    assertThat(finding.evidence())
        .isEqualTo(
            "`DATABASE_URL` is sqlite:///./app.db; 3 replicas declared by TIDEGATE_REPLICAS");
  }

  @Test
  void sqlite_with_one_replica_is_a_warning() {
    assertThat(only(Situation.single()).severity()).isEqualTo(Severity.WARNING);
  }

  @Test
  void a_target_from_a_file_is_shown_by_its_url() {
    assertThat(only(Situation.scaled()).evidence()).startsWith("`DATABASE_URL` is sqlite:./app.db");
  }

  @Test
  void unknown_counts_as_more_than_one_inside_kubernetes_and_says_so() {
    Finding finding = only(Situation.unknown().inKubernetes());

    assertThat(finding.severity()).isEqualTo(Severity.ERROR);
    assertThat(finding.evidence())
        .contains("unknown (nothing tells)", "counts as more than one", "TIDEGATE_REPLICAS=1");
  }

  @Test
  void unknown_counts_as_one_elsewhere_and_says_so() {
    Finding finding = only(Situation.unknown());

    assertThat(finding.severity()).isEqualTo(Severity.WARNING);
    assertThat(finding.evidence()).contains("counts as one", "declare TIDEGATE_REPLICAS");
  }

  @Test
  void a_file_that_litefs_replicates_is_ambiguous() {
    var findings =
        rule.evaluate(
            Situation.scaled().with(Situation.sqlite("DATABASE_URL", "/litefs/app.db")).evidence());

    assertThat(findings).singleElement().extracting(Finding::severity).isEqualTo(Severity.WARNING);
    assertThat(findings.getFirst().evidence()).contains("LiteFS");
  }

  @Test
  void a_server_is_no_finding() {
    assertThat(rule.evaluate(Situation.scaled().with(Situation.postgres(true)).evidence()))
        .isEmpty();
  }

  private Finding only(Situation situation) {
    var findings =
        rule.evaluate(situation.with(Situation.sqlite("DATABASE_URL", "./app.db")).evidence());
    assertThat(findings).hasSize(1);
    return findings.getFirst();
  }
}
