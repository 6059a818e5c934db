package io.tidegate.cli;

import io.tidegate.logging.Logs;
import io.tidegate.logging.Logs.LogSettings;
import io.tidegate.logging.TerminationMessage;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.secret.Redactor;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a command was called with and where its output goes.
 *
 * @param environment the environment variables
 * @param out for data
 * @param err for words about a command that prints data
 */
record Console(Map<String, String> environment, PrintStream out, PrintStream err) {

  PrintWriter outWriter() {
    return writer(out);
  }

  PrintWriter errWriter() {
    return writer(err);
  }

  /** Prints one line of data, redacted. */
  void print(String line) {
    out.println(Redactor.redact(line));
  }

  /**
   * Tells what ended the command, in the log and to the container's runtime. Whatever was thrown, one
   * line says so, without a secret.
   */
  ExitCode report(Throwable thrown) {
    try {
      return told(thrown);
    } catch (RuntimeException | Error e) {
      // Not even that can be told, as where memory is out: the least that is left.
      err.println("bug: " + thrown.getClass().getName());
      return ExitCode.BUG;
    }
  }

  private ExitCode told(Throwable thrown) {
    Logger log = LoggerFactory.getLogger("io.tidegate");
    if (thrown instanceof ProblemException e) {
      List<Problem> problems = e.problems();
      problems.forEach(problem -> log.error("{}", problem.line()));
      end(log, e.exit(), problems.stream().map(Problem::line).collect(Collectors.joining("\n")));
      return e.exit();
    }
    if (thrown instanceof InterruptedException) {
      end(log, ExitCode.TERMINATED, "");
      return ExitCode.TERMINATED;
    }
    String what = Redactor.redact(String.valueOf(thrown));
    log.error("bug: {}. Please report it with the log of TIDEGATE_LOG_LEVEL=debug.", what);
    trace(log, thrown);
    end(log, ExitCode.BUG, what);
    return ExitCode.BUG;
  }

  /** What was asked for as that message says, also where the settings have not been read yet. */
  private void trace(Logger log, Throwable thrown) {
    if (!log.isDebugEnabled() && "debug".equalsIgnoreCase(environment.get("TIDEGATE_LOG_LEVEL"))) {
      Logs.configure(
          new LogSettings(LogSettings.LogFormat.AUTO, LogSettings.LogLevel.DEBUG),
          Logs.Output.STDERR);
    }
    log.debug("bug", thrown);
  }

  private void end(Logger log, ExitCode exit, String message) {
    String last = "exit " + exit.number() + ": " + exit.meaning();
    if (exit == ExitCode.TERMINATED) {
      log.info("{}", last);
    } else {
      log.error("{}", last);
    }
    TerminationMessage.of(environment).write(message.isEmpty() ? last : message + "\n" + last);
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }
}
