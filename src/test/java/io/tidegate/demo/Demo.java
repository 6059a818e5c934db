package io.tidegate.demo;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import io.tidegate.program.TidegateProcess;
import io.tidegate.servers.MariaDbServer;
import io.tidegate.servers.MongoWireServer;
import io.tidegate.servers.Ports;
import io.tidegate.servers.PostgresServer;
import io.tidegate.servers.RedisServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the whole path with nothing installed but Maven and a JDK: four servers come up late,
 * Tidegate waits for them, migrates three of them and says that the app may start; then it refuses a
 * configuration that would lose data. Ends with exit code 1 if anything was not as said. With {@code
 * -Ddemo.whole=true} long lines and JSON are shown whole.
 */
public final class Demo {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Path CHANGELOGS = Path.of("src/test/resources/demo").toAbsolutePath();

  private static final boolean WHOLE = Boolean.getBoolean("demo.whole");

  /** Characters of a line that are shown: two lines of a terminal. */
  private static final int SHOWN = 160;

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<String> summary = new ArrayList<>();
  private boolean asSaid = true;

  private Demo() {}

  /** Runs the demonstration. Takes no arguments. */
  public static void main(String[] args) throws Exception {
    // The MongoDB stand-in runs in this process: its log would stand between Tidegate's lines.
    ((LoggerContext) LoggerFactory.getILoggerFactory())
        .getLogger(Logger.ROOT_LOGGER_NAME)
        .setLevel(Level.OFF);
    Demo demo = new Demo();
    demo.opens();
    demo.refuses();
    demo.end();
  }

  private void opens() throws IOException, InterruptedException {
    if (!WHOLE) {
      System.out.println("Long lines are cut; mvn -Pdemo verify -Ddemo.whole=true shows all.");
    }
    title("Four test servers that come up late, and Tidegate in run mode");
    try (PostgresServer postgres = new PostgresServer();
        MariaDbServer mariadb = new MariaDbServer();
        RedisServer redis = new RedisServer();
        MongoWireServer mongo = MongoWireServer.create()) {
      int port = Ports.free();
      Map<String, String> environment =
          Map.ofEntries(
              Map.entry("TIDEGATE_TARGETS_ORDERS_URL", postgres.url("postgres")),
              Map.entry(
                  "TIDEGATE_TARGETS_ORDERS_CHANGELOG", CHANGELOGS + "/postgresql/changelog.sql"),
              Map.entry("TIDEGATE_TARGETS_ARTICLES_URL", mariadb.url("test")),
              Map.entry("TIDEGATE_TARGETS_ARTICLES_CHANGELOG", CHANGELOGS + "/mariadb"),
              Map.entry("TIDEGATE_TARGETS_SESSIONS_URL", redis.url()),
              Map.entry("TIDEGATE_TARGETS_SESSIONS_PURPOSE", "session"),
              Map.entry("TIDEGATE_TARGETS_EVENTS_URL", mongo.url("events")),
              Map.entry("TIDEGATE_TARGETS_EVENTS_CHANGELOG", CHANGELOGS + "/mongodb"),
              Map.entry("TIDEGATE_REPLICAS", "3"),
              Map.entry("TIDEGATE_HTTP_PORT", Integer.toString(port)),
              Map.entry("TIDEGATE_LOG_FORMAT", "text"));
      ScheduledExecutorService later = Executors.newScheduledThreadPool(4);
      try (TidegateProcess gate = start(Path.of("."), environment, Demo::shortened, "run")) {
        long began = System.nanoTime();
        var startingRedis = later.schedule(redis::start, 2, TimeUnit.SECONDS);
        var startingPostgres = later.schedule(postgres::start, 3, TimeUnit.SECONDS);
        var startingMariadb =
            later.schedule(
                () -> {
                  mariadb.start();
                  mariadb.createDatabase("test");
                },
                4,
                TimeUnit.SECONDS);
        var startingMongo = later.schedule(mongo::start, 6, TimeUnit.SECONDS);
        boolean opened = opened(gate, port);
        long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
        for (var starting :
            List.of(startingRedis, startingPostgres, startingMariadb, startingMongo)) {
          asSaid &= starting.isDone();
        }
        say(opened, "/ready answered 200 after " + millis + " ms, the servers' delays included");
        if (opened) {
          show(port, "/ready", 200);
          show(port, "/live", 200);
          show(port, "/status", 200);
        }
        gate.terminate();
        int exit = gate.exitCode();
        say(exit == 143, "SIGTERM ended it with exit " + exit);
      } finally {
        later.shutdownNow();
      }
    }
  }

  private void refuses() throws IOException {
    title("SQLite under three replicas: refused");
    Path folder = Files.createTempDirectory("tidegate-demo-");
    try (TidegateProcess gate =
        start(
            folder,
            Map.of(
                "DATABASE_URL", "sqlite:///./app.db",
                "TIDEGATE_REPLICAS", "3",
                "TIDEGATE_LOG_FORMAT", "text"),
            UnaryOperator.identity(),
            "run")) {
      int exit = gate.exitCode();
      say(exit == 78, "sqlite:///./app.db with 3 replicas was refused with exit " + exit);
      say(gate.output().contains("sqlite-replicas"), "the refusal names its rule, sqlite-replicas");
    } finally {
      Files.deleteIfExists(folder);
    }
  }

  private void end() {
    title("Summary");
    summary.forEach(System.out::println);
    System.out.println(asSaid ? "Everything was as said." : "NOT everything was as said.");
    System.exit(asSaid ? 0 : 1);
  }

  private static TidegateProcess start(
      Path folder, Map<String, String> environment, UnaryOperator<String> shown, String command) {
    return TidegateProcess.start(
        folder, environment, line -> System.out.println("  | " + shown.apply(line)), command);
  }

  private boolean opened(TidegateProcess gate, int port) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline && gate.running()) {
      try {
        if (get(port, "/ready").statusCode() == 200) {
          return true;
        }
      } catch (IOException e) {
        // It does not listen yet.
      }
      Thread.sleep(100);
    }
    return false;
  }

  private void show(int port, String path, int expected) throws IOException, InterruptedException {
    HttpResponse<String> response = get(port, path);
    System.out.println("GET " + path + " -> " + response.statusCode());
    System.out.println(
        "  " + (WHOLE ? response.body() : shortened(withoutDetails(response.body()))));
    say(response.statusCode() == expected, path + " answered " + response.statusCode());
  }

  /** Without what follows the word, the state and the missing targets. */
  private static String withoutDetails(String body) {
    return body.replaceFirst(",\"migrations\":.*", ", ...}");
  }

  private static String shortened(String line) {
    return WHOLE || line.length() <= SHOWN ? line : line.substring(0, SHOWN) + " ...";
  }

  private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(5))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private void say(boolean holds, String sentence) {
    asSaid &= holds;
    summary.add((holds ? "  as said    " : "  NOT SO     ") + sentence);
  }

  private static void title(String text) {
    System.out.println();
    System.out.println("== " + text);
  }
}
