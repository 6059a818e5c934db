package io.tidegate.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.policy.Guard.Acceptance;
import io.tidegate.policy.Guard.Verdict;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.replicas.ReplicaCount;
import java.net.URI;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GuardTest {
  private static final LocalDate TODAY = LocalDate.of(2026, 11, 21);
  private static final Evidence EVIDENCE =
      new Evidence(new ReplicaCount.Exactly(3, "declared"), List.of(), Map.of(), Map.of());

  private final Rule error = new Fixed("sqlite-replicas", Severity.ERROR);
  private final Rule notice = new Fixed("a-notice", Severity.NOTICE);
  private final Guard guard = new Guard(List.of(notice, error));

  @Test
  void the_worst_comes_first_and_an_error_refuses() {
    Verdict verdict = guard.evaluate(EVIDENCE, List.of(), TODAY);

    assertThat(verdict.refused()).isTrue();
    assertThat(verdict.findings())
        .extracting(Finding::severity)
        .containsExactly(Severity.ERROR, Severity.NOTICE);
  }

  @Test
  void a_refusal_names_rule_evidence_danger_fix_and_the_way_to_accept_it() {
    List<Problem> problems = guard.problems(guard.evaluate(EVIDENCE, List.of(), TODAY));

    assertThat(problems).singleElement().extracting(Problem::exit).isEqualTo(ExitCode.REFUSED);
    assertThat(problems.getFirst().line())
        .isEqualTo(
            "subject: refused by the rule sqlite-replicas: seen. Danger. Fix. To accept it as it is,"
                + " set TIDEGATE_ACCEPT_SQLITE_REPLICAS_REASON to the reason.");
  }

  @Test
  void what_is_accepted_does_not_refuse_and_keeps_its_reason() {
    Verdict verdict =
        guard.evaluate(EVIDENCE, List.of(new Acceptance("sqlite-replicas", "a toy", TODAY)), TODAY);

    assertThat(verdict.refused()).isFalse();
    assertThat(guard.problems(verdict)).isEmpty();
    assertThat(verdict.accepted())
        .singleElement()
        .extracting(Finding::evidence)
        .isEqualTo("seen; accepted until 2026-11-21: a toy");
  }

  @Test
  void an_expired_acceptance_does_not_hold_and_says_so() {
    LocalDate yesterday = TODAY.minusDays(1);
    Verdict verdict =
        guard.evaluate(
            EVIDENCE, List.of(new Acceptance("sqlite-replicas", "a toy", yesterday)), TODAY);

    assertThat(verdict.refused()).isTrue();
    assertThat(verdict.findings().getFirst().evidence())
        .isEqualTo("seen; its acceptance expired after 2026-11-20");
  }

  @Test
  void an_acceptance_of_no_rule_is_refused_with_the_likely_one() {
    List<Acceptance> typo = List.of(new Acceptance("sqlite-replica", "a toy", null));

    assertThat(guard.problems(typo))
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.exit()).isEqualTo(ExitCode.REFUSED);
          assertThat(problem.where()).isEqualTo("TIDEGATE_ACCEPT_SQLITE_REPLICA_REASON");
          assertThat(problem.remedy()).isEqualTo("Did you mean sqlite-replicas");
        });
    assertThatThrownBy(() -> guard.evaluate(EVIDENCE, typo, TODAY))
        .isInstanceOf(ProblemException.class);
    assertThat(guard.problems(List.of(new Acceptance("else", "x", null))).getFirst().remedy())
        .isEqualTo("The rules are a-notice, sqlite-replicas");
  }

  @Test
  void a_rule_that_throws_blocks_and_is_called_a_bug() {
    for (Rule broken :
        List.of(
            new Broken(new IllegalStateException("password=canary")),
            new Broken(new StackOverflowError()),
            new Broken(new NoClassDefFoundError("gone")))) {
      Guard withBroken = new Guard(List.of(notice, broken));
      Verdict verdict = withBroken.evaluate(EVIDENCE, List.of(), TODAY);

      assertThat(verdict.refused()).isTrue();
      assertThat(verdict.findings()).hasSize(2);
      assertThat(withBroken.problems(verdict).getFirst().line())
          .contains("broken", "a bug in Tidegate")
          .doesNotContain("canary");
    }
  }

  @Test
  void two_rules_with_one_id_stop_the_start() {
    assertThatThrownBy(
            () -> new Guard(List.of(error, new Fixed("sqlite-replicas", Severity.NOTICE))))
        .hasMessageContaining("two rules have the id sqlite-replicas");
  }

  private static RuleCard card(String id, Severity worst) {
    return new RuleCard(id, worst, "Title", "Danger", "Fix.", URI.create("https://example.com/"));
  }

  private record Fixed(String id, Severity severity) implements Rule {
    @Override
    public RuleCard card() {
      return GuardTest.card(id, severity);
    }

    @Override
    public List<Finding> evaluate(Evidence evidence) {
      return List.of(new Finding(card(), severity, "subject", "seen"));
    }
  }

  private record Broken(Throwable thrown) implements Rule {
    @Override
    public RuleCard card() {
      return GuardTest.card("broken", Severity.NOTICE);
    }

    @Override
    public List<Finding> evaluate(Evidence evidence) {
      if (thrown instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) thrown;
    }
  }
}
