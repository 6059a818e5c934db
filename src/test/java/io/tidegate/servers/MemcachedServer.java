package io.tidegate.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Memcached of the operating system's packages, which is not there on every machine. */
public final class MemcachedServer extends ServerProcess {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final List<String> options = new ArrayList<>();
  private String login = "";

  /** A server that does not run yet. */
  public MemcachedServer() {
    super("memcached");
  }

  /** Whether it is installed. */
  public static boolean isInstalled() {
    return program().isPresent();
  }

  private static Optional<String> program() {
    return Program.installed("memcached");
  }

  /** Adds options as on the command line, for the next start. */
  public MemcachedServer with(String... more) {
    options.addAll(List.of(more));
    return this;
  }

  /** Asks for this user and password; a server that runs does so from now on. */
  public MemcachedServer as(String user, String password) {
    Path file = folder().resolve("users");
    try {
      Files.writeString(file, user + ":" + password + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    login = user + " " + password;
    if (running()) {
      Program.run(Map.of(), null, "kill", "-HUP", Long.toString(pid()));
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> "STORED".equals(run(introduction().stripTrailing())));
      return this;
    }
    return with("-Y", file.toString());
  }

  /** Speaks TLS and nothing else. */
  public MemcachedServer withTls(Path certificate, Path key) {
    return with("-Z", "-o", "ssl_chain_cert=%s,ssl_key=%s".formatted(certificate, key));
  }

  /** How many connections it has now, this one and those on which it listens included. */
  public int connections() {
    return stats().stream()
        .filter(line -> line.startsWith("STAT curr_connections "))
        .mapToInt(line -> Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElseThrow();
  }

  /** What it reports of itself. */
  public List<String> stats() {
    try (Socket socket = connect(5_000)) {
      send(socket, introduction() + "stats\r\nquit\r\n");
      return reader(socket).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String introduction() {
    return login.isEmpty() ? "" : "set login 0 0 %d\r\n%s\r\n".formatted(login.length(), login);
  }

  /** Runs one command of an open server and gives the first line of the answer; null: it closed. */
  public @Nullable String run(String command) {
    try (Socket socket = connect(5_000)) {
      send(socket, command + "\r\n");
      return reader(socket).readLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(program().orElseThrow());
    command.addAll(List.of("-l", "127.0.0.1", "-p", Integer.toString(port()), "-m", "8"));
    if (System.getProperty("user.name").equals("root")) {
      command.addAll(List.of("-u", "root"));
    }
    command.addAll(options);
    return command;
  }

  /** Whether it accepts connections. It does nothing else before it answers. */
  @Override
  boolean answers() {
    try (Socket socket = connect(5_000)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }
}
