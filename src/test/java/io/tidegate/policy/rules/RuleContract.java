package io.tidegate.policy.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.policy.Rule;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.Severity;
import io.tidegate.target.Facts;
import io.tidegate.target.Facts.Fact;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What every rule must do: find what it is for, leave what is safe alone, and blame nothing unknown. */
abstract class RuleContract {

  /** The rule, as it is evaluated in the tests. */
  abstract Rule rule();

  /** In which it must find something; with the facts that make it so, if it needs any. */
  abstract Situation unsafe();

  /** As close to it as can be, and clean. */
  abstract Situation safe();

  @Test
  void what_it_is_for_is_found() {
    List<Finding> findings = rule().evaluate(unsafe().evidence());

    assertThat(findings)
        .isNotEmpty()
        .allSatisfy(finding -> {
          assertThat(finding.rule()).isSameAs(rule().card());
          assertThat(finding.subject()).isNotBlank();
          assertThat(finding.evidence()).matches("[^\\n]{9,500}[^.\\s]");
        })
        .extracting(Finding::severity)
        .as("as bad as it says that it can be")
        .contains(rule().card().worst())
        .allMatch(severity -> severity.compareTo(rule().card().worst()) >= 0);
  }

  @Test
  void what_is_safe_is_left_alone() {
    assertThat(rule().evaluate(safe().evidence())).isEmpty();
  }

  /** Of a rule that needs no facts this says nothing. */
  @Test
  void unknown_is_at_worst_a_notice() {
    Situation unsafe = unsafe();
    if (!unsafe.facts().isEmpty()) {
      for (Facts none : List.of(refused(unsafe), Facts.NONE)) {
        Map<String, Facts> facts =
            unsafe.facts().keySet().stream().collect(Collectors.toMap(name -> name, name -> none));
        assertThat(rule().evaluate(unsafe.withFacts(facts).evidence()))
            .allSatisfy(finding -> assertThat(finding.severity()).isEqualTo(Severity.NOTICE));
      }
    }
  }

  @Test
  void nothing_is_said_of_a_server_that_was_not_asked() {
    Situation unsafe = unsafe();
    if (!unsafe.facts().isEmpty()) {
      assertThat(rule().evaluate(unsafe.withFacts(Map.of()).evidence())).isEmpty();
    }
  }

  private static Facts refused(Situation situation) {
    return new Facts(
        situation.facts().values().stream()
            .flatMap(facts -> facts.byName().keySet().stream())
            .distinct()
            .collect(
                Collectors.toMap(
                    name -> name,
                    name -> new Fact.Unknown("NOPERM this user has no permissions to run 'x'"))));
  }
}
