package io.tidegate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.cli.Cli;
import io.tidegate.problem.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What the documents tell people to copy or to type is well formed, and names commands, options and
 * files that there are.
 */
class DocumentationTest {
  private static final Pattern FENCE =
      Pattern.compile("(?m)^```(\\w*)\\n(.*?)^```$", Pattern.DOTALL);

  /** Our own program, called in a block of code or between backquotes. */
  private static final Pattern CALL =
      Pattern.compile(
          "(?m)(?:^ {4}|^\\$ .*?|^|`|\\| )tidegate"
              + " (run|init|wait|migrate|plan|status|resolve|check|completion|health)((?:\\\\\\n|[^`|#\\n])*)");

  private static final Pattern OPTION = Pattern.compile("(?<=\\s)--[a-z][a-zA-Z0-9.-]*");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:\\s]+)(?:#[^)]*)?\\)");

  /** A block of code, named by where it stands. */
  record Block(String where, String language, String text) {
    @Override
    public String toString() {
      return where + " " + language;
    }
  }

  static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>();
    for (String folder : List.of(".", "docs", "docs/engines", "docs/decisions", "k8s")) {
      try (Stream<Path> files = Files.list(Path.of(folder))) {
        files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
      }
    }
    return documents;
  }

  static List<Block> blocks() throws IOException {
    List<Block> blocks = new ArrayList<>();
    for (Path document : documents()) {
      String text = Files.readString(document);
      Matcher fence = FENCE.matcher(text);
      while (fence.find()) {
        long line = text.substring(0, fence.start()).lines().count() + 1;
        blocks.add(new Block(document + ":" + line, fence.group(1), fence.group(2)));
      }
    }
    return blocks;
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void block_is_well_formed(Block block) throws IOException, InterruptedException {
    switch (block.language()) {
      case "yaml" -> yaml(block.text());
      case "json" -> json(block.text());
      case "sh" -> shell(block.text());
      case "console" ->
          shell(
              block
                  .text()
                  .lines()
                  .filter(line -> line.startsWith("$ "))
                  .map(line -> line.substring(2))
                  .collect(Collectors.joining("\n")));
      default -> throw new AssertionError("say what " + block + " is: yaml, json, sh or console");
    }
  }

  private static void yaml(String text) {
    if (!text.contains("{{")) { // A template of Helm is none yet.
      new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(text).forEach(document -> {});
    }
  }

  private static void json(String text) {
    try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), text)) {
      while (parser.nextToken() != null) {
        // Reads to the end.
      }
    }
  }

  private static void shell(String text) throws IOException, InterruptedException {
    Process bash = new ProcessBuilder("bash", "-n").redirectErrorStream(true).start();
    try (OutputStream in = bash.getOutputStream()) {
      in.write(text.getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).as(said).isZero();
  }

  @ParameterizedTest
  @MethodSource("documents")
  void options_of_our_own_commands_are_there(Path document) throws IOException {
    String keys = Files.readString(Path.of("docs/configuration.md"));
    for (MatchResult call : CALL.matcher(Files.readString(document)).results().toList()) {
      String help = help(call.group(1));
      for (MatchResult option : OPTION.matcher(call.group(2)).results().toList()) {
        String key = option.group().substring(2).replaceFirst("^targets\\.[^.]+", "targets.<name>");
        boolean known = help.contains("Every key") && keys.contains("| `tidegate." + key + "` |");
        assertThat(known || help.matches("(?s).*" + option.group() + "\\b.*"))
            .as("%s: tidegate %s %s", document, call.group(1), option.group())
            .isTrue();
      }
    }
  }

  private static String help(String command) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    assertThat(Cli.run(new String[] {command, "--help"}, Map.of(), stream, stream))
        .isEqualTo(ExitCode.DONE);
    return out.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @MethodSource("documents")
  void links_lead_to_files_that_are_there(Path document) throws IOException {
    for (MatchResult link : LINK.matcher(Files.readString(document)).results().toList()) {
      assertThat(document.resolveSibling(link.group(1))).as(document.toString()).exists();
    }
  }

  @Test
  void troubleshooting_has_every_exit_code() throws IOException {
    List<String> headings =
        Files.readString(Path.of("docs/troubleshooting.md"))
            .lines()
            .filter(line -> line.startsWith("## "))
            .toList();
    assertThat(headings)
        .containsExactlyElementsOf(
            Stream.of(ExitCode.values())
                .filter(code -> code != ExitCode.DONE)
                .map(code -> "## %d: %s".formatted(code.number(), code.meaning()))
                .toList());
  }

  @Test
  void calls_of_our_own_program_are_found() throws IOException {
    assertThat(CALL.matcher(Files.readString(Path.of("README.md"))).results())
        .extracting(call -> call.group(1))
        .contains("init", "wait", "health");
  }
}
