package io.tidegate;

import io.tidegate.cli.Cli;
import io.tidegate.problem.ExitCode;
import java.security.Security;

/** The composition root. It prepares the process, runs one command and ends with its exit code. */
public final class Tidegate {
  private Tidegate() {}

  /** Runs the command that the arguments name; without one, {@code run}. */
  public static void main(String[] args) {
    prepareProcess();
    DirectExit direct = DirectExit.prepared();
    ExitCode exit = Cli.run(args, System.getenv(), System.out, System.err);
    if (exit != ExitCode.TERMINATED) { // Otherwise the JVM is ending already.
      direct.end(exit.number());
    }
    System.exit(exit.number());
  }

  /** What must be set before the first look-up and the first virtual thread. */
  private static void prepareProcess() {
    // A service's name appears late, and moves: the JVM would remember its absence for 10 s and its
    // address for 30 s.
    Security.setProperty("networkaddress.cache.negative.ttl", "0");
    Security.setProperty("networkaddress.cache.ttl", "5");
    // A look-up blocks the carrier of a virtual thread. On one CPU there would be one carrier, and
    // one slow name server would stop the probes of all targets.
    if (System.getProperty("jdk.virtualThreadScheduler.parallelism") == null) {
      System.setProperty("jdk.virtualThreadScheduler.parallelism", "8");
      System.setProperty("jdk.virtualThreadScheduler.maxPoolSize", "64");
    }
  }
}
