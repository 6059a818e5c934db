package io.tidegate.bench;

import io.tidegate.program.Endpoints;
import io.tidegate.servers.MariaDbServer;
import io.tidegate.servers.Ports;
import io.tidegate.servers.PostgresServer;
import io.tidegate.servers.RedisServer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * What {@code run} costs beside an app: it applies 2,000 changesets and watches four real servers. Prints
 * when its first {@code /live} answered, its memory after a while, how long {@code health} takes, and
 * how fast {@code /ready} answers at 5,000 requests a second. The program and its caches are those that
 * {@code bench/run} has made.
 */
public final class Watching {
  private static final int CHANGESETS = 2_000;
  private static final int WATCH_SECONDS = 15;
  private static final int HEALTH_ROUNDS = 15;
  private static final int CLIENTS = 16;
  private static final int REQUESTS_A_SECOND = 5_000;
  private static final int LOAD_SECONDS = 10;

  private final Path home = Path.of("target", "bench", "tidegate").toAbsolutePath();
  private final Path files = Files.createTempDirectory("bench-watching");
  private final int port = Ports.free();

  private Watching() throws IOException {}

  /** Takes no arguments. */
  public static void main(String[] args) throws Exception {
    new Watching().run();
    System.exit(0); // A driver's own thread may linger.
  }

  private void run() throws Exception {
    try (PostgresServer postgres = PostgresServer.started();
        MariaDbServer mariadb = MariaDbServer.started();
        RedisServer redis = RedisServer.started()) {
      postgres.createDatabase("watched");
      mariadb.createDatabase("watched");
      Process agent = start(environment(postgres, mariadb, redis), "tidegate.args", "run");
      try {
        measure(agent);
      } finally {
        agent.destroy();
        agent.waitFor();
      }
    }
  }

  private Map<String, String> environment(
      PostgresServer postgres, MariaDbServer mariadb, RedisServer redis) throws IOException {
    Path many = Files.createDirectory(files.resolve("many"));
    for (int i = 1; i <= CHANGESETS; i++) {
      Files.writeString(
          many.resolve("%05d.sql".formatted(i)),
          i % 2 == 1
              ? "CREATE TABLE t%d (id int PRIMARY KEY);".formatted(i)
              : "INSERT INTO t%d VALUES (1);".formatted(i - 1));
    }
    Path one = Files.createDirectory(files.resolve("one"));
    Files.writeString(one.resolve("1.sql"), "CREATE TABLE notes (id INT PRIMARY KEY);");
    return Map.of(
        "TIDEGATE_HTTP_PORT", Integer.toString(port),
        "TIDEGATE_REPLICAS", "1",
        "TIDEGATE_TARGETS_ORDERS_URL", postgres.url("watched"),
        "TIDEGATE_TARGETS_ORDERS_CHANGELOG", many.toString(),
        "TIDEGATE_TARGETS_ARTICLES_URL", mariadb.url("watched"),
        "TIDEGATE_TARGETS_ARTICLES_CHANGELOG", one.toString(),
        "TIDEGATE_TARGETS_FILE_URL", "sqlite:///" + files.resolve("notes.db"),
        "TIDEGATE_TARGETS_FILE_CHANGELOG", one.toString(),
        "TIDEGATE_TARGETS_SESSIONS_URL", redis.url());
  }

  private Process start(Map<String, String> environment, String flags, String... command)
      throws IOException {
    List<String> all = new ArrayList<>();
    all.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    all.add("@" + home.resolve(flags));
    all.addAll(List.of(command));
    ProcessBuilder builder =
        new ProcessBuilder(all)
            .redirectErrorStream(true)
            .redirectOutput(files.resolve("log").toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.start();
  }

  private void measure(Process agent) throws Exception {
    long start = System.nanoTime();
    while (!listens()) {
      TimeUnit.MILLISECONDS.sleep(2);
    }
    System.out.printf("first /live after %d ms%n", millisSince(start));
    Endpoints endpoints = new Endpoints(port);
    while (endpoints.code("/ready") != 200) {
      if (!agent.isAlive()) {
        throw new IllegalStateException(Files.readString(files.resolve("log")));
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    System.out.printf("ready after %d ms%n", millisSince(start));
    TimeUnit.SECONDS.sleep(WATCH_SECONDS);
    Files.readAllLines(Path.of("/proc/" + agent.pid() + "/smaps_rollup")).stream()
        .filter(line -> line.startsWith("Rss:") || line.startsWith("Private_Dirty:"))
        .forEach(System.out::println);
    System.out.printf("health, median: %d ms%n", health());
    System.out.println(load());
  }

  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      ask(socket.getOutputStream(), new BufferedInputStream(socket.getInputStream()), "/live");
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private long health() throws Exception {
    long[] millis = new long[HEALTH_ROUNDS];
    for (int i = 0; i < HEALTH_ROUNDS; i++) {
      long start = System.nanoTime();
      Process health = start(Map.of("TIDEGATE_HTTP_PORT", Integer.toString(port)), "health.args");
      if (health.waitFor() != 0) {
        throw new IllegalStateException("health says no");
      }
      millis[i] = millisSince(start);
    }
    Arrays.sort(millis);
    return millis[HEALTH_ROUNDS / 2];
  }

  /** Each client asks at its times, whether or not its last answer was late: what waits, counts. */
  private String load() throws Exception {
    int each = REQUESTS_A_SECOND * LOAD_SECONDS / CLIENTS;
    long pause = TimeUnit.SECONDS.toNanos(CLIENTS) / REQUESTS_A_SECOND;
    List<Future<long[]>> clients = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
      for (int client = 0; client < CLIENTS; client++) {
        clients.add(threads.submit(() -> asked(each, pause)));
      }
    }
    long[] nanos = new long[each * CLIENTS];
    for (int client = 0; client < CLIENTS; client++) {
      System.arraycopy(clients.get(client).get(), 0, nanos, client * each, each);
    }
    Arrays.sort(nanos);
    return "/ready at %d requests a second: median %.2f ms, p99 %.2f ms, most %.1f ms"
        .formatted(
            REQUESTS_A_SECOND,
            nanos[nanos.length / 2] / 1e6,
            nanos[nanos.length * 99 / 100] / 1e6,
            nanos[nanos.length - 1] / 1e6);
  }

  private long[] asked(int requests, long pause) throws IOException, InterruptedException {
    long[] nanos = new long[requests];
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      long begin = System.nanoTime();
      for (int i = 0; i < requests; i++) {
        long due = begin + i * pause;
        TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
        ask(socket.getOutputStream(), in, "/ready");
        nanos[i] = System.nanoTime() - due;
      }
    }
    return nanos;
  }

  /** Sends a request and reads its whole answer, which must be a 200. */
  private static void ask(OutputStream out, InputStream in, String path) throws IOException {
    out.write(
        "GET %s HTTP/1.1\r\nHost: bench\r\n\r\n"
            .formatted(path)
            .getBytes(StandardCharsets.US_ASCII));
    String status = line(in);
    if (!status.startsWith("HTTP/1.1 200")) {
      throw new IOException(status);
    }
    int length = 0;
    String header = line(in);
    while (!header.isEmpty()) {
      if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(header.substring(header.indexOf(':') + 1).strip());
      }
      header = line(in);
    }
    in.skipNBytes(length);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("hung up");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  private static long millisSince(long start) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }
}
