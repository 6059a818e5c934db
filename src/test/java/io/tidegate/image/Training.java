package io.tidegate.image;

import io.tidegate.program.Endpoints;
import io.tidegate.servers.KubernetesPod;
import io.tidegate.servers.MariaDbServer;
import io.tidegate.servers.MongoWireServer;
import io.tidegate.servers.Ports;
import io.tidegate.servers.PostgresServer;
import io.tidegate.servers.RedisServer;
import io.tidegate.servers.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Trains the image's class caches, each in the JVM, with the flags and at the place that the container
 * will have. {@code tidegate.aot} has what most starts need, all of which the JVM loads before
 * {@code main}: {@code init} in a pod, with PostgreSQL and Redis. Two layers above it have what only
 * some starts need, loaded when it is asked for: {@code commands.jsa} for the commands that exit,
 * {@code run.jsa} for {@code run}, which also watches and answers HTTP. {@code health.aot} is for
 * {@code health} alone. For the layers every engine is a real server, one of them late, so that waiting
 * is trained too, and one of them is reached over TLS.
 */
public final class Training {
  private static final Path CHANGELOGS = Path.of("src/test/resources/demo").toAbsolutePath();
  private static final Path PARSERS = Path.of("src/test/resources/training").toAbsolutePath();
  private static final Path PLAIN = Path.of("src/test/resources/training-plain").toAbsolutePath();
  private static final int PATIENCE_SECONDS = 300;
  private static final int LATE_SECONDS = 4;

  private static final String BASE = "tidegate.aot";

  /** Run in one process, in this order: the first finds something to apply, the second nothing. */
  private static final List<String> COMMANDS =
      List.of("init", "init", "wait", "migrate", "status", "plan", "check " + PARSERS);

  private static final List<String> COMMON_COMMANDS = List.of("init", "init", "wait");

  private final String java;
  private final Path flags;
  private final Path caches;
  private final Path files = Files.createTempDirectory("training");

  private Training(String java, Path flags, Path caches) throws IOException {
    this.java = java;
    this.flags = flags;
    this.caches = caches;
  }

  /**
   * Takes the runtime's {@code java} ({@code -}: the one that runs this), the folder of the flags without a cache ({@code
   * NAME.training.args}), and the folder for the caches.
   */
  public static void main(String[] args) throws Exception {
    String own = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    new Training(args[0].equals("-") ? own : args[0], Path.of(args[1]), Path.of(args[2])).train();
    System.exit(0); // A driver's own thread may linger.
  }

  private void train() throws Exception {
    TestCertificates certificates = TestCertificates.get();
    try (PostgresServer postgres =
            new PostgresServer().withTls(certificates.server(), certificates.serverKey());
        MariaDbServer mariadb = MariaDbServer.started();
        RedisServer redis = RedisServer.started();
        KubernetesPod pod = new KubernetesPod(Files.createTempDirectory(files, "account"))) {
      postgres.start();
      trainBase(postgres, redis, pod);
      for (String layer : List.of("commands", "run")) {
        try (MongoWireServer mongo = MongoWireServer.create()) {
          int port = Ports.free();
          Map<String, String> environment = new HashMap<>();
          for (String schema : List.of("again", "first")) {
            String name = schema + "_" + layer;
            postgres.createDatabase(name);
            mariadb.createDatabase(name);
            environment.putAll(migrated(schema, name, postgres, mariadb));
            if (schema.equals("again")) {
              // What is migrated before has nothing to do in the training: both are trained.
              ended(start(List.of(), "tidegate", environment, "init"), 0);
            }
          }
          environment.putAll(watched(redis, mongo, pod, port));
          if (layer.equals("run")) {
            trainRun(environment, new Endpoints(port), mongo::start);
          } else {
            trainCommands(environment, mongo::start);
          }
        }
      }
    }
    for (String cache : List.of(BASE, "commands.jsa", "run.jsa", "health.aot")) {
      System.out.println(cache + " " + (Files.size(caches.resolve(cache)) >> 20) + " MiB");
    }
  }

