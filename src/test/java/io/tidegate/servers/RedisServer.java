package io.tidegate.servers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Redis 7.0, persisted by AOF unless told otherwise. */
public final class RedisServer extends ServerProcess {
  private final List<String> options = new ArrayList<>();
  private boolean persistent = true;
  private boolean plainPort = true;
  private @Nullable Path configuration;

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
    command.add(Unpacked.redis().resolve("redis-server").toString());
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
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()), 500);
      socket.setSoTimeout(500);
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.UTF_8));
      String answer =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
              .readLine();
      return answer != null && !answer.contains("LOADING");
    } catch (IOException e) {
      return false;
    }
  }
}
