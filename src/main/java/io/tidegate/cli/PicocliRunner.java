package io.tidegate.cli;

import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.problem.SpellingSuggestion;
import io.tidegate.secret.Redactor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * Runs a command that is called with options, or any other than those of a container. A class of its own: one that
 * names picocli's would load them before the program begins.
 */
final class PicocliRunner {
  private static final List<Map.Entry<String, Function<Console, Object>>> COMMANDS =
      List.of(
          Map.entry("run", AgentCommand::run),
          Map.entry("init", AgentCommand::init),
          Map.entry("wait", AgentCommand::await),
          Map.entry("migrate", AgentCommand::migrate),
          Map.entry("plan", PlanCommand::new),
          Map.entry("status", StatusCommand::new),
          Map.entry("resolve", ResolveCommand::new),
          Map.entry("adopt", AdoptCommand::new),
          Map.entry("check", CheckCommand::new),
          Map.entry(CompletionCommand.NAME, CompletionCommand::new),
          Map.entry(HealthCheck.NAME, _ -> new HealthCommand()));

  private PicocliRunner() {}

  /** Takes the command and its options. */
  static ExitCode run(Console console, String[] args) {
    CommandLine line = commandLine(console, args[0]);
    int number;
    try {
      number = line.execute(args);
    } catch (Error e) {
      return console.report(e); // Picocli passes on what is no exception.
    }
    return Stream.of(ExitCode.values())
        .filter(code -> code.number() == number)
        .findFirst()
        .orElse(ExitCode.BUG);
  }

  /**
   * The program with the command that is called; if it is none of them, with all, for the help. Each
   * costs its options read by reflection, and the start is short.
   */
  static CommandLine commandLine(Console console, String called) {
    CommandLine line = new CommandLine(new TidegateCommand());
    boolean known = COMMANDS.stream().anyMatch(command -> command.getKey().equals(called));
    COMMANDS.stream()
        .filter(command -> !known || command.getKey().equals(called))
        .forEach(
            command -> line.addSubcommand(command.getKey(), command.getValue().apply(console)));
    // picocli heeds NO_COLOR and pipes, but not this.
    if (console.environment().getOrDefault("TERM", "").equals("dumb")) {
      line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    }
    addExitCodes(line.getCommandSpec().usageMessage());
    line.setCaseInsensitiveEnumValuesAllowed(true)
        .setOut(console.outWriter())
        .setErr(console.errWriter())
        .setExitCodeExceptionMapper(thrown -> console.report(thrown).number())
        .setExecutionExceptionHandler((thrown, command, parsed) -> console.report(thrown).number())
        .setParameterExceptionHandler(
            (thrown, arguments) -> console.report(usage(thrown)).number());
    line.getSubcommands().values().stream()
        .filter(command -> command.getMixins().containsKey("options"))
        .forEach(command -> command.setUnmatchedArgumentsAllowed(true));
    return line;
  }

  /** The program's help ends with the one table of exit codes. */
  private static void addExitCodes(CommandLine.Model.UsageMessageSpec usage) {
    usage.footer(
        Stream.concat(
                Stream.of(usage.footer()),
                Stream.of(ExitCode.values())
                    .map(code -> "  %3d  %s".formatted(code.number(), code.meaning())))
            .toArray(String[]::new));
  }

  private static ProblemException usage(CommandLine.ParameterException thrown) {
    CommandLine called = thrown.getCommandLine();
    String command = called.getCommandSpec().qualifiedName();
    if (thrown instanceof CommandLine.UnmatchedArgumentException unmatched) {
      String first = unmatched.getUnmatched().getFirst();
      if (unmatched.getUnmatched().stream().anyMatch(argument -> argument.contains(":"))) {
        // It may be a URL, of which any part may hold a secret.
        return KeyOptionsParser.usage("a command is expected, not what is given");
      }
      if (called.getParent() == null && !first.startsWith("-")) {
        return unknownCommand(first, called.getSubcommands().keySet());
      }
    }
    return new ProblemException(
        new Problem(
            ExitCode.USAGE,
            Redactor.redact(String.valueOf(thrown.getMessage())),
            "command line",
            "See " + command + " --help"));
  }

  private static ProblemException unknownCommand(String name, Set<String> commands) {
    return new ProblemException(
        new Problem(
            ExitCode.USAGE,
            "unknown command " + KeyOptionsParser.shown(name),
            "command line",
            SpellingSuggestion.likely(name, commands)
                .map(likely -> "Perhaps you meant " + likely)
                .orElse("See tidegate --help")));
  }
}
