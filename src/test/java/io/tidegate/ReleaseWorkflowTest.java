package io.tidegate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The workflow of a release has the fields that GitHub documents, and its own script does what it says. GitHub
 * has never run it: nothing here can.
 *
 * @see <a href="https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax">Workflow
 *     syntax</a>
 */
class ReleaseWorkflowTest {
  private static final Path WORKFLOW = Path.of(".github/workflows/release.yml");
  private static final Set<String> TOP =
      Set.of("name", "run-name", "on", "permissions", "env", "defaults", "concurrency", "jobs");
  private static final Set<String> JOB =
      Set.of(
          "name",
          "needs",
          "if",
          "runs-on",
          "permissions",
          "environment",
          "concurrency",
          "outputs",
          "env",
          "defaults",
          "steps",
          "timeout-minutes",
          "strategy",
          "continue-on-error",
          "container",
          "services");
  private static final Set<String> STEP =
      Set.of(
          "id",
          "if",
          "name",
          "uses",
          "run",
          "shell",
          "with",
          "env",
          "working-directory",
          "continue-on-error",
          "timeout-minutes");
  private static final Pattern PINNED = Pattern.compile("[\\w.-]+/[\\w.-]+@[0-9a-f]{40}");
  private static final Pattern NEEDED = Pattern.compile("needs\\.([a-z]+)\\.outputs\\.([a-z]+)");

  @TempDir private Path folder;

  @BeforeEach
  void script() throws IOException {
    Files.createDirectory(folder.resolve(".ci"));
    Path script = Files.copy(Path.of(".ci/release"), folder.resolve(".ci/release"));
    assertThat(script.toFile().setExecutable(true)).isTrue();
    Files.copy(Path.of("pom.xml"), folder.resolve("pom.xml"));
  }

  private static Map<?, ?> workflow() throws IOException {
    // YAML 1.1 reads the word "on" as true.
    return new Yaml(new SafeConstructor(new LoaderOptions()))
        .load(Files.readString(WORKFLOW).replaceFirst("(?m)^on:", "\"on\":"));
  }

  private static Map<?, ?> map(Map<?, ?> of, String key) {
    assertThat(of.get(key)).as(key).isInstanceOf(Map.class);
    return (Map<?, ?>) Objects.requireNonNull(of.get(key));
  }

  private static List<Map<?, ?>> steps(Map<?, ?> job) {
    List<Map<?, ?>> steps = new ArrayList<>();
    ((List<?>) Objects.requireNonNull(job.get("steps")))
        .forEach(step -> steps.add((Map<?, ?>) step));
    return steps;
  }

  private static List<Map<?, ?>> jobs() throws IOException {
    List<Map<?, ?>> jobs = new ArrayList<>();
    map(workflow(), "jobs").values().forEach(job -> jobs.add((Map<?, ?>) job));
    return jobs;
  }

  @Test
  void it_has_what_github_documents() throws IOException {
    assertThat(TOP).containsAll(keys(workflow()));
    assertThat(map(map(workflow(), "on"), "push").get("tags")).isEqualTo(List.of("v*"));
    for (Map<?, ?> job : jobs()) {
      assertThat(JOB).containsAll(keys(job));
      for (Map<?, ?> step : steps(job)) {
        assertThat(STEP).containsAll(keys(step));
        assertThat(step.containsKey("uses")).isNotEqualTo(step.containsKey("run"));
      }
    }
  }

  @Test
  void jobs_need_jobs_that_are_there_and_outputs_that_these_have() throws IOException {
    Map<?, ?> jobs = map(workflow(), "jobs");
    for (Map<?, ?> job : jobs()) {
      Object needs = job.get("needs");
      List<?> needed =
          needs instanceof List<?> list ? list : needs == null ? List.of() : List.of(needs);
      assertThat(keys(jobs)).containsAll(needed.stream().map(String::valueOf).toList());
      NEEDED
          .matcher(job.toString())
          .results()
          .forEach(output -> {
            assertThat(needed.contains(output.group(1))).as(output.group()).isTrue();
            assertThat(keys(map(map(jobs, output.group(1)), "outputs"))).contains(output.group(2));
          });
    }
  }

  @Test
  void actions_are_pinned_rights_are_named_and_no_value_becomes_a_command() throws IOException {
    assertThat(map(workflow(), "permissions")).as("none unless a job says so").isEmpty();
    for (Map<?, ?> job : jobs()) {
      assertThat(keys(map(job, "permissions"))).isNotEmpty();
      for (Map<?, ?> step : steps(job)) {
        if (step.get("uses") instanceof String uses) {
          assertThat(uses).matches(PINNED);
        } else {
          assertThat((String) step.get("run")).doesNotContain("${{");
        }
      }
    }
  }

  @Test
  void commands_are_well_formed_and_pass_what_the_dockerfile_takes() throws Exception {
    String dockerfile = Files.readString(Path.of("Dockerfile"));
    for (Map<?, ?> job : jobs()) {
      for (Map<?, ?> step : steps(job)) {
        if (step.get("run") instanceof String run) {
          Process bash = new ProcessBuilder("bash", "-n", "-c", run).inheritIO().start();
          assertThat(bash.waitFor()).as(run).isZero();
          Pattern.compile("--build-arg ([A-Z]+)=")
              .matcher(run)
              .results()
              .forEach(found -> assertThat(dockerfile).contains("ARG " + found.group(1) + "="));
        }
      }
    }
  }

  @Test
  void tag_has_to_be_the_version_of_the_pom() throws Exception {
    version("1.2.3");
    assertThat(release("version", "v1.2.3")).isEqualTo("1.2.3");
    assertThat(release("version", "v1.2.4"))
        .contains("exit 1", "the tag says 1.2.4, and pom.xml 1.2.3");
    for (String wrong : List.of("1.2.3", "v1.2", "v01.2.3", "v1.2.3;id", "vNext")) {
      assertThat(release("version", wrong)).contains("exit 1", "is no v and a semantic version");
    }
  }

  @Test
  void notes_are_the_section_of_the_changelog() throws Exception {
    Files.writeString(
        folder.resolve("CHANGELOG.md"),
        "# Changelog\n\n## 1.3.0 (unreleased)\n\n- c\n\n## 1.2.3 (2027-01-02)\n\n- b\n\n## 1.2.30\n\n- a\n");
    assertThat(release("notes", "1.2.3").strip()).isEqualTo("- b");
    assertThat(release("notes", "1.2.30").strip()).isEqualTo("- a");
    assertThat(release("notes", "1.3.0")).contains("exit 1", "is unreleased");
    assertThat(release("notes", "1.2")).contains("exit 1", "has no section 1.2");
  }

  private void version(String version) throws IOException {
    Path pom = folder.resolve("pom.xml");
    Files.writeString(
        pom,
        Files.readString(pom)
            .replaceFirst("<version>[^<]*</version>", "<version>" + version + "</version>"));
  }

  private String release(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(folder.resolve(".ci/release").toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.waitFor();
    return exit == 0 ? said.strip() : said + "exit " + exit;
  }

  private static Set<String> keys(Map<?, ?> map) {
    Map<String, Object> named = new HashMap<>();
    map.forEach((key, value) -> named.put(String.valueOf(key), String.valueOf(value)));
    return named.keySet();
  }
}
