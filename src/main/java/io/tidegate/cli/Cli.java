package io.tidegate.cli;

import io.tidegate.agent.Agent.RunMode;
import io.tidegate.problem.ExitCode;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Finds the command that the arguments name, runs it, and tells its problems. */
public final class Cli {
  /** Options of the program itself; any other first option belongs to the default command. */
  private static final List<String> OWN = List.of("-h", "--help", "-V", "--version");

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
   * @param args the command and its options; without a command, {@code run}
   * @param environment the environment variables
   * @return how the process ends
   */
  public static ExitCode run(
      String[] args, Map<String, String> environment, PrintStream out, PrintStream err) {
    Console console = new Console(environment, out, err);
    String[] withCommand = withCommand(args);
    RunMode plain = withCommand.length == 1 ? PLAIN.get(withCommand[0]) : null;
    if (plain != null) {
      return run(console, plain);
    }
    return PicocliRunner.run(console, withCommand);
  }

  /** Whether the arguments call {@code run}, by name or as the default. */
  public static boolean isRun(String[] args) {
    return withCommand(args)[0].equals("run");
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
      return CommandContext.run(console, new SettingsOptions(), mode);
    } catch (RuntimeException | Error e) {
      return console.report(e);
    }
  }

  private static String[] withCommand(String[] args) {
    boolean named = args.length > 0 && (!args[0].startsWith("-") || OWN.contains(args[0]));
    return named ? args : Stream.concat(Stream.of("run"), Stream.of(args)).toArray(String[]::new);
  }
}
