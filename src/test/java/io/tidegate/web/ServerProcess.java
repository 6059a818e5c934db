package io.tidegate.web;

import io.tidegate.cli.Composition;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Endpoints in a process of their own: variables cannot be set in the one that tests, its threads are
 * not the server's alone, and classes that are loaded stay loaded.
 */
final class ServerProcess implements AutoCloseable {
  private static final Path NOWHERE = Path.of("target", "no-such-folder");
  private static final String LISTENS = "listens on port ";

  private final Process process;
  private final BufferedReader said;

  private ServerProcess(
      List<String> options, Path classes, Map<String, String> variables, String what)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-cp",
            classes + File.pathSeparator + System.getProperty("java.class.path"),
            ServerProcess.class.getName(),
            what));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(variables);
    process = builder.start();
    said =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** What {@code main} does. */
  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "parts" -> {
        var _ = new Composition().engines();
        System.out.println("no server");
      }
      default -> {
        try (HttpServer server = HttpServer.start(Told.watching(), Running.FREE_PORT)) {
          System.out.println(LISTENS + server.port());
          // Until the test hangs up.
          System.in.transferTo(System.out);
        }
      }
    }
  }

  /** Makes what every command needs, and no server; ends at once. */
  static ServerProcess ofParts(String... options) throws IOException {
    return new ServerProcess(List.of(options), NOWHERE, Map.of(), "parts");
  }

  /** Listens until it is closed. */
  static ServerProcess listening(String... options) throws IOException {
    return new ServerProcess(List.of(options), NOWHERE, Map.of(), "server");
  }

  /** The same with more on its class path and in its environment. */
  static ServerProcess listeningBeside(
      Path classes, Map<String, String> variables, String... options) throws IOException {
    return new ServerProcess(List.of(options), classes, variables, "server");
  }

  /** The next line that it says. */
  String says() throws IOException {
    return String.valueOf(said.readLine());
  }

  /** Waits until it listens. */
  int port() throws IOException {
    String line = says();
    if (!line.startsWith(LISTENS)) {
      throw new IllegalStateException("it does not listen: " + line);
    }
    return Integer.parseInt(line.substring(LISTENS.length()));
  }

  /** Waits for its end. */
  int exit() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("it does not end");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroy();
  }
}
