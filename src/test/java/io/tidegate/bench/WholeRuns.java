package io.tidegate.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs from start to end: all changesets applied to an empty database, or none left to apply. */
final class WholeRuns implements Trial {
  private final boolean noop;

  WholeRuns(boolean noop) {
    this.noop = noop;
  }

  /** A tool at one task: its files, the database where they are applied, its runs. */
  private record Entrant(Tool tool, Path files, String migrated, Series series) {}

  @Override
  public String heading() {
    return """
    | task | tool | median, s | against Tidegate | peak memory, MiB |
    |---|---|---:|---:|---:|\
    """;
  }

  @Override
  public void run(Field field, int changesets, int rounds)
      throws IOException, InterruptedException {
    List<Entrant> entrants = new ArrayList<>();
    for (Tool tool : field.tools()) {
      Path files = field.files(tool, changesets);
      String database = field.database();
      if (noop && field.run(tool, database, files).exit() != 0) {
        System.out.printf(
            "| apply %d | %s | not done within %d |  |  |%n",
            changesets, tool.name(), Run.LONGEST_SECONDS);
        continue;
      }
      entrants.add(new Entrant(tool, files, database, new Series()));
    }
    for (int round = 0; round < rounds; round++) {
      for (Entrant entrant : entrants) {
        String database = noop ? entrant.migrated() : field.database();
        entrant.series().add(field.succeeded(entrant.tool(), database, entrant.files()));
      }
    }
    print((noop ? "nothing to do, " : "apply ") + changesets, entrants);
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
}
