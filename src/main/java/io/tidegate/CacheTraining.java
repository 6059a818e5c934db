package io.tidegate;

import io.tidegate.cli.Cli;
import io.tidegate.problem.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs several commands, one after the other, in this one process: the JVM records a class cache of a
 * single process, and the image has one for all the commands that exit. Used by the image's build.
 */
final class CacheTraining {
  /** A file with a command a line, its words parted by single spaces. */
  private static final String COMMANDS = "tidegate.training.commands";

  private CacheTraining() {}

  static boolean isAskedFor() {
    return System.getProperty(COMMANDS) != null;
  }

  /** Runs them all; each must end with 0. */
  static void run() {
    RunProcess.prepare();
    for (String command : commands()) {
      ExitCode exit = Cli.run(command.split(" "), System.getenv(), System.out, System.err);
      if (exit != ExitCode.DONE) {
        throw new IllegalStateException(command + " ended with " + exit);
      }
    }
  }

  private static List<String> commands() {
    try {
      return Files.readAllLines(Path.of(System.getProperty(COMMANDS, "")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
