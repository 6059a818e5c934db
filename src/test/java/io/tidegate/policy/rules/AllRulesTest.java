package io.tidegate.policy.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.tidegate.cli.Composition;
import io.tidegate.manifest.FileCheck;
import io.tidegate.manifest.rules.FileRule;
import io.tidegate.policy.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What holds for every rule there is, found as the program finds them. */
class AllRulesTest {
  private static final Path PAGE = Path.of("docs/rules.md");

  private static final List<Rule> RULES = Composition.guard().rules();

  @Test
  void every_card_is_complete() {
    assertThat(RULES)
        .extracting(Rule::card)
        .allSatisfy(card -> {
          assertThat(card.id()).matches("[a-z]+(-[a-z]+)*");
          for (String text : List.of(card.title(), card.danger(), card.fix())) {
            assertThat(text).matches("[A-Z][^\\n]{9,299}[^.\\s]");
          }
          assertThat(card.documentation()).hasScheme("https");
        });
  }

  @Test
  void every_rule_has_a_test_of_both_outcomes() {
    JavaClasses tests = new ClassFileImporter().importPackages("io.tidegate.policy.rules");
    assertThat(
            tests.stream()
                .filter(type ->
                    type.isAssignableTo(RuleContract.class)
                        && !type.isEquivalentTo(RuleContract.class))
                .map(type -> ruleOf(type.reflect())))
        .containsExactlyInAnyOrderElementsOf(RULES.stream().map(rule -> rule.card().id()).toList());
  }

  private static String ruleOf(Class<?> test) {
    try {
      return ((RuleContract) test.getDeclaredConstructor().newInstance()).rule().card().id();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void a_rule_over_files_with_the_same_id_has_the_same_card() {
    assertThat(FileRule.all())
        .filteredOn(rule -> ids(RULES).contains(rule.card().id()))
        .hasSizeGreaterThan(2)
        .extracting(FileRule::card)
        .isSubsetOf(RULES.stream().map(Rule::card).toList());
  }

  @Test
  void a_card_is_constant() {
    assertThat(RULES).allSatisfy(rule -> assertThat(rule.card()).isSameAs(rule.card()));
  }

  @Test
  void no_rule_finds_anything_where_nothing_is_declared() {
    assertThat(RULES)
        .allSatisfy(rule -> assertThat(rule.evaluate(Situation.scaled().evidence())).isEmpty());
  }

  @Test
  void a_start_takes_the_rules_of_the_kinds_of_servers_that_it_has() {
    assertThat(ids(RuleCatalog.on(List.of(Situation.postgres(false)))))
        .contains("postgres-fsync", "superuser", "sqlite-environment", "replicas-unknown")
        .noneMatch(id -> id.startsWith("redis-") || id.startsWith("mysql-"))
        .isSubsetOf(ids(RULES));
    assertThat(ids(RuleCatalog.on(List.of(Situation.sqlite("DATABASE_URL", "/app.db")))))
        .contains("sqlite-replicas", "sqlite-rollout")
        .noneMatch(id -> id.startsWith("postgres-"));
  }

  private static List<String> ids(List<Rule> rules) {
    return rules.stream().map(rule -> rule.card().id()).toList();
  }

  /** Written anew by {@code -Ddocs=write}. */
  @Test
  void the_page_of_rules_is_current() throws IOException {
    String page = RulesPage.of(RULES, new FileCheck(FileRule.all()).rules());
    if ("write".equals(System.getProperty("docs"))) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, page);
    }
    assertThat(PAGE).content().isEqualTo(page);
  }
}
