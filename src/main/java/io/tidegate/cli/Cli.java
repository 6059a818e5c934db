package io.tidegate.cli;

import io.tidegate.agent.Course;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.secret.Redactor;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;

/** Finds the command that the arguments name, runs it, and tells its problems. */
public final class Cli {
  /** Options of the program itself; any other first option belongs to the default command. */
  private static final List<String> OWN = List.of("-h", "--help", "-V", "--version");

  /**
   * What a container calls, mostly without options: then nothing is left to parse, and a third of the
   * start is saved.
   */
  private static final Map<String, Course> PLAIN =
      Map.of(
          "run", Course.RUN,
          "init", Course.INIT,
          "wait", Course.WAIT,
          "migrate", Course.MIGRATE);

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
    Course plain = withCommand.length == 1 ? PLAIN.get(withCommand[0]) : null;
    if (plain != null) {
      return run(console, plain);
    }
    CommandLine bare = new CommandLine(new TidegateCommand(), new CommandFactory(console));
    CommandLine line =
        TidegateCommand.withExitCodes(TidegateCommand.withCommand(bare, withCommand[0]))
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
    int number;
    try {
      number = line.execute(withCommand);
    } catch (VirtualMachineError e) {
      return console.report(e); // Picocli passes on what is no exception.
    }
    return Stream.of(ExitCode.values())
        .filter(code -> code.number() == number)
        .findFirst()
        .orElse(ExitCode.BUG);
  }

  private static ExitCode run(Console console, Course course) {
    try {
      return Session.run(console, new SettingsOptions(), course);
    } catch (RuntimeException | VirtualMachineError e) {
      return console.report(e);
    }
  }

  private static String[] withCommand(String[] args) {
    boolean named = args.length > 0 && (!args[0].startsWith("-") || OWN.contains(args[0]));
    return named ? args : Stream.concat(Stream.of("run"), Stream.of(args)).toArray(String[]::new);
  }

  private static ProblemException usage(CommandLine.ParameterException thrown) {
    String command = thrown.getCommandLine().getCommandSpec().qualifiedName();
    return new ProblemException(
        new Problem(
            ExitCode.USAGE,
            Redactor.redact(String.valueOf(thrown.getMessage())),
            "command line",
            "See " + command + " --help"));
  }
}
