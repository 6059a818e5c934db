package io.tidegate.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.manifest.report.CheckReport;
import io.tidegate.manifest.report.CheckReport.ReportFormat;
import io.tidegate.policy.Severity;
import io.tidegate.servers.RbacManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What we tell people to copy holds to what we tell people, and what we call refused is refused. What
 * kustomize and helm make of {@code k8s/} is checked where {@code .ci/manifests} has put it.
 */
class ExamplesTest {
  private static final Path EXAMPLES = Path.of("compose-examples");

  /** The folders that are meant to be refused, and by which rule. */
  private static final Map<String, String> REFUSED =
      Map.of(
          "refused-sqlite-three-replicas", "sqlite-replicas",
          "refused-redis-keeps-nothing", "redis-persistence");

  @TestFactory
  Stream<DynamicTest> each_example() throws IOException {
    return folders().stream()
        .map(folder -> DynamicTest.dynamicTest(name(folder), () -> evaluate(folder)));
  }

  @TestFactory
  Stream<DynamicTest> each_manifest() throws IOException {
    return yaml(Path.of("k8s"))
        .map(file -> DynamicTest.dynamicTest(name(file), () -> clean(Checked.files(file))));
  }

  @Test
  void what_readme_shows_holds_and_names_nothing_that_is_not_there() throws IOException {
    List<String> shown =
        Pattern.compile("(?m)^```yaml\\n(.*?)^```$", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("README.md")))
            .results()
            .map(match -> match.group(1))
            .toList();
    assertThat(shown).hasSize(2);
    for (String text : shown) {
      CheckReport report = Checked.stdin(text);
      assertThat(report.has(Severity.WARNING)).as(Checked.in(ReportFormat.TEXT, report)).isFalse();
    }
    assertThat(shown.getFirst())
        .contains("  db:\n", "secrets:\n  db-password:\n", "volumes:\n  db-data:\n")
        .contains("secrets: [db-password]", "./changelog:/changelog:ro");
    assertThat(shown.getLast())
        .contains("{name: db, mountPath: /secrets/db", "secret: {secretName: db}")
        .contains("{name: changelog, mountPath: /changelog", "configMap: {name: changelog}");
  }

  @TestFactory
  Stream<DynamicTest> each_rendered_manifest() throws IOException {
    String rendered = System.getProperty("tidegate.rendered");
    return rendered == null
        ? Stream.empty()
        : yaml(Path.of(rendered))
            .map(file ->
                DynamicTest.dynamicTest(
                    name(file), () -> clean(Checked.stdin(Files.readString(file)))));
  }

  @Test
  void a_directory_of_manifests_and_a_chart_is_checked_whole() {
    CheckReport report = Checked.files(Path.of("k8s"));
    assertThat(report.findings()).as(Checked.in(ReportFormat.TEXT, report)).isEmpty();
    assertThat(report.notes())
        .as("a template is not checked, and said not to be, once for each chart")
        .allMatch(note -> note.severity() == Severity.NOTICE)
        .hasSize(3);
  }

  @TestFactory
  Stream<DynamicTest> each_manifest_can_be_applied_and_says_where_it_belongs() throws IOException {
    return yaml(Path.of("k8s"))
        .map(file ->
            DynamicTest.dynamicTest(
                name(file),
                () -> assertThat(RbacManifest.documents(file)).allMatch(ExamplesTest::inTheShop)));
  }

  @Test
  void what_is_scraped_are_the_pods_in_which_tidegate_listens() throws IOException {
    Map<?, ?> service = RbacManifest.documents(Path.of("k8s/monitoring.yaml")).getFirst();
    Map<?, ?> selector = (Map<?, ?>) Objects.requireNonNull(at(service, "spec", "selector"));
    assertThat(at(service, "spec", "ports")).asString().contains("targetPort=8433");
    for (String file : List.of("init-container.yaml", "sidecar.yaml", "job.yaml")) {
      assertThat(RbacManifest.documents(Path.of("k8s", file)))
          .filteredOn(one ->
              at(one, "spec", "template", "metadata", "labels") instanceof Map<?, ?> labels
                  && labels.entrySet().containsAll(selector.entrySet()))
          .as(file)
          .hasSize(file.equals("sidecar.yaml") ? 1 : 0)
          .allMatch(one -> one.toString().contains("containerPort=8433"));
    }
  }

  /** Kustomize and Helm write the namespace themselves. */
  @Test
  void what_stands_in_two_places_is_the_same() throws IOException {
    Path k8s = Path.of("k8s");
    String rights =
        Files.readString(k8s.resolve("rbac.yaml"))
            .replaceAll("(?m)^(# Another namespace.*|  namespace: shop)\n", "")
            .replace("namespace: shop", "namespace: default");
    assertThat(k8s.resolve("component/rbac.yaml")).hasContent(rights);
    assertThat(k8s.resolve("chart/rbac.yaml")).hasContent(rights);
    String alerts = Files.readString(k8s.resolve("chart/alerts.yaml")).indent(2);
    assertThat(Files.readString(k8s.resolve("monitoring.yaml"))).endsWith("\nspec:\n" + alerts);
  }

  @Test
  void alerts_ask_for_metrics_that_there_are() throws IOException {
    String documented = Files.readString(Path.of("docs/metrics.md"));
    List<String> asked =
        Pattern.compile("tidegate_[a-z_]+")
            .matcher(Files.readString(Path.of("k8s/chart/alerts.yaml")))
            .results()
            .map(MatchResult::group)
            .distinct()
            .toList();
    assertThat(asked).hasSizeGreaterThan(5).allMatch(one -> documented.contains("`" + one + "`"));
  }

  @Test
  void every_refused_example_is_there_and_named_so() throws IOException {
    assertThat(
            folders().stream().map(ExamplesTest::name).filter(name -> name.startsWith("refused")))
        .containsExactlyInAnyOrderElementsOf(REFUSED.keySet());
  }

  @Test
  void every_example_says_what_it_is_and_is_in_the_list() throws IOException {
    String list = Files.readString(EXAMPLES.resolve("README.md"));
    for (Path folder : folders()) {
      assertThat(folder.resolve("README.md")).content().startsWith("# ");
      assertThat(list).contains("(" + name(folder) + "/)");
    }
  }

  private static void evaluate(Path folder) {
    CheckReport report = Checked.files(folder);
    String rule = REFUSED.get(name(folder));
    holds(report, rule == null ? List.of() : List.of(Severity.ERROR + " " + rule));
  }

  private static void clean(CheckReport report) {
    holds(report, List.of());
  }

  private static void holds(CheckReport report, List<String> findings) {
    String text = Checked.in(ReportFormat.TEXT, report);
    assertThat(report.files()).as(text).isPositive();
    assertThat(report.notes()).as(text).isEmpty();
    assertThat(report.accepted()).as(text).isEmpty();
    assertThat(
            report.findings().stream()
                .map(found -> found.finding().severity() + " " + found.finding().rule().id())
                .toList())
        .as(text)
        .isEqualTo(findings);
  }

  /** The manifests of a directory, without what is input to promtool or kustomize. */
  private static Stream<Path> yaml(Path directory) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all
          .filter(file -> file.toString().endsWith(".yaml"))
          .filter(file -> !name(file).matches("alert-tests.yaml|alerts.yaml"))
          .sorted()
          .toList()
          .stream();
    }
  }

  /** Whether a document is an object of the API, in the namespace that all of them share. */
  private static boolean inTheShop(Map<?, ?> document) {
    boolean namespace = "Namespace".equals(document.get("kind"));
    return document.get("apiVersion") != null
        && "shop".equals(at(document, "metadata", namespace ? "name" : "namespace"));
  }

  private static @Nullable Object at(Object document, String... names) {
    Object inner = document;
    for (String name : names) {
      inner = inner instanceof Map<?, ?> map ? map.get(name) : null;
    }
    return inner;
  }

  private static List<Path> folders() throws IOException {
    try (Stream<Path> all = Files.list(EXAMPLES)) {
      return all.filter(Files::isDirectory).sorted().toList();
    }
  }

  private static String name(Path folder) {
    return folder.getFileName().toString();
  }
}
