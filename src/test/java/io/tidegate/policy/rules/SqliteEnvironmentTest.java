package io.tidegate.policy.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.policy.Rule;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.Severity;
import org.junit.jupiter.api.Test;

class SqliteEnvironmentTest extends RuleContract {
  private final Rule rule = new SqliteRules.Environment();

  @Override
  Rule rule() {
    return rule;
  }

  @Override
  Situation unsafe() {
    return Situation.scaled().with("DB_CONNECTION", "sqlite");
  }

  @Override
  Situation safe() {
    return Situation.scaled().with("DB_CONNECTION", "pgsql");
  }

  @Test
  void sqlite_in_any_variable_is_refused_with_replicas() {
    var findings = rule.evaluate(Situation.scaled().with("DB_CONNECTION", "sqlite").evidence());

    assertThat(findings).singleElement().extracting(Finding::severity).isEqualTo(Severity.ERROR);
    assertThat(findings.getFirst().evidence())
        .isEqualTo("`DB_CONNECTION` is sqlite; 3 replicas declared by TIDEGATE_REPLICAS");
  }

  @Test
  void with_one_replica_it_is_a_warning() {
    assertThat(rule.evaluate(Situation.single().with("DB_CONNECTION", "sqlite").evidence()))
        .singleElement()
        .extracting(Finding::severity)
        .isEqualTo(Severity.WARNING);
  }

  @Test
  void what_may_be_safe_is_never_refused() {
    assertThat(rule.evaluate(Situation.scaled().with("DATABASE_PATH", "/data/app.db").evidence()))
        .singleElement()
        .extracting(Finding::severity)
        .isEqualTo(Severity.WARNING);
    assertThat(rule.evaluate(Situation.single().with("DATABASE_PATH", "/data/app.db").evidence()))
        .singleElement()
        .extracting(Finding::severity)
        .isEqualTo(Severity.NOTICE);
  }

  @Test
  void a_variable_that_declares_a_target_is_left_to_the_rule_on_targets() {
    assertThat(
            rule.evaluate(
                Situation.scaled()
                    .with(Situation.sqlite("DATABASE_URL", "./app.db"))
                    .with("DATABASE_URL", "sqlite:///./app.db")
                    .evidence()))
        .isEmpty();
  }

  @Test
  void the_reason_of_an_acceptance_is_no_finding() {
    assertThat(
            rule.evaluate(
                Situation.scaled()
                    .with("TIDEGATE_ACCEPT_SQLITE_REPLICAS_REASON", "sqlite:///cache.db is a cache")
                    .evidence()))
        .isEmpty();
  }

  @Test
  void evidence_holds_no_secret() {
    var findings =
        rule.evaluate(
            Situation.scaled()
                .with("A_DSN", "sqlite+pysqlcipher://:can/ary1@/data/app.db?cipher=canary2")
                .with("B_DSN", "Data Source=app.db;Password=canary3")
                .evidence());

    assertThat(findings).hasSize(2).noneMatch(finding -> finding.evidence().contains("ary"));
  }

  @Test
  void other_variables_are_no_finding() {
    assertThat(
            rule.evaluate(
                Situation.scaled().with("DOCUMENTATION", "https://sqlite.org/").evidence()))
        .isEmpty();
  }
}
