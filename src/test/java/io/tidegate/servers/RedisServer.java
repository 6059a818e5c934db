package io.tidegate.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Redis 7.0, persisted by AOF unless told otherwise; or what {@code -Dtidegate.redis=PROGRAM} names, as
 * another version or Valkey.
 */
public final class RedisServer extends ServerProcess {
  private final List<String> options = new ArrayList<>();
  private boolean persistent = true;
  private boolean plainPort = true;
  private @Nullable Path configuration;
  private int fileBlocks;
  private boolean six;

  /** A server that does not run yet. */
  public RedisServer() {
    super("redis");
  }

  /** A server that runs and answers. */
  public static RedisServer started() {
    RedisServer server = new RedisServer();
    server.start();
    return server;
  }

  /** Is Redis 6.2, which takes one parameter where 7.0 takes several. */
  public RedisServer six() {
    six = true;
    return this;
  }

  /** Adds options as on the command line, {@code --name value}, for the next start. */
  public RedisServer with(String... more) {
    options.addAll(List.of(more));
    return this;
  }

  /** Starts it with a configuration file, which a Sentinel needs since it writes to it. */
  public RedisServer configuredBy(Path file) {
    configuration = file;
    persistent = false;
    return this;
  }

  /** Keeps nothing: no snapshots, no AOF. */
  public RedisServer withoutPersistence() {
    persistent = false;
    return with("--save", "", "--appendonly", "no");
  }

  /**
   * Lets none of its files grow further, as a full disk would: writes beyond that fail.
   *
   * @param blocks of 512 bytes
   */
  public RedisServer withFilesOfAtMost(int blocks) {
    fileBlocks = blocks;
    return this;
  }

  /** Runs one command, as nobody in particular, and returns the first line of the reply. */
  public String run(String... words) {
    try (Socket socket = connect(5_000)) {
      StringBuilder command = new StringBuilder("*" + words.length + "\r\n");
      for (String word : words) {
        command.append("$%d\r\n%s\r\n".formatted(bytes(word).length, word));
      }
      socket.getOutputStream().write(bytes(command.toString()));
      return String.valueOf(reader(socket).readLine());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What INFO tells by that name; empty: nothing. */
  public String info(String name) {
    return info("default", name + ":").stream().findFirst().orElse("");
  }

  /** The commands that it ran since its statistics were reset, each as often as it ran. */
  public List<String> commands() {
    return info("commandstats", "cmdstat_").stream()
        .flatMap(line -> {
          String[] parts = line.split(":calls=|,", 3);
          return Collections.nCopies(Integer.parseInt(parts[1]), parts[0]).stream();
        })
        .toList();
  }

  private List<String> info(String section, String prefix) {
    return lines("INFO " + section).stream()
        .filter(line -> line.startsWith(prefix))
        .map(line -> line.substring(prefix.length()))
        .toList();
  }

  /** All that it says to one command without blanks in its words. */
  public List<String> lines(String command) {
    try (Socket socket = connect(5_000)) {
      socket.getOutputStream().write(bytes(command + "\r\nQUIT\r\n"));
      return reader(socket).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Speaks TLS on its port and nothing else. */
  public RedisServer withTls(Path certificate, Path key, Path ca) {
    plainPort = false;
    return with("--tls-port", Integer.toString(port()), "--tls-auth-clients", "no")
        .with("--tls-cert-file", certificate.toString(), "--tls-key-file", key.toString())
        .with("--tls-ca-cert-file", ca.toString());
  }

  /** A URL without credentials. */
  public String url() {
    return (plainPort ? "redis" : "rediss") + "://127.0.0.1:" + port();
  }

  @Override
  List<String> command() {
    List<String> command = new ArrayList<>();
    if (fileBlocks > 0) {
      // The signal would end the server; ignored, the write fails instead.
      String limited = "trap '' XFSZ; ulimit -f %d; exec \"$@\"".formatted(fileBlocks);
      command.addAll(List.of("sh", "-c", limited, "sh"));
    }
    Path program = (six ? Unpacked.redisSix() : Unpacked.redis()).resolve("redis-server");
    command.add(
        six ? program.toString() : System.getProperty("tidegate.redis", program.toString()));
    if (configuration != null) {
      command.add(configuration.toString());
    }
    command.addAll(List.of("--port", plainPort ? Integer.toString(port()) : "0"));
    command.addAll(List.of("--bind", "127.0.0.1", "--dir", folder().toString()));
    if (persistent) {
      command.addAll(List.of("--appendonly", "yes"));
    }
    command.addAll(options);
    return command;
  }

  /** Any answer counts, since tests also start servers that want a password. */
  @Override
  boolean answers() {
    if (!plainPort) {
      return log().contains("Ready to accept connections");
    }
    try (Socket socket = connect(500)) {
      socket.getOutputStream().write(bytes("PING\r\n"));
      String answer = reader(socket).readLine();
      return answer != null && !answer.contains("LOADING");
    } catch (IOException e) {
      return false;
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
