package io.tidegate.policy.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.policy.Rule;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.Severity;
import io.tidegate.target.Target;
import io.tidegate.target.Targets;
import org.junit.jupiter.api.Test;

class InlineCredentialsTest extends RuleContract {
  private final EvidenceRule rule = SettingsRules.INLINE_CREDENTIALS;

  @Override
  Rule rule() {
    return rule;
  }

  @Override
  Situation unsafe() {
    return Situation.single().with(Situation.postgres(true));
  }

  @Override
  Situation safe() {
    return Situation.single().with(Situation.postgres(false));
  }

  @Test
  void a_password_in_a_url_is_a_warning_however_many_replicas_there_are() {
    for (Situation situation : new Situation[] {Situation.single(), Situation.scaled()}) {
      var findings = rule.evaluate(situation.with(Situation.postgres(true)).evidence());
      assertThat(findings)
          .singleElement()
          .extracting(Finding::severity)
          .isEqualTo(Severity.WARNING);
      assertThat(findings.getFirst().evidence()).contains("`DATABASE_URL`");
    }
  }

  @Test
  void a_password_in_the_url_for_migrating_is_one_too() {
    Target target = Situation.postgres(false);
    Target migrated = new Targets(target).migratedAt("MIGRATION_URL", target.url(), true).target();
    assertThat(rule.evaluate(Situation.single().with(migrated).evidence()))
        .singleElement()
        .extracting(Finding::evidence)
        .asString()
        .contains("`MIGRATION_URL`");
  }

  @Test
  void a_password_in_a_file_is_no_finding() {
    assertThat(rule.evaluate(Situation.scaled().with(Situation.postgres(false)).evidence()))
        .isEmpty();
  }
}
