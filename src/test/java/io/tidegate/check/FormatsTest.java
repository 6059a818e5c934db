package io.tidegate.check;

import static io.tidegate.check.Checked.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.check.report.CheckReport;
import io.tidegate.check.report.Format;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
    assertThat(Checked.in(Format.TEXT, report()))
        .contains(
            "compose.yaml:5:9: warning: service db: ports has 5432:5432: reachable from outside")
        .contains("    | - 5432:5432\n")
        .contains("    Fix: Leave the port out")
        .contains("broken.yaml:2:1: error: is not valid YAML here")
        .contains("accepted: service db: the image postgres has no tag")
        .endsWith("1 files judged: 1 errors, 3 warnings, 1 notices, 1 accepted\n");
  }

  @Test
  void text_commands_no_terminal() {
    CheckReport report =
        Checked.stdin("services: {\"d\\eb\\u202e\\n::error::x\": {image: 'postgres'}}\n");
    for (Format format : Format.values()) {
      assertThat(Checked.in(format, report))
          .doesNotContain("\u001b", "\u202e")
          .satisfies(
              text -> assertThat(text.lines()).noneMatch(line -> line.startsWith("::error::x")));
    }
  }

  @Test
  void github_annotates() {
    assertThat(Checked.in(Format.GITHUB, report()).lines())
        .allMatch(line ->
            line.matches(
                "::(error|warning|notice) file=[^:,]+,line=\\d+,col=\\d+,title=[a-z-]+::.+"))
        .anyMatch(line ->
            line.contains("/a b%2Cc/compose.yaml,line=5,col=9,title=database-port::service"));
  }

  @Test
  @SuppressWarnings("unchecked") // A JSON object is a map of texts.
  void json_holds_all() {
    Map<String, Object> json = (Map<String, Object>) parse(Checked.in(Format.JSON, report()));
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

  /**
   * What the published schema of SARIF 2.1.0 demands of the objects that are written here: names,
   * required members, types and enumerations. The schema itself is not kept here, so this is its
   * structure as the specification has it, and not a validation against its text.
   */
  @Test
  void sarif_is_well_formed() {
    Object sarif = parse(Checked.in(Format.SARIF, report()));
    Map<?, ?> log = object(sarif, Set.of("version", "runs"), Set.of("$schema"));
    assertThat(log.get("version")).isEqualTo("2.1.0");
    Map<?, ?> run =
        object(
            list(log, "runs").getFirst(),
            Set.of("tool"),
            Set.of("results", "invocations", "columnKind"));
    assertThat(run.get("columnKind")).isIn("utf16CodeUnits", "unicodeCodePoints");
    Map<?, ?> tool = object(member(run, "tool"), Set.of("driver"), Set.of());
    Map<?, ?> driver =
        object(
            member(tool, "driver"), Set.of("name"), Set.of("rules", "version", "semanticVersion"));
    List<Object> ids = new ArrayList<>();
    for (Object one : list(driver, "rules")) {
      Map<?, ?> rule =
          object(
              one, Set.of("id"), Set.of("shortDescription", "fullDescription", "help", "helpUri"));
      ids.add(rule.get("id"));
      message(member(rule, "shortDescription"));
      message(member(rule, "fullDescription"));
      message(member(rule, "help"));
      assertThat(URI.create(String.valueOf(rule.get("helpUri")))).hasScheme("https");
    }
    assertThat(ids).doesNotHaveDuplicates();
    int suppressed = 0;
    for (Object one : list(run, "results")) {
      Map<?, ?> result =
          object(one, Set.of("message"), Set.of("ruleId", "level", "locations", "suppressions"));
      assertThat(result.get("ruleId")).isIn(ids);
      levelMessageAndLocation(result);
      if (result.containsKey("suppressions")) {
        suppressed++;
        Map<?, ?> suppression =
            object(
                list(result, "suppressions").getFirst(), Set.of("kind"), Set.of("justification"));
        assertThat(suppression.get("kind")).isEqualTo("inSource");
      }
    }
    assertThat(suppressed).isEqualTo(1);
    Map<?, ?> invocation =
        object(
            list(run, "invocations").getFirst(),
            Set.of("executionSuccessful"),
            Set.of("toolExecutionNotifications"));
    assertThat(invocation.get("executionSuccessful")).isEqualTo(false);
    for (Object one : list(invocation, "toolExecutionNotifications")) {
      levelMessageAndLocation(object(one, Set.of("message"), Set.of("level", "locations")));
    }
  }

  private static void levelMessageAndLocation(Map<?, ?> of) {
    assertThat(of.get("level")).isIn("none", "note", "warning", "error");
    message(member(of, "message"));
    Map<?, ?> location =
        object(list(of, "locations").getFirst(), Set.of(), Set.of("physicalLocation"));
    Map<?, ?> physical =
        object(member(location, "physicalLocation"), Set.of("artifactLocation"), Set.of("region"));
    Map<?, ?> artifact = object(member(physical, "artifactLocation"), Set.of("uri"), Set.of());
    assertThat(URI.create(String.valueOf(artifact.get("uri"))).getPath()).endsWith(".yaml");
    Map<?, ?> region =
        object(member(physical, "region"), Set.of("startLine", "startColumn"), Set.of());
    assertThat((Integer) region.get("startLine")).isPositive();
    assertThat((Integer) region.get("startColumn")).isPositive();
  }

  private static void message(Object object) {
    assertThat(object(object, Set.of("text"), Set.of()).get("text")).asString().isNotBlank();
  }

  private static Map<?, ?> object(Object object, Set<String> required, Set<String> allowed) {
    assertThat(object).isInstanceOf(Map.class);
    Map<?, ?> map = (Map<?, ?>) object;
    List<Object> names = new ArrayList<>(map.keySet());
    assertThat(names).containsAll(required);
    names.removeAll(required);
    names.removeAll(allowed);
    assertThat(names).isEmpty();
    return map;
  }

  private static Object member(Map<?, ?> of, String name) {
    return Objects.requireNonNull(of.get(name), name);
  }

  private static List<?> list(Map<?, ?> of, String name) {
    return (List<?>) member(of, name);
  }

  /** JSON is YAML too. */
  private static Object parse(String json) {
    return new Yaml(new SafeConstructor(new LoaderOptions())).load(json);
  }
}
