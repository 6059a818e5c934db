package io.tidegate.cli;

import io.tidegate.manifest.FileCheck;
import io.tidegate.manifest.FileCheck.CheckOptions;
import io.tidegate.manifest.report.Baseline;
import io.tidegate.manifest.report.CheckReport;
import io.tidegate.manifest.report.CheckReport.ReportFormat;
import io.tidegate.manifest.rules.FileRule;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.source.SourceFile.UnreadableFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code check}: checks files before anything is deployed. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description =
        "Checks Compose files, Kubernetes manifests, and files of ECS, Nomad, Render and Fly.io"
            + " before anything is deployed. Exits 78 where"
            + " something is refused.")
final class CheckCommand implements Callable<Integer> {

  /** From which severity on the command fails. */
  enum FailOn {
    ERROR,
    WARNING,
    NEVER
  }

  private final Console console;

  @Parameters(
      paramLabel = "FILES",
      description =
          "Files, directories, or - for standard input, as in: kustomize build | tidegate check -")
  private final List<String> files = new ArrayList<>();

  @Option(names = "--format", description = "text, json, sarif, github or gitlab; default text.")
  private ReportFormat format = ReportFormat.TEXT;

  @Option(
      names = "--fail-on",
      description = "The mildest finding that fails: warning, error or never; default error.")
  private FailOn failOn = FailOn.ERROR;

  @Option(
      names = "--baseline",
      paramLabel = "FILE",
      description =
          "An earlier report, json or sarif: what it holds is known, and neither shown nor failed for.")
  private @Nullable Path baseline;

  @Option(names = "--verbose", description = "Lists each notice and each known finding.")
  private boolean verbose;

  @Option(
      names = "--merge",
      description = "Lays all Compose files over each other, in the order given, as with -f.")
  private boolean merge;

  @Option(
      names = "--list-rules",
      description = "Lists all rules, those on live servers too, and checks nothing.")
  private boolean listRules;

  CheckCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    FileCheck check = new FileCheck(FileRule.all());
    if (listRules) {
      console.print("On files, checked by check, and how bad they are at worst:");
      check.rules().forEach(rule -> print(rule.card(), rule.card().worst()));
      console.print("");
      console.print(
          "On settings and live servers, checked by init and run, and how bad they are at worst:");
      Composition.guard().rules().forEach(rule -> print(rule.card(), rule.card().worst()));
      return ExitCode.DONE.number();
    }
    if (files.isEmpty()) {
      throw new ProblemException(
          new Problem(
              ExitCode.USAGE,
              "no file is named",
              "command line",
              "Name files or directories, or - for standard input"));
    }
    Optional<Baseline> known = readBaseline();
    CheckReport all = check.check(files, options());
    CheckReport report = known.map(all::comparedWith).orElse(all);
    // There is none where input or output is redirected.
    boolean terminal =
        Optional.ofNullable(System.console()).filter(java.io.Console::isTerminal).isPresent();
    boolean coloured = isColoured(console.environment(), terminal);
    StringBuilder text = new StringBuilder();
    format.write(report, check.rules(), verbose, coloured, text);
    console.out().print(text);
    console.out().flush();
    return exit(report).number();
  }

  /**
   * Whether text has colours: on a terminal, unless somebody wants none.
   *
   * @see <a href="https://no-color.org/">NO_COLOR</a>
   */
  static boolean isColoured(Map<String, String> environment, boolean terminal) {
    return terminal
        && environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !environment.getOrDefault("TERM", "").equals("dumb");
  }

  private Optional<Baseline> readBaseline() {
    try {
      return baseline == null ? Optional.empty() : Optional.of(Baseline.read(baseline));
    } catch (UnreadableFileException e) {
      throw new ProblemException(
          new Problem(ExitCode.USAGE, e.note().what(), "--baseline", e.note().remedy()));
    }
  }

  private CheckOptions options() {
    return new CheckOptions(
        merge, console.environment(), System.in, LocalDate.now(Clock.systemUTC()));
  }

  private ExitCode exit(CheckReport report) {
    boolean failed =
        switch (failOn) {
          case NEVER -> false;
          case ERROR -> report.has(Severity.ERROR);
          case WARNING -> report.has(Severity.WARNING);
        };
    return failed ? ExitCode.REFUSED : ExitCode.DONE;
  }

  private void print(RuleCard card, Severity worst) {
    String word = worst.name().toLowerCase(Locale.ROOT);
    console.print("%-28s %-8s %s".formatted(card.id(), word, card.title()));
    console.print("    " + card.danger() + ".");
    console.print("    Fix: " + card.fix() + ".");
    console.print("    " + card.documentation());
  }
}
