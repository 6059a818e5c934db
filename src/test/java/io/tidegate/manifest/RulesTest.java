package io.tidegate.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.manifest.report.CheckReport;
import io.tidegate.manifest.report.CheckReport.ReportFormat;
import io.tidegate.manifest.rules.FileRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Each rule over a table of files in {@code rules/RULE.yaml}: a document has {@code name}, {@code
 * finds} (a severity, or nothing) and {@code file}.
 */
class RulesTest {
  private static final Path TABLES = Path.of("src/test/resources/check/rules");

  /** A row of a table. */
  record Row(String rule, String name, String finds, String file) {
    @Override
    public String toString() {
      return rule + ": " + name;
    }
  }

  static Stream<Row> rows() {
    return Checked.CHECK.rules().stream().flatMap(rule -> rows(rule.card().id()));
  }

  private static Stream<Row> rows(String rule) {
    Path table = TABLES.resolve(rule + ".yaml");
    try {
      Iterable<Object> documents =
          new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(Files.readString(table));
      Stream.Builder<Row> rows = Stream.builder();
      for (Object document : documents) {
        Map<?, ?> row = (Map<?, ?>) document;
        rows.add(
            new Row(
                rule,
                String.valueOf(row.get("name")),
                row.get("finds") == null ? "" : String.valueOf(row.get("finds")),
                String.valueOf(row.get("file"))));
      }
      return rows.build();
    } catch (IOException e) {
      throw new AssertionError("the rule " + rule + " has no table " + table, e);
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void finds(Row row) {
    CheckReport report = Checked.stdin(row.file());
    List<String> severities =
        report.findings().stream()
            .filter(found -> found.finding().rule().id().equals(row.rule()))
            .map(found -> found.finding().severity().name().toLowerCase(Locale.ROOT))
            .distinct()
            .toList();
    assertThat(report.files()).as(Checked.in(ReportFormat.TEXT, report)).isEqualTo(1);
    assertThat(severities)
        .as(Checked.in(ReportFormat.TEXT, report))
        .isEqualTo(row.finds().isEmpty() ? List.of() : List.of(row.finds()));
  }

  @Test
  void each_rule_has_a_test_of_both_outcomes() {
    Map<String, Boolean> found = new TreeMap<>();
    Map<String, Boolean> clean = new TreeMap<>();
    rows().forEach(row -> (row.finds().isEmpty() ? clean : found).put(row.rule(), true));
    List<String> ids = Checked.CHECK.rules().stream().map(rule -> rule.card().id()).toList();
    assertThat(found).containsOnlyKeys(ids);
    assertThat(clean).containsOnlyKeys(ids);
  }

  @Test
  void each_rule_says_who_it_is() {
    for (FileRule rule : Checked.CHECK.rules()) {
      assertThat(rule.card().id()).matches("[a-z]+(-[a-z]+)*");
      assertThat(rule.card().title()).isNotBlank().doesNotEndWith(".");
      assertThat(rule.card().danger()).isNotBlank().doesNotEndWith(".");
      assertThat(rule.card().fix()).isNotBlank().doesNotEndWith(".");
      assertThat(rule.card().documentation()).hasScheme("https");
    }
  }
}
