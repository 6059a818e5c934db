package io.tidegate.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.tidegate.program.Endpoints;
import io.tidegate.servers.MariaDbServer;
import io.tidegate.servers.MongoWireServer;
import io.tidegate.servers.Ports;
import io.tidegate.servers.PostgresServer;
import io.tidegate.servers.RedisServer;
import io.tidegate.servers.Relay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * {@code run} watches 50 targets, databases of four real servers, of which ten come and go: behind a
 * relay each, which refuses, falls silent and lets through again at random. Prints once a minute what the
 * process takes, and how long and how long ago the others were probed. Called by {@code bench/many-targets}.
 */
public final class ManyTargets {
  private static final int POSTGRESQL = 20;
  private static final int MARIADB = 12;
  private static final int REDIS = 13;
  private static final int MONGODB = 5;
  private static final int SHORTEST_SECONDS = 5;
  private static final int LONGEST_SECONDS = 60;
  private static final int SAMPLE_SECONDS = 5;
  private static final int SAMPLES_A_LINE = 12;
  private static final Pattern SERIES =
      Pattern.compile("(?m)^tidegate_target_(\\w+)\\{.*?target=\"(\\w+)\"\\} (\\S+)$");

  private final Path home = Path.of("target", "bench", "many").toAbsolutePath();
  private final int port = Ports.free();
  private final Endpoints endpoints = new Endpoints(port);
  private final Map<String, String> environment = new HashMap<>();
  private final List<Relay> relays = new ArrayList<>();
  private final Random random;

  /** What was seen at one moment; of the targets that do not come and go the worst one. */
  private record Sample(
      long rssKib,
      int threads,
      int descriptors,
      double probeSeconds,
      double ageSeconds,
      double failures,
      int flappingReady) {}

  private ManyTargets(long seed) {
    random = new Random(seed);
  }

  /** Takes the minutes and, to repeat one, the seed. */
  public static void main(String[] args) throws Exception {
    long seed = args.length > 1 ? Long.parseLong(args[1]) : System.nanoTime();
    System.out.printf("seed %d%n", seed);
    // The server in this process complains of each command that it does not know.
    ((Logger) LoggerFactory.getLogger("de.bwaldvogel.mongo")).setLevel(Level.OFF);
    new ManyTargets(seed).run(Integer.parseInt(args[0]));
    System.exit(0); // A driver's own thread may linger.
  }

  private void run(int minutes) throws Exception {
    try (PostgresServer postgres = new PostgresServer().with("max_connections=200");
        MariaDbServer mariadb = MariaDbServer.started();
        RedisServer redis = RedisServer.started();
        MongoWireServer mongodb = MongoWireServer.started()) {
      postgres.start();
      for (int i = 0; i < POSTGRESQL; i++) {
        postgres.createDatabase("app" + i);
        declare("postgresql", i, postgres.url("app" + i), postgres.port(), 4);
      }
      for (int i = 0; i < MARIADB; i++) {
        mariadb.createDatabase("app" + i);
        declare("mariadb", i, mariadb.url("app" + i), mariadb.port(), 3);
      }
      for (int i = 0; i < REDIS; i++) {
        declare("redis", i, redis.url() + "/" + i, redis.port(), 2);
      }
      for (int i = 0; i < MONGODB; i++) {
        declare("mongodb", i, mongodb.url("app" + i), mongodb.port(), 1);
      }
      environment.put("TIDEGATE_REPLICAS", "1");
      environment.put("TIDEGATE_HTTP_PORT", Integer.toString(port));
      Process agent = start();
      try {
        awaitReady(agent);
        relays.forEach(relay -> Thread.ofVirtual().start(() -> flap(relay)));
        watch(agent, minutes);
      } finally {
        agent.destroy();
        agent.waitFor();
        relays.forEach(Relay::close);
      }
    }
  }

