package io.tidegate.image;

import io.tidegate.program.Endpoints;
import io.tidegate.servers.MariaDbServer;
import io.tidegate.servers.MongoWireServer;
import io.tidegate.servers.Ports;
import io.tidegate.servers.PostgresServer;
import io.tidegate.servers.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Trains the image's caches of classes: {@code run} waits for, migrates and watches a real server of
 * every engine and answers HTTP, and {@code health} asks it, each in the JVM, with the flags and at
 * the place that the container will have.
 */
public final class Training {
  private static final Path CHANGELOGS = Path.of("src/test/resources/demo").toAbsolutePath();
  private static final Path PARSERS = Path.of("src/test/resources/training").toAbsolutePath();
  private static final int PATIENCE_SECONDS = 300;

  private Training() {}

  /**
   * Takes the runtime's {@code java} ({@code -}: the one that runs this), the folder of the flags without a cache ({@code
   * tidegate.training.args}, {@code health.training.args}), and the folder for the caches.
   */
  public static void main(String[] args) throws Exception {
    try (PostgresServer postgres = PostgresServer.started();
        MariaDbServer mariadb = MariaDbServer.started();
        RedisServer redis = new RedisServer();
        MongoWireServer mongo = new MongoWireServer()) {
      redis.start();
      mariadb.createDatabase("test");
      mariadb.createDatabase("again");
      postgres.createDatabase("again");
      int port = Ports.free();
      Path files = Files.createTempDirectory("training");
      Map<String, String> again =
          schemas("AGAIN_", postgres.url("again"), mariadb.url("again"), files.resolve("again.db"));
      Map<String, String> environment = new HashMap<>(again);
      environment.putAll(
          schemas("", postgres.url("postgres"), mariadb.url("test"), files.resolve("app.db")));
      environment.putAll(
          Map.of(
              "TIDEGATE_TARGETS_SESSIONS_URL",
              redis.url(),
              "TIDEGATE_TARGETS_EVENTS_URL",
              mongo.url("events"),
              "TIDEGATE_TARGETS_EVENTS_CHANGELOG",
              CHANGELOGS + "/mongodb",
              // As the app has one beside it: every variable is looked at.
              "APP_DATABASE_URL",
              "postgresql://app@db/app?sslmode=require",
              "TIDEGATE_REPLICAS",
              "1",
              "TIDEGATE_HTTP_PORT",
              Integer.toString(port)));
      String own = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      String java = args[0].equals("-") ? own : args[0];
      Path flags = Path.of(args[1]);
      // What is migrated before has nothing to do in the training: both are trained.
      ended(start(java, List.of(), flags, "tidegate", again, "init"), 0);
      train(java, flags, Path.of(args[2]), environment, new Endpoints(port), mongo::start);
    }
    System.exit(0); // A driver's own thread may linger.
  }

  /** A changelog in each of the forms and engines that have one of their own to read it. */
  private static Map<String, String> schemas(
      String prefix, String postgres, String mariadb, Path file) {
    return Map.of(
        "TIDEGATE_TARGETS_" + prefix + "ORDERS_URL",
        postgres,
        "TIDEGATE_TARGETS_" + prefix + "ORDERS_CHANGELOG",
        CHANGELOGS + "/postgresql/changelog.sql",
        "TIDEGATE_TARGETS_" + prefix + "ARTICLES_URL",
        mariadb,
        "TIDEGATE_TARGETS_" + prefix + "ARTICLES_CHANGELOG",
        CHANGELOGS + "/mariadb",
        "TIDEGATE_TARGETS_" + prefix + "FILE_URL",
        "sqlite:///" + file,
        "TIDEGATE_TARGETS_" + prefix + "FILE_CHANGELOG",
        PARSERS + "/changelog.yaml",
        "TIDEGATE_REPLICAS",
        "1");
  }

  private static void train(
      String java,
      Path flags,
      Path caches,
      Map<String, String> environment,
      Endpoints agent,
      Runnable late)
      throws IOException, InterruptedException {
    Process run = start(java, recording(caches, "tidegate"), flags, "tidegate", environment, "run");
    // One server is late, so that waiting is trained, and what is rehearsed meanwhile.
    TimeUnit.SECONDS.sleep(4);
    late.run();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (agent.code("/ready") != 200) {
      if (!run.isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException("the agent that is trained does not become ready");
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    Process health = start(java, recording(caches, "health"), flags, "health", environment);
    ended(health, 0);
    for (String path : List.of("/", "/ready", "/live", "/ready/orders", "/status", "/metrics")) {
      agent.body(path);
    }
    TimeUnit.SECONDS.sleep(5); // Some rounds of the watch.
    run.toHandle().destroy();
    ended(run, 143);
    for (String cache : List.of("tidegate.aot", "health.aot")) {
      System.out.println(cache + " " + (Files.size(caches.resolve(cache)) >> 20) + " MiB");
    }
  }

  private static List<String> recording(Path caches, String name) {
    return List.of(
        "-XX:AOTCacheOutput=" + caches.resolve(name + ".aot"),
        // No profiles of methods: they would be compiled at once at each start.
        "-XX:+UnlockDiagnosticVMOptions",
        "-XX:-AOTRecordTraining",
        // As init does, which has no endpoints to be asked by.
        "-Dtidegate.rehearse=always");
  }

  private static Process start(
      String java,
      List<String> options,
      Path flags,
      String name,
      Map<String, String> environment,
      String... command)
      throws IOException {
    List<String> all = new ArrayList<>(List.of(java));
    all.addAll(options);
    all.add("@" + flags.resolve(name + ".training.args"));
    all.addAll(List.of(command));
    ProcessBuilder builder = new ProcessBuilder(all).inheritIO();
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static void ended(Process process, int exit) throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != exit) {
      throw new IllegalStateException("exit " + exit + " was expected of " + process);
    }
  }
}
