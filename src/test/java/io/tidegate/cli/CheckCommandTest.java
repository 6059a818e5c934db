package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.manifest.FileCheck;
import io.tidegate.manifest.FileCheck.CheckOptions;
import io.tidegate.manifest.report.CheckReport.ReportFormat;
import io.tidegate.manifest.rules.FileRule;
import io.tidegate.problem.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code tidegate check}. */
class CheckCommandTest {
  @TempDir Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private String warned = "";
  private String refused = "";
  private String clean = "";

  @BeforeEach
  void files() throws IOException {
    warned = write("warned.yaml", "services: {db: {image: postgres}}\n");
    refused =
        write(
            "refused.yaml",
            "services: {web: {image: a, scale: 2, environment: {U: 'sqlite:///a.db'}}}\n");
    clean = write("clean.yaml", "services: {web: {image: a}}\n");
  }

  private String write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text).toString();
  }

  private ExitCode run(String... args) {
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    return Cli.run(args, Map.of(), stream, stream);
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void exits_by_what_it_finds() {
    assertThat(run("check", clean)).isEqualTo(ExitCode.DONE);
    assertThat(run("check", warned)).isEqualTo(ExitCode.DONE);
    assertThat(run("check", refused, warned)).isEqualTo(ExitCode.REFUSED);
    assertThat(run("check", directory.toString())).isEqualTo(ExitCode.REFUSED);
  }

  @Test
  void exits_by_what_it_is_told() {
    assertThat(run("check", "--fail-on", "warning", clean)).isEqualTo(ExitCode.DONE);
    assertThat(run("check", "--fail-on", "warning", warned)).isEqualTo(ExitCode.REFUSED);
    assertThat(run("check", "--fail-on=never", refused, "no-such-file")).isEqualTo(ExitCode.DONE);
    assertThat(run("check", "no-such-file")).isEqualTo(ExitCode.REFUSED);
    assertThat(run("check")).isEqualTo(ExitCode.USAGE);
    assertThat(run("check", "--fail-on", "sometimes", clean)).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void writes_what_it_is_asked_for() {
    run("check", "--format", "sarif", refused);
    assertThat(printed()).startsWith("{").contains("\"2.1.0\"", "sqlite-replicas");
    out.reset();
    run("check", "--format", "github", refused);
    assertThat(printed()).startsWith("::error file=");
    out.reset();
    run("check", refused);
    assertThat(printed()).contains("U is sqlite:///a.db; scale is 2 [sqlite-replicas]");
  }

  @Test
  void colours_are_for_a_terminal_that_wants_them() throws IOException {
    run("check", refused);
    assertThat(printed()).doesNotContain("\u001b");
    assertThat(coloured(refused))
        .contains(": \u001b[1;31merror\u001b[0m: service web: U is sqlite:///a.db");
    assertThat(coloured(refused).replaceAll("\u001b\\[[0-9;]+m", "")).isEqualTo(printed());
    assertThat(CheckCommand.isColoured(Map.of(), true)).isTrue();
    assertThat(CheckCommand.isColoured(Map.of(), false)).isFalse();
    assertThat(CheckCommand.isColoured(Map.of("NO_COLOR", "1"), true)).isFalse();
    assertThat(CheckCommand.isColoured(Map.of("TERM", "dumb"), true)).isFalse();
  }

  private static String coloured(String file) throws IOException {
    FileCheck check = new FileCheck(FileRule.all());
    CheckOptions options =
        new CheckOptions(
            false, Map.of(), InputStream.nullInputStream(), LocalDate.of(2026, 11, 21));
    StringBuilder text = new StringBuilder();
    ReportFormat.TEXT.write(check.check(List.of(file), options), check.rules(), false, true, text);
    return text.toString();
  }

  @Test
  void help_has_no_colours_on_a_dumb_terminal() {
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    Console console = new Console(Map.of("TERM", "dumb"), stream, stream);
    for (CommandLine line :
        PicocliRunner.commandLine(console, "--help").getSubcommands().values()) {
      assertThat(line.getColorScheme().ansi()).isEqualTo(CommandLine.Help.Ansi.OFF);
    }
  }

  @Test
  void a_baseline_holds_what_is_known_wherever_its_line_is_now() throws IOException {
    for (String format : new String[] {"json", "sarif"}) {
      out.reset();
      run("check", "--format", format, refused);
      String baseline = write("baseline." + format, printed());
      out.reset();
      String before = Files.readString(Path.of(refused));
      Files.writeString(Path.of(refused), "# one line more\n" + before);
      assertThat(run("check", "--baseline", baseline, refused)).isEqualTo(ExitCode.DONE);
      assertThat(printed()).doesNotContain("[sqlite-replicas]").contains("0 errors", " known");
      out.reset();
      run("check", "--verbose", "--baseline", baseline, refused);
      assertThat(printed()).contains(": known: ", "[sqlite-replicas]");
      out.reset();
      run("check", "--format", format, "--baseline", baseline, refused);
      String again = write("again." + format, printed());
      assertThat(run("check", "--baseline", again, refused)).isEqualTo(ExitCode.DONE);
      Files.writeString(Path.of(refused), before.replace("U:", "NEW:"));
      out.reset();
      assertThat(run("check", "--baseline", baseline, refused)).isEqualTo(ExitCode.REFUSED);
      assertThat(printed()).contains("NEW is sqlite:///a.db");
      Files.writeString(Path.of(refused), before);
    }
  }

  @Test
  void a_baseline_does_not_keep_what_was_accepted() throws IOException {
    String accepted =
        Files.readString(Path.of(refused)).stripTrailing()
            + " # tidegate: accept sqlite-replicas a trial\n";
    String file = write("accepted.yaml", accepted);
    for (String format : new String[] {"json", "sarif"}) {
      out.reset();
      assertThat(run("check", "--format", format, file)).isEqualTo(ExitCode.DONE);
      String baseline = write("baseline." + format, printed());
      Files.writeString(Path.of(file), accepted.substring(0, accepted.indexOf(" # ")) + "\n");
      assertThat(run("check", "--baseline", baseline, file)).isEqualTo(ExitCode.REFUSED);
      Files.writeString(Path.of(file), accepted);
    }
  }

  @Test
  void a_baseline_that_is_none_is_a_usage_error() throws IOException {
    String text = write("text", "a: b\n");
    assertThat(run("check", "--baseline", text, clean)).isEqualTo(ExitCode.USAGE);
    assertThat(run("check", "--baseline", "no-such-file", clean)).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void lists_every_rule_there_is() {
    assertThat(run("check", "--list-rules")).isEqualTo(ExitCode.DONE);
    String printed = printed();
    var files = FileRule.all();
    var live = Composition.guard().rules();
    assertThat(printed.lines().filter(line -> line.startsWith("    Fix: ")))
        .hasSize(files.size() + live.size());
    assertThat(files)
        .allSatisfy(rule ->
            assertThat(printed)
                .containsPattern(
                    "(?m)^%s +%s "
                        .formatted(
                            rule.card().id(),
                            rule.card().worst().name().toLowerCase(Locale.ROOT))));
    assertThat(live)
        .allSatisfy(rule ->
            assertThat(printed.substring(printed.indexOf("On settings")))
                .containsPattern(
                    "(?m)^%s +%s "
                        .formatted(
                            rule.card().id(),
                            rule.card().worst().name().toLowerCase(Locale.ROOT))));
  }
}
