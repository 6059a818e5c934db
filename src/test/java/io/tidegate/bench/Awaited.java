package io.tidegate.bench;

import io.tidegate.servers.PostgresServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A server comes up while it is awaited: the time from its first answered query, to anyone, to the
 * end of the program that then applied its changesets. Programs that do not wait have a shell before
 * them that does.
 */
final class Awaited implements Trial {
  private static final int LONGEST_SECONDS = 60;

  /** How long each waits before the server is started. */
  private static final int WAITED_MILLIS = 1500;

  /** And up to so much more, drawn anew each time: the longest pause that any of them makes. */
  private static final int EXTRA_MILLIS = 1000;

  private static final long SEED = 20261121;

  /**
   * A program that waits.
   *
   * @param says what it has printed when it waits; nothing if it waits as soon as it runs
   */
  private record Entrant(Tool tool, String says, Path files, List<Long> millis) {}

  @Override
  public String heading() {
    return """
    | the server comes up | awaited by | median to exit 0, ms | least | most |
    |---|---|---:|---:|---:|\
    """;
  }

  @Override
  public void run(Field field, int changesets, int rounds) throws Exception {
    List<Entrant> entrants = new ArrayList<>();
    for (Tool tool : List.of(Tools.cached(), Tools.uncached())) {
      entrants.add(new Entrant(tool, "not yet", field.files(tool, changesets), new ArrayList<>()));
    }
    Optional<Path> pgIsReady = pgIsReady();
    if (pgIsReady.isPresent()) {
      Tool tool = Tools.dbmateAfter(pgIsReady.get());
      entrants.add(new Entrant(tool, "", field.files(tool, changesets), new ArrayList<>()));
    }
    Random random = new Random(SEED);
    for (int round = 0; round < rounds; round++) {
      for (Entrant entrant : entrants) {
        int extra = random.nextInt(EXTRA_MILLIS);
        entrant.millis().add(round(field, entrant, changesets, WAITED_MILLIS + extra));
      }
    }
    for (Entrant entrant : entrants) {
      List<Long> sorted = entrant.millis().stream().sorted().toList();
      System.out.printf(
          "| apply %d | %s | %.0f | %d | %d |%n",
          changesets,
          entrant.tool().name(),
          Series.median(sorted),
          sorted.getFirst(),
          sorted.getLast());
    }
    if (pgIsReady.isEmpty()) {
      System.out.println("\nLeft out: `pg_isready`, which is not installed, before dbmate.");
    }
  }

  private static long round(Field field, Entrant entrant, int changesets, int waitedMillis)
      throws Exception {
    PostgresServer server = field.server();
    String database = field.database();
    server.stop();
    File output = File.createTempFile("bench", ".log");
    Process process =
        Run.start(
            field.command(entrant.tool(), database, entrant.files()),
            entrant.tool().environment(),
            output);
    try {
      awaitWords(process, output.toPath(), entrant.says());
      TimeUnit.MILLISECONDS.sleep(waitedMillis);
      CompletableFuture<Long> answered = new CompletableFuture<>();
      Thread prober = Thread.ofPlatform().daemon().start(() -> probe(server, answered));
      server.startWithoutWaiting();
      boolean ended = process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS);
      long end = System.nanoTime();
      long first = firstAnswer(answered, prober);
      if (!ended || process.exitValue() != 0 || !applied(field, database, changesets)) {
        throw new IllegalStateException(
            entrant.tool().name() + " failed: " + Files.readString(output.toPath()));
      }
      return TimeUnit.NANOSECONDS.toMillis(end - first);
    } finally {
      process.destroyForcibly().waitFor();
      Files.delete(output.toPath());
    }
  }

  private static void awaitWords(Process process, Path output, String words)
      throws IOException, InterruptedException {
    while (!Files.readString(output).contains(words)) {
      if (process.waitFor(10, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("ended before it waited: " + Files.readString(output));
      }
    }
  }

  /** Asks without a pause to speak of, until there is an answer: the moment that it came. */
  private static void probe(PostgresServer server, CompletableFuture<Long> answered) {
    while (!Thread.currentThread().isInterrupted()) {
      try (Connection connection = server.connect("postgres");
          Statement statement = connection.createStatement()) {
        statement.execute("SELECT 1");
        answered.complete(System.nanoTime());
        return;
      } catch (SQLException e) {
        pause();
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static long firstAnswer(CompletableFuture<Long> answered, Thread prober)
      throws InterruptedException, ExecutionException, TimeoutException {
    try {
      return answered.get(LONGEST_SECONDS, TimeUnit.SECONDS);
    } finally {
      prober.interrupt();
    }
  }

  /** Whether all tables are there, and a row in each whose changeset is among them. */
  private static boolean applied(Field field, String database, int changesets) throws SQLException {
    try (Connection connection = field.connect(database);
        Statement statement = connection.createStatement()) {
      boolean all = Field.tables(connection) == (changesets + 1) / 2;
      for (int i = 2; all && i <= changesets; i += 2) {
        try (ResultSet row = statement.executeQuery("SELECT 1 FROM t" + (i - 1))) {
          all = row.next();
        }
      }
      return all;
    }
  }

  /** The one on the path, or that of the newest PostgreSQL that is installed. */
  private static Optional<Path> pgIsReady() throws IOException {
    Path onPath = Path.of("/usr/bin/pg_isready");
    Path versions = Path.of("/usr/lib/postgresql");
    if (Files.isExecutable(onPath) || !Files.isDirectory(versions)) {
      return Optional.of(onPath).filter(Files::isExecutable);
    }
    try (Stream<Path> folders = Files.list(versions)) {
      return folders
          .sorted((a, b) -> b.compareTo(a))
          .map(folder -> folder.resolve("bin/pg_isready"))
          .filter(Files::isExecutable)
          .findFirst();
    }
  }
}
