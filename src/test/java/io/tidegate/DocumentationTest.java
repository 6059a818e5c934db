package io.tidegate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.tidegate.cli.Cli;
import io.tidegate.cli.CommandLines;
import io.tidegate.problem.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
      Pattern.compile("(?m)^```(\\w*)(?: ([^\\n]+))?\\n(.*?)^```$", Pattern.DOTALL);

  /** What nothing here can read has to say so behind its language, as in {@code hcl not-checked}. */
  private static final String NOT_CHECKED = "not-checked";

  /** Our own program, called in a block of code or between backquotes. */
  private static final Pattern CALL =
      Pattern.compile(
          "(?m)(?:^ {4}|^\\$ .*?|^|`|\\| )tidegate"
              + " (run|init|wait|migrate|plan|status|resolve|check|completion|health)((?:\\\\\\n|[^`|#\\n])*)");

  /** The same in a block of commands, wherever in a line it stands, and in a container. */
  private static final Pattern IN_SHELL =
      Pattern.compile(
          "(?m)(?:^|[\\s(])tidegate(?::[\\d.]+)?"
              + " (run|init|wait|migrate|plan|status|resolve|check|completion|health)\\b((?:\\\\\\n|[^|#\\n;&>)])*)");

  private static final Pattern INDENTED = Pattern.compile("(?m)^ {4}(\\S.*)$");
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|[^\\s\\\\]+");
  private static final Pattern OPTION = Pattern.compile("(?<=\\s)--[a-z][a-zA-Z0-9.-]*");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:\\s]+)(?:#[^)]*)?\\)");

  /**
   * A block of code, named by where it stands.
   *
   * @param mark what stands behind the language: a file that has these lines or is to get them, or
   *     {@link #NOT_CHECKED}; mostly nothing
   */
  record Block(String where, String language, String mark, String text) {
    @Override
    public String toString() {
      return where + " " + language;
    }

    /** What is typed. */
    String commands() {
      return language.equals("sh") ? text : typed();
    }

    private String typed() {
      return text.lines()
          .filter(line -> line.startsWith("$ "))
          .map(line -> line.substring(2))
          .collect(Collectors.joining("\n"));
    }
  }

  @TempDir private Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>();
    for (String folder : List.of(".", "docs", "k8s", "compose-examples")) {
      int depth = folder.equals(".") ? 1 : 2;
      try (Stream<Path> files = Files.walk(Path.of(folder), depth)) {
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
        String mark = Objects.requireNonNullElse(fence.group(2), "");
        blocks.add(new Block(document + ":" + line, fence.group(1), mark, fence.group(3)));
      }
    }
    return blocks;
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void block_is_well_formed(Block block) throws IOException, InterruptedException, SQLException {
    switch (block.language()) {
      case "yaml" -> yaml(block);
      case "json" -> json(block.text());
      case "sql" -> sql(block.text());
      case "sh", "console" -> shell(block.commands());
      case "text" -> assertThat(block.text()).isNotBlank(); // What a program prints.
      default ->
          assertThat(block.mark())
              .as("say what %s is: yaml, json, sql, sh, console, text, or %s", block, NOT_CHECKED)
              .isEqualTo(NOT_CHECKED);
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void every_fence_belongs_to_a_block(Path document) throws IOException {
    String text = Files.readString(document);
    long fences = text.lines().filter(line -> line.strip().startsWith("```")).count();
    assertThat(fences).isEqualTo(2 * FENCE.matcher(text).results().count());
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void block_that_names_a_file_of_the_repository_stands_in_it(Block block) throws IOException {
    Path file = Path.of(block.mark());
    if (!block.mark().isEmpty() && Files.isDirectory(file.getName(0))) {
      assertThat(Files.readString(file)).contains(block.text());
    }
  }

  private void yaml(Block block) throws IOException {
    if (block.text().contains("{{")) { // A template of Helm is none yet.
      return;
    }
    boolean deployed = false;
    for (Object document :
        new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(block.text())) {
      deployed |=
          document instanceof Map<?, ?> map
              && (map.get("services") instanceof Map<?, ?> || map.containsKey("apiVersion"));
    }
    if (deployed) {
      Path file = Files.writeString(folder.resolve("compose.yaml"), block.text());
      String failOn =
          block.mark().isEmpty() ? "warning" : "error"; // A part of a project is no whole.
      assertThat(run("check", "--fail-on", failOn, file.toString()))
          .as(printed())
          .isEqualTo(ExitCode.DONE);
    }
  }

  /** SQLite reads it before it looks for the tables, which are not there. */
  private static void sql(String text) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(text);
    } catch (SQLException e) {
      assertThat(e.getMessage()).contains("no such table");
    }
  }

  private ExitCode run(String... arguments) {
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    return Cli.run(arguments, Map.of(), stream, stream);
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
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

  static List<String> calls() throws IOException {
    List<String> typed = new ArrayList<>();
    blocks().stream()
        .filter(block -> List.of("sh", "console").contains(block.language()))
        .forEach(block -> typed.add(block.commands()));
    for (Path document : documents()) {
      String prose = FENCE.matcher(Files.readString(document)).replaceAll("");
      INDENTED.matcher(prose).results().forEach(line -> typed.add(line.group(1)));
    }
    return typed.stream()
        .flatMap(text -> IN_SHELL.matcher(text).results())
        .map(call -> call.group(1) + call.group(2))
        .distinct()
        .toList();
  }

  @ParameterizedTest
  @MethodSource("calls")
  void call_in_a_block_is_one_that_the_program_takes(String call) {
    List<String> words =
        WORD.matcher(call)
            .results()
            .map(word -> word.group().replaceAll("^([\"'])(.*)\\1$", "$2"))
            .toList();
    assertThatCode(() -> CommandLines.read(words)).doesNotThrowAnyException();
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

  private String help(String command) {
    out.reset();
    assertThat(run(command, "--help")).isEqualTo(ExitCode.DONE);
    return printed();
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
    assertThat(calls())
        .contains(
            "status",
            "check compose.yaml",
            "check -",
            "resolve database 003-index.sql --applied --reason \"the index is there\"");
    assertThat(CALL.matcher(Files.readString(Path.of("README.md"))).results())
        .extracting(call -> call.group(1))
        .contains("init", "wait", "health");
  }
}