  /** A changelog in each of the forms and engines that have one of their own to read it. */
  private Map<String, String> migrated(
      String schema, String database, PostgresServer postgres, MariaDbServer mariadb) {
    String prefix = "TIDEGATE_TARGETS_" + schema.toUpperCase(Locale.ROOT) + "_";
    return Map.of(
        prefix + "ORDERS_URL",
        postgres.url(database)
            + (schema.equals("first")
                ? "?sslmode=verify-full&sslrootcert=" + TestCertificates.get().ca()
                : ""),
        prefix + "ORDERS_CHANGELOG",
        CHANGELOGS + "/postgresql/changelog.sql",
        prefix + "ARTICLES_URL",
        mariadb.url(database),
        prefix + "ARTICLES_CHANGELOG",
        CHANGELOGS + "/mariadb",
        prefix + "FILE_URL",
        "sqlite:///" + files.resolve(database + ".db"),
        prefix + "FILE_CHANGELOG",
        PARSERS + "/changelog.yaml",
        "TIDEGATE_REPLICAS",
        "1");
  }

  private static Map<String, String> watched(
      RedisServer redis, MongoWireServer mongo, KubernetesPod pod, int port) {
    Map<String, String> environment = new HashMap<>(pod.environment());
    environment.put("TIDEGATE_TARGETS_SESSIONS_URL", redis.url());
    environment.put("TIDEGATE_TARGETS_EVENTS_URL", mongo.url("events"));
    environment.put("TIDEGATE_TARGETS_EVENTS_CHANGELOG", CHANGELOGS + "/mongodb");
    // As the app has one beside it: every variable is looked at.
    environment.put("APP_DATABASE_URL", "postgresql://app@db/app?sslmode=require");
    environment.put("TIDEGATE_HTTP_PORT", Integer.toString(port));
    return environment;
  }

  private void trainBase(PostgresServer postgres, RedisServer redis, KubernetesPod pod)
      throws Exception {
    postgres.createDatabase("base");
    Map<String, String> environment = new HashMap<>(pod.environment());
    environment.put("DATABASE_URL", postgres.url("base") + "?sslmode=disable");
    environment.put("TIDEGATE_CHANGELOG", PLAIN.toString());
    environment.put("REDIS_URL", redis.url());
    ended(startCommands(recording(BASE), COMMON_COMMANDS, environment), 0);
  }

  private void trainCommands(Map<String, String> environment, Runnable late) throws Exception {
    Process process = startCommands(layerAboveBase("commands.jsa"), COMMANDS, environment);
    TimeUnit.SECONDS.sleep(LATE_SECONDS);
    late.run();
    ended(process, 0);
  }

  private void trainRun(Map<String, String> environment, Endpoints agent, Runnable late)
      throws Exception {
    Process run = start(layerAboveBase("run.jsa"), "run", environment, "run");
    TimeUnit.SECONDS.sleep(LATE_SECONDS);
    late.run();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (agent.code("/ready") != 200) {
      if (!run.isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException("the agent that is trained does not become ready");
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    ended(start(recording("health.aot"), "health", environment), 0);
    for (String path :
        List.of("/", "/ready", "/live", "/ready/first-orders", "/status", "/metrics")) {
      agent.body(path);
    }
    TimeUnit.SECONDS.sleep(5); // Some rounds of the watch.
    run.toHandle().destroy();
    ended(run, 143);
  }

  private List<String> recording(String cache) {
    return List.of(
        "-XX:AOTCacheOutput=" + caches.resolve(cache),
        // No profiles of methods: they would be compiled at once at each start.
        "-XX:+UnlockDiagnosticVMOptions",
        "-XX:-AOTRecordTraining");
  }

  private List<String> layerAboveBase(String layer) {
    return List.of(
        "-XX:SharedArchiveFile=" + caches.resolve(BASE),
        "-XX:ArchiveClassesAtExit=" + caches.resolve(layer));
  }

  private Process startCommands(
      List<String> options, List<String> commands, Map<String, String> environment)
      throws IOException {
    List<String> all = new ArrayList<>(options);
    all.add("-Dtidegate.training.commands=" + Files.write(files.resolve("commands"), commands));
    return start(all, "tidegate", environment, "init");
  }

  private Process start(
      List<String> options, String name, Map<String, String> environment, String... command)
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
