package io.tidegate.manifest;

import static io.tidegate.manifest.Checked.write;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.tidegate.manifest.report.CheckReport;
import io.tidegate.manifest.report.CheckReport.ReportFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The forms of a report. */
class FormatsTest {
  @TempDir Path directory;

  private CheckReport report() {
    write(
        directory,
        "a b,c/compose.yaml",
        """
        services:
          db:
            image: "postgres" # tidegate: accept database-image a demonstration
            ports:
              - 5432:5432
        """);
    write(directory, "broken.yaml", "a: [\n");
    return Checked.files(directory);
  }

  @Test
  void text_shows_the_line() {
    assertThat(Checked.in(ReportFormat.TEXT, report()))
        .contains(
            "compose.yaml:5:9: warning: service db: ports has 5432:5432: reachable from outside")
        .contains("    | - 5432:5432\n")
        .contains("    Fix: Leave the port out")
        .contains("broken.yaml:2:1: error: is not valid YAML here")
        .contains("accepted: service db: the image postgres has no tag")
        .endsWith("1 files checked: 1 errors, 3 warnings, 1 notices, 1 accepted\n");
  }

  @Test
  void text_commands_no_terminal() {
    CheckReport report =
        Checked.stdin("services: {\"d\\eb\\u202e\\n::error::x\": {image: 'postgres'}}\n");
    for (ReportFormat format : ReportFormat.values()) {
      assertThat(Checked.in(format, report))
          .doesNotContain("\u001b", "\u202e")
          .satisfies(
              text -> assertThat(text.lines()).noneMatch(line -> line.startsWith("::error::x")));
    }
  }

  @Test
  void github_annotates() {
    assertThat(Checked.in(ReportFormat.GITHUB, report()).lines())
        .allMatch(line ->
            line.matches(
                "::(error|warning|notice) file=[^:,]+,line=\\d+,col=\\d+,title=[a-z-]+::.+"))
        .anyMatch(line ->
            line.contains("/a b%2Cc/compose.yaml,line=5,col=9,title=database-port::service"));
  }

  @Test
  @SuppressWarnings("unchecked") // A JSON object is a map of texts.
  void json_holds_all() {
    Map<String, Object> json = (Map<String, Object>) parse(Checked.in(ReportFormat.JSON, report()));
    assertThat(json)
        .containsOnlyKeys(
            "files", "errors", "warnings", "notices", "findings", "accepted", "known", "notes")
        .containsEntry("errors", 1)
        .containsEntry("warnings", 3);
    assertThat((List<Map<String, Object>>) json.get("findings"))
        .allSatisfy(finding ->
            assertThat(finding)
                .containsOnlyKeys(
                    "rule",
                    "severity",
                    "file",
                    "line",
                    "column",
                    "subject",
                    "evidence",
                    "source",
                    "danger",
                    "fix",
                    "documentation",
                    "fingerprint"));
    assertThat((List<Map<String, Object>>) json.get("accepted"))
        .singleElement()
        .satisfies(finding -> assertThat(finding).containsEntry("reason", "a demonstration"));
  }

  @Test
  void sarif_is_valid_against_its_schema() throws IOException {
    String sarif = Checked.in(ReportFormat.SARIF, report());
    try (InputStream schema =
        ReportFormat.class.getResourceAsStream("/schema/sarif-schema-2.1.0.json")) {
      assertThat(schema).isNotNull();
      assertThat(
              SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                  .getSchema(schema)
                  .validate(sarif, InputFormat.JSON))
          .isEmpty();
    }
    assertThat(sarif)
        .contains("\"ruleId\" : \"database-port\"", "\"inSource\"", "toolExecutionNotifications")
        .contains("a%20b,c/compose.yaml");
  }

  @Test
  @SuppressWarnings("unchecked") // A JSON array is a list of maps.
  void gitlab_has_what_its_code_quality_needs() {
    var issues = (List<Map<String, Object>>) parse(Checked.in(ReportFormat.GITLAB, report()));
    assertThat(issues)
        .hasSize(5)
        .allSatisfy(issue -> {
          assertThat(issue)
              .containsOnlyKeys("description", "check_name", "fingerprint", "severity", "location");
          assertThat(String.valueOf(issue.get("fingerprint"))).matches("[0-9a-f]{64}");
          assertThat(String.valueOf(issue.get("location")))
              .matches("\\{path=.+yaml, lines=\\{begin=\\d+}}");
        })
        .extracting(issue -> issue.get("severity"))
        .contains("critical", "major", "info");
  }

  @Test
  void text_has_the_worst_first_and_one_line_a_rule_for_notices() {
    StringBuilder services = new StringBuilder("services:\n");
    for (int i = 0; i < 44; i++) {
      services.append(
          "  s%d: {image: 'app:1', user: '1000', environment: {DB_HOST: db}}\n".formatted(i));
    }
    services.append("  db: {image: postgres}\n");
    services.append("  web: {image: 'a:1', scale: 2, environment: {U: 'sqlite:///a.db'}}\n");
    CheckReport report = Checked.stdin(services.toString());
    String text = Checked.in(ReportFormat.TEXT, report);
    assertThat(text.indexOf(": error: ")).isLessThan(text.indexOf(": warning: "));
    assertThat(text.lastIndexOf(": warning: ")).isLessThan(text.indexOf(": notice: "));
    assertThat(text.lines().filter(line -> line.contains(": notice: ")))
        .hasSizeLessThan(5)
        .anyMatch(line -> line.matches(".*\\[capabilities] and 4\\d more; --verbose shows all"));
    assertThat(text.lines().toList().reversed().subList(0, 2))
        .anyMatch(line -> line.startsWith("1 files checked: 1 errors"))
        .anyMatch(line -> line.startsWith("Do first: -:47") && line.contains("sqlite-replicas"));
    assertThat(Checked.in(ReportFormat.JSON, report).lines())
        .filteredOn(line -> line.contains("\"capabilities\""))
        .hasSizeGreaterThanOrEqualTo(44);
  }

  /** JSON is YAML too. */
  private static Object parse(String json) {
    return new Yaml(new SafeConstructor(new LoaderOptions())).load(json);
  }
}
