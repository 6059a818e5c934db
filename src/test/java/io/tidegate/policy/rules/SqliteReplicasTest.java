package io.tidegate.policy.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.policy.Rule;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.Severity;
import io.tidegate.replicas.ReplicaCount.AtLeast;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @ParameterizedTest
  @CsvSource({
    "ECS_CONTAINER_METADATA_URI_V4, Amazon ECS",
    "K_REVISION, Cloud Run",
    "CLOUD_RUN_JOB, Cloud Run",
    "RAILWAY_SERVICE_ID, Railway",
    "CONTAINER_APP_NAME, Azure Container Apps",
    "WEBSITE_SITE_NAME, Azure App Service",
    "RENDER_SERVICE_ID, Render",
    "FLY_APP_NAME, Fly.io",
    "NOMAD_ALLOC_ID, Nomad"
  })
  void unknown_counts_as_more_than_one_on_a_platform_that_scales_and_names_it(
      String mark, String platform) {
    Finding finding = only(Situation.unknown().with(mark, "web"));

    assertThat(finding.severity()).isEqualTo(Severity.ERROR);
    assertThat(finding.evidence())
        .endsWith(
            ", which on %s counts as more than one: if exactly one runs, declare TIDEGATE_REPLICAS=1"
                .formatted(platform));
  }

  @Test
  void one_address_does_not_prove_that_there_is_no_other_on_a_platform_that_scales() {
    var one = Situation.counted(new AtLeast(1, "seen as addresses of web-discovery"));

    assertThat(only(one.with("RENDER_SERVICE_ID", "srv-1")).severity()).isEqualTo(Severity.ERROR);
    assertThat(only(one).severity()).isEqualTo(Severity.WARNING);
  }

  @Test
  void one_that_is_declared_is_one_on_a_platform_that_scales() {
    assertThat(only(Situation.single().with("K_REVISION", "web-1")).severity())
        .isEqualTo(Severity.WARNING);
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
