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
        .containsOnlyKeys("files", "errors", "warnings", "notices", "findings", "accepted", "notes")
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
                    "documentation"));
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

  /** JSON is YAML too. */
  private static Object parse(String json) {
    return new Yaml(new SafeConstructor(new LoaderOptions())).load(json);
  }
}
