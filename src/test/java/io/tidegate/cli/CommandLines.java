package io.tidegate.cli;

import io.tidegate.problem.ProblemException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** Reads command lines of the program in tests, as the program reads them, and runs none. */
public final class CommandLines {
  private CommandLines() {}

  /**
   * Reads one.
   *
   * @param arguments the command, and what stands behind it
   * @throws CommandLine.ParameterException where an option is unknown, lacks its value, or is missing
   * @throws ProblemException for what is no option
   */
  public static void read(List<String> arguments) {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    Console console = new Console(Map.of(), nowhere, nowhere);
    ParseResult read =
        PicocliRunner.commandLine(console, arguments.getFirst())
            .parseArgs(arguments.toArray(String[]::new));
    CommandLine.Model.CommandSpec command = read.subcommand().commandSpec();
    if (command.mixins().containsKey("options")
        && command.mixins().get("options").userObject() instanceof SettingsOptions options) {
      options.given();
    }
  }
}
