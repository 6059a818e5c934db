package io.tidegate.bench;

import io.tidegate.servers.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Compares the tools by alternating runs on one PostgreSQL server and prints a table in Markdown. */
public final class Bench {
  private final PostgresServer server;
  private final Path folder;
  private final List<Tool> tools = Tools.all();
  private int databases;

  /** A tool at one task: its files, the database where they are applied, its runs. */
  private record Entrant(Tool tool, Path files, String migrated, Series series) {}

  private Bench(PostgresServer server, Path folder) {
    this.server = server;
    this.folder = folder;
  }

  /** Takes the tasks: {@code apply:CHANGESETS:ROUNDS}, {@code noop:CHANGESETS:ROUNDS}. */
  public static void main(String[] tasks) throws IOException, InterruptedException {
    try (PostgresServer server = PostgresServer.started()) {
      Bench bench = new Bench(server, Files.createTempDirectory("tidegate-bench"));
      System.out.printf(
          "%s, %d cores, %s, PostgreSQL 18, Java %s%n%n",
          LocalDate.now(ZoneOffset.UTC),
          Runtime.getRuntime().availableProcessors(),
          System.getProperty("os.name") + " " + System.getProperty("os.arch"),
          Runtime.version());
      System.out.println("| task | tool | median, s | against Tidegate | peak memory, MiB |");
      System.out.println("|---|---|---:|---:|---:|");
      for (String task : tasks) {
        String[] parts = task.split(":", -1);
        bench.run(parts[0].equals("noop"), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
      }
    }
  }

  private void run(boolean noop, int changesets, int rounds)
      throws IOException, InterruptedException {
    List<Entrant> entrants = new ArrayList<>();
    for (Tool tool : tools) {
      Path files = Files.createTempDirectory(folder, "changelog");
      tool.files().write(files, changesets);
      String database = database();
      entrants.add(new Entrant(tool, files, database, new Series()));
      if (noop) {
        succeeded(tool, database, files);
      }
    }
    for (int round = 0; round < rounds; round++) {
      for (Entrant entrant : entrants) {
        String database = noop ? entrant.migrated() : database();
        entrant.series().add(succeeded(entrant.tool(), database, entrant.files()));
      }
    }
    print((noop ? "nothing to do, " : "apply ") + changesets, entrants);
  }

  private Run succeeded(Tool tool, String database, Path files)
      throws IOException, InterruptedException {
    Run run = Run.of(tool.command().of(server.port(), database, files), tool.environment());
    if (run.exit() != 0) {
      throw new IllegalStateException(tool.name() + " failed: " + run);
    }
    return run;
  }

  private static void print(String task, List<Entrant> entrants) {
    double ours = entrants.getFirst().series().seconds();
    for (Entrant entrant : entrants) {
      Series runs = entrant.series();
      System.out.printf(
          "| %s | %s | %.2f | %.2f | %.0f |%n",
          task, entrant.tool().name(), runs.seconds(), runs.seconds() / ours, runs.mebibytes());
    }
  }

  private String database() {
    databases++;
    server.createDatabase("bench" + databases);
    return "bench" + databases;
  }
}
