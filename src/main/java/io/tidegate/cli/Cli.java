package io.tidegate.cli;

import io.tidegate.agent.Agent.RunMode;
import io.tidegate.cli.CommandContext.Given;
import io.tidegate.problem.ExitCode;
import java.io.PrintStream;
import java.util.Map;

/** Runs the command that the arguments name, and reports its problems. */
public final class Cli {
  /**
   * What a container calls, mostly without options: then nothing is left to parse. See
   * docs/decisions/0011-image.md for what that saves.
   */
  private static final Map<String, RunMode> PLAIN =
      Map.of(
          "run", RunMode.RUN,
          "init", RunMode.INIT,
          "wait", RunMode.WAIT,
          "migrate", RunMode.MIGRATE);

  private Cli() {}

  /**
   * Runs one command.
   *
   * @param args the command and its options
   * @param environment the environment variables
   * @return how the process ends
   */
  public static ExitCode run(
      String[] args, Map<String, String> environment, PrintStream out, PrintStream err) {
    Console console = new Console(environment, out, err);
    RunMode plain = args.length == 1 ? PLAIN.get(args[0]) : null;
    return plain == null ? PicocliRunner.run(console, args) : run(console, plain);
  }

  /** The name of the command that runs an agent so. */
  static String name(RunMode mode) {
    return PLAIN.entrySet().stream()
        .filter(command -> command.getValue().equals(mode))
        .findFirst()
        .orElseThrow()
        .getKey();
  }

  private static ExitCode run(Console console, RunMode mode) {
    try {
      return CommandContext.run(console, Given.NOTHING, mode);
    } catch (RuntimeException | Error e) {
      return console.report(e);
    }
  }
}