  /** The first few of each kind are those that come and go. */
  private void declare(String kind, int number, String url, int server, int flapping) {
    String reached = url;
    String name = kind + number;
    if (number < flapping) {
      Relay relay = new Relay(server);
      relays.add(relay);
      reached = url.replace(":" + server, ":" + relay.port());
      name = "flapping" + name;
    }
    environment.put("TIDEGATE_TARGETS_" + name.toUpperCase(Locale.ROOT) + "_URL", reached);
  }

  private Process start() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + home.resolve("run.training.args"),
                "run")
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("log").toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.start();
  }

  private void awaitReady(Process agent) throws Exception {
    while (endpoints.code("/ready") != 200) {
      if (!agent.isAlive()) {
        throw new IllegalStateException(Files.readString(home.resolve("log")));
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  /** Half of the time it lets through; else it refuses or is silent. */
  private void flap(Relay relay) {
    try {
      while (true) {
        switch (random.nextInt(4)) {
          case 0 -> relay.down();
          case 1 -> relay.silence();
          default -> relay.up();
        }
        TimeUnit.SECONDS.sleep(random.nextInt(SHORTEST_SECONDS, LONGEST_SECONDS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void watch(Process agent, int minutes) throws Exception {
    System.out.println(
        "minute; resident MiB; threads; descriptors; of the 40: longest probe ms, oldest probe s,"
            + " failed probes; of the 10: ready");
    List<Sample> line = new ArrayList<>();
    for (int i = 1; i <= minutes * 60 / SAMPLE_SECONDS; i++) {
      TimeUnit.SECONDS.sleep(SAMPLE_SECONDS);
      line.add(sample(agent.pid()));
      if (i % SAMPLES_A_LINE == 0) {
        print(i / SAMPLES_A_LINE, line);
        line.clear();
      }
    }
  }

  private static void print(int minute, List<Sample> line) {
    System.out.printf(
        Locale.ROOT,
        "%d; %.0f; %.0f; %.0f; %.0f; %.1f; %.0f; %d to %d%n",
        minute,
        most(line, sample -> sample.rssKib() / 1024.0),
        most(line, Sample::threads),
        most(line, Sample::descriptors),
        most(line, Sample::probeSeconds) * 1000,
        most(line, Sample::ageSeconds),
        most(line, Sample::failures),
        line.stream().mapToInt(Sample::flappingReady).min().orElse(0),
        line.stream().mapToInt(Sample::flappingReady).max().orElse(0));
  }

  private static double most(List<Sample> line, ToDoubleFunction<Sample> value) {
    return line.stream().mapToDouble(value).max().orElse(0);
  }

  private Sample sample(long pid) throws IOException {
    Path process = Path.of("/proc", Long.toString(pid));
    String status = Files.readString(process.resolve("status"));
    int descriptors;
    try (Stream<Path> files = Files.list(process.resolve("fd"))) {
      descriptors = (int) files.count();
    }
    DoubleSummaryStatistics seconds = new DoubleSummaryStatistics();
    DoubleSummaryStatistics probedAt = new DoubleSummaryStatistics();
    double failures = 0;
    int flappingReady = 0;
    Matcher series = SERIES.matcher(endpoints.body("/metrics"));
    double now = Instant.now().toEpochMilli() / 1000.0;
    while (series.find()) {
      double value = Double.parseDouble(series.group(3));
      boolean flapping = series.group(2).startsWith("flapping");
      switch (series.group(1)) {
        case "ready" -> flappingReady += flapping ? (int) value : 0;
        case "last_probe_seconds" -> seconds.accept(flapping ? 0 : value);
        case "last_probe_timestamp_seconds" -> probedAt.accept(flapping ? now : value);
        case "probe_failures_total" -> failures += flapping ? 0 : value;
        default -> {}
      }
    }
    return new Sample(
        number(status, "VmRSS"),
        (int) number(status, "Threads"),
        descriptors,
        seconds.getMax(),
        now - probedAt.getMin(),
        failures,
        flappingReady);
  }

  private static long number(String status, String name) {
    return status
        .lines()
        .filter(line -> line.startsWith(name + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
