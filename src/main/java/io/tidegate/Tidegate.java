package io.tidegate;

import io.tidegate.cli.Cli;
import io.tidegate.cli.HealthCheck;
import io.tidegate.logging.Uncaught;
import io.tidegate.problem.ExitCode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The main class: runs one command and ends the process with its exit code. */
public final class Tidegate {
  /** Options of the program itself; any other first option belongs to the default command. */
  private static final List<String> OWN = List.of("-h", "--help", "-V", "--version");

  private Tidegate() {}

  /** Runs the command that the arguments name; without one, {@code run}. */
  public static void main(String[] args) {
    if (args.length > 0 && args[0].equals(HealthCheck.NAME)) {
      // It runs every few seconds: not even the classes of the other commands are loaded for it.
      List<String> options = Arrays.asList(args).subList(1, args.length);
      ExitCode health = HealthCheck.run(options, System.getenv(), System.out, System.err);
      // System.exit would look through all libraries for a logger of exits.
      Runtime.getRuntime().halt(health.number());
    }
    String[] withCommand = withCommand(args);
    if (withCommand[0].equals("run")) {
      RunProcess.replaceThis(args);
    }
    NoDownloads.install();
    Uncaught.report();
    DirectExit direct = DirectExit.prepared();
    if (CacheTraining.isAskedFor()) {
      CacheTraining.run();
      System.exit(ExitCode.DONE.number()); // The JVM writes the cache at its own end only.
    }
    ExitCode exit = Cli.run(withCommand, System.getenv(), System.out, System.err);
    if (exit != ExitCode.TERMINATED) { // Otherwise the JVM is ending already.
      direct.end(exit.number());
    }
    System.exit(exit.number());
  }

  private static String[] withCommand(String[] args) {
    boolean named = args.length > 0 && (!args[0].startsWith("-") || OWN.contains(args[0]));
    return named ? args : Stream.concat(Stream.of("run"), Stream.of(args)).toArray(String[]::new);
  }
}
