package io.tidegate.cli;

import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.problem.SpellingSuggestion;
import io.tidegate.secret.Redactor;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * Runs a command that is called with options, or any other than those of a container. A class of its own: one that
 * names picocli's would load them before the program begins.
 */
final class PicocliRunner {
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

  /** The program with the command that is called, which takes what the program takes. */
  static CommandLine commandLine(Console console, String called) {
    CommandLine line =
        TidegateCommand.withExitCodes(TidegateCommand.withCommand(called, console))
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setOut(console.outWriter())
            .setErr(console.errWriter())
            .setExitCodeExceptionMapper(thrown -> console.report(thrown).number())
            .setExecutionExceptionHandler(
                (thrown, command, parsed) -> console.report(thrown).number())
            .setParameterExceptionHandler(
                (thrown, arguments) -> console.report(usage(thrown)).number());
    line.getSubcommands().values().stream()
        .filter(command -> command.getMixins().containsKey("options"))
        .forEach(command -> command.setUnmatchedArgumentsAllowed(true));
    return line;
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
