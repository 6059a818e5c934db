package io.tidegate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.cli.Cli;
import io.tidegate.problem.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The files with which pre-commit and GitHub Actions run {@code check} have the fields that those two
 * document, and what they call is what the command line takes.
 */
class CheckInOtherToolsTest {
  /** <a href="https://pre-commit.com/#new-hooks">pre-commit: creating new hooks</a>. */
  private static final Set<String> HOOK =
      Set.of(
          "id",
          "name",
          "entry",
          "language",
          "files",
          "exclude",
          "types",
          "types_or",
          "exclude_types",
          "always_run",
          "fail_fast",
          "verbose",
          "pass_filenames",
          "require_serial",
          "description",
          "language_version",
          "minimum_pre_commit_version",
          "args",
          "stages",
          "additional_dependencies");

  /**
   * <a href="https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax">GitHub:
   * metadata of actions</a>.
   */
  private static final Set<String> ACTION =
      Set.of("name", "author", "description", "inputs", "outputs", "runs", "branding");

  private static final Set<String> STEP =
      Set.of(
          "run",
          "shell",
          "if",
          "name",
          "id",
          "env",
          "working-directory",
          "uses",
          "with",
          "continue-on-error");

  private static final Pattern INPUT = Pattern.compile("inputs\\.([a-z-]+)");

  @TempDir private Path folder;

  @BeforeEach
  void stubDocker() throws IOException {
    Path docker = folder.resolve("docker");
    Files.writeString(docker, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    assertThat(docker.toFile().setExecutable(true)).isTrue();
  }

  private static Object yaml(String file) throws IOException {
    return new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(Path.of(file)));
  }

  @SuppressWarnings("unchecked") // Keys in these files are texts.
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  private static Object at(Map<String, Object> map, String key) {
    return Objects.requireNonNull(map.get(key), key);
  }

  private static List<?> list(Map<String, Object> map, String key) {
    return (List<?>) at(map, key);
  }

  @Test
  void hook_hasWhatPreCommitDocuments_andCallsTheImagesProgram() throws IOException {
    List<?> hooks = (List<?>) yaml(".pre-commit-hooks.yaml");
    assertThat(hooks).hasSize(1);
    Map<String, Object> hook = map(Objects.requireNonNull(hooks.getFirst()));
    assertThat(HOOK).containsAll(hook.keySet());
    assertThat(hook).containsKeys("id", "name", "entry", "language");
    assertThat(at(hook, "language")).isEqualTo("docker");
    assertThat(at(hook, "entry")).isEqualTo("tidegate check");
    assertThat(Files.readString(Path.of("Dockerfile"))).contains("/usr/local/bin/tidegate");
  }

  @Test
  void action_hasWhatGitHubDocuments_andUsesEachInput() throws IOException {
    Map<String, Object> action = map(yaml("action.yml"));
    assertThat(ACTION).containsAll(action.keySet());
    assertThat(action).containsKeys("name", "description", "runs");
    Map<String, Object> inputs = map(at(action, "inputs"));
    assertThat(inputs.values())
        .allSatisfy(input -> assertThat(map(input)).containsOnlyKeys("description", "default"));
    assertThat(at(map(at(action, "runs")), "using")).isEqualTo("composite");
    assertThat(list(map(at(action, "runs")), "steps"))
        .allSatisfy(step -> {
          assertThat(STEP).containsAll(map(step).keySet());
          assertThat(map(step)).containsKeys("run", "shell");
          assertThat((String) at(map(step), "run")).doesNotContain("${{");
        });
    Set<String> used = new TreeSet<>();
    INPUT
        .matcher(Files.readString(Path.of("action.yml")))
        .results()
        .forEach(found -> used.add(found.group(1)));
    assertThat(used).containsExactlyInAnyOrderElementsOf(inputs.keySet());
  }

  /** What the last step of the action prints, with a "docker" that prints its arguments. */
  private List<String> check(Map<String, String> inputs) throws Exception {
    List<?> steps = list(map(at(map(yaml("action.yml")), "runs")), "steps");
    Map<String, Object> step = map(Objects.requireNonNull(steps.getLast()));
    // GitHub's own call of bash.
    ProcessBuilder bash =
        new ProcessBuilder(
                "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", (String) at(step, "run"))
            .directory(folder.toFile())
            .redirectErrorStream(true);
    Map<String, Object> defaults = map(at(map(yaml("action.yml")), "inputs"));
    map(at(step, "env"))
        .forEach((name, expression) -> {
          var input = INPUT.matcher((String) expression);
          assertThat(input.find()).isTrue();
          String byDefault = (String) at(map(at(defaults, input.group(1))), "default");
          bash.environment().put(name, inputs.getOrDefault(input.group(1), byDefault));
        });
    bash.environment().put("GITHUB_WORKSPACE", "/home/runner/work/shop");
    bash.environment().put("PATH", folder + ":" + System.getenv("PATH"));
    Process process = bash.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said.lines().toList();
  }

  @Test
  void action_callsCheck_withWhatItIsGiven() throws Exception {
    assertThat(check(Map.of()))
        .containsExactly(
            "run",
            "--rm",
            "--network",
            "none",
            "--volume",
            "/home/runner/work/shop:/work:ro",
            "--workdir",
            "/work",
            "tidegate-action",
            "check",
            "--format",
            "github",
            "--fail-on",
            "error",
            "--",
            ".");
    Map<String, String> inputs = new LinkedHashMap<>();
    inputs.put("files", "deploy/ compose.yaml\n$(touch bad) `touch bad`; touch bad");
    inputs.put("format", "sarif");
    inputs.put("baseline", "known.json");
    inputs.put("image", "registry.example/tidegate:1");
    inputs.put("report", "report file.sarif");
    assertThat(check(inputs)).isEmpty();
    assertThat(Files.readAllLines(folder.resolve("report file.sarif")))
        .containsSequence("registry.example/tidegate:1", "check", "--format", "sarif")
        .containsSequence("--baseline", "known.json", "--", "deploy/", "compose.yaml", "$(touch");
    assertThat(folder.resolve("bad")).doesNotExist();
  }

  @Test
  void whatTheActionCalls_isWhatTheCommandLineTakes() throws Exception {
    Path clean = Files.writeString(folder.resolve("clean.yaml"), "services: {web: {image: a}}\n");
    List<String> call = check(Map.of("files", clean.toString()));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    String[] arguments = call.subList(call.indexOf("check"), call.size()).toArray(String[]::new);
    assertThat(Cli.run(arguments, Map.of(), stream, stream))
        .as(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(ExitCode.DONE);
  }
}
