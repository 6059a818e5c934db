package io.tidegate.guard.rules;

import static io.tidegate.guard.rules.Situation.known;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.engine.Role;
import io.tidegate.engine.Targets;
import io.tidegate.guard.Finding;
import io.tidegate.guard.Rule;
import io.tidegate.guard.Severity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequiredPrimaryTest extends RuleContract {
  private final RequiredPrimary rule = new RequiredPrimary();

  @Override
  Rule rule() {
    return rule;
  }

  @Override
  Situation unsafe() {
    return situation(Role.PRIMARY, "role", "slave");
  }

  @Override
  Situation safe() {
    return situation(Role.PRIMARY, "role", "master");
  }

  @ParameterizedTest
  @CsvSource({
    "role, slave",
    "in_recovery, on",
    "read_only, ON",
    "innodb_read_only, 1",
    "node.10.0.0.7:6379.role, slave"
  })
  void a_replica_of_any_engine_is_refused(String fact, String value) {
    assertThat(judge(situation(Role.PRIMARY, fact, value)))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.severity()).isEqualTo(Severity.WARNING);
          assertThat(finding.evidence())
              .contains(fact.substring(fact.lastIndexOf('.') + 1) + " is " + value);
        });
  }

  @ParameterizedTest
  @CsvSource({"in_recovery, off", "read_only, OFF", "innodb_read_only, 0"})
  void a_primary_of_any_engine_is_clean(String fact, String value) {
    assertThat(judge(situation(Role.PRIMARY, fact, value))).isEmpty();
  }

  @Test
  void where_any_role_will_do_a_replica_is_clean() {
    assertThat(judge(situation(Role.ANY, "role", "slave"))).isEmpty();
  }

  private List<Finding> judge(Situation situation) {
    return rule.judge(situation.evidence());
  }

  private static Situation situation(Role role, String fact, String value) {
    return Situation.single()
        .with(Targets.at("redis", 6379, "").role(role).target())
        .facts(Map.of(fact, known(value)));
  }
}
