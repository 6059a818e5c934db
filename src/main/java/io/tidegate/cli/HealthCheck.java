package io.tidegate.cli;

import io.tidegate.config.HealthAddress;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.ProblemException;
import io.tidegate.secret.Redactor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Asks the local agent's {@code /ready} over a bare socket: no framework, no HTTP client, no command
 * line parser, since it runs every few seconds beside the app.
 */
public final class HealthCheck {
  /** The command that it is. */
  public static final String NAME = "health";

  private static final int TIMEOUT_MILLIS = 2_000;

  private HealthCheck() {}

  /**
   * Asks once.
   *
   * @param args the options after the command
   * @param environment the environment variables
   * @return done if the agent is ready, otherwise not ready, or what is wrong with the options
   */
  public static ExitCode run(
      List<String> args, Map<String, String> environment, PrintStream out, PrintStream err) {
    if (args.contains("--help") || args.contains("-h")) {
      out.println("Usage: tidegate health [--http.port=PORT] [--http.host=HOST]");
      out.println("Asks the local agent's /ready. Exits 0 if it answers 200, else 69.");
      return ExitCode.DONE;
    }
    HealthAddress agent;
    try {
      agent = HealthAddress.find(environment, KeyOptionsParser.parse(args), null);
    } catch (ProblemException e) {
      err.println(e.getMessage());
      return e.exit();
    }
    try (Socket socket = new Socket(Proxy.NO_PROXY)) {
      socket.connect(new InetSocketAddress(agent.host(), agent.port()), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket
          .getOutputStream()
          .write(
              "GET /ready HTTP/1.0\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      String status =
          new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
              .readLine();
      if (status != null && status.matches("HTTP/1\\.[01] 200( .*)?")) {
        return ExitCode.DONE;
      }
      err.println("not ready: " + (status == null ? "no answer" : status));
    } catch (IOException e) {
      err.println(
          "not ready: no agent answers on "
              + agent.host()
              + ":"
              + agent.port()
              + ": "
              + e.getMessage());
    } catch (RuntimeException | Error e) {
      err.println("bug: " + Redactor.redact(e.toString()));
      return ExitCode.BUG;
    }
    return ExitCode.NOT_READY;
  }
}
