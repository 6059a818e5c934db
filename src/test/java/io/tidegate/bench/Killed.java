package io.tidegate.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Each tool is killed, as by {@code kill -9}, when a random part of its changesets is applied, and
 * started again until a time limit: does it finish by itself?
 */
final class Killed implements Trial {
  private static final int LONGEST_SECONDS = 20;
  private static final long SEED = 20261121;

  @Override
  public String heading() {
    return """
    | killed in mid-way | tool | finished by the rerun | median of those, s | what the others said |
    |---|---|---:|---:|---|\
    """;
  }

  @Override
  public void run(Field field, int changesets, int rounds) throws Exception {
    for (Tool tool : field.tools()) {
      Path files = field.files(tool, changesets);
      Random random = new Random(SEED);
      List<Long> millis = new ArrayList<>();
      String said = "";
      for (int round = 0; round < rounds; round++) {
        String database = field.database();
        List<String> command = field.command(tool, database, files);
        try (Connection connection = field.connect(database)) {
          kill(command, tool, connection, 1 + random.nextInt(changesets / 2 - 1));
          Run rerun = Run.of(command, tool.environment(), LONGEST_SECONDS);
          if (rerun.exit() == 0 && Field.tables(connection) == (changesets + 1) / 2) {
            millis.add(rerun.millis());
          } else {
            said = rerun.lastWords();
          }
        }
      }
      System.out.printf(
          "| apply %d | %s | %d of %d | %s | %s |%n",
          changesets,
          tool.name(),
          millis.size(),
          rounds,
          millis.isEmpty() ? "" : "%.2f".formatted(Series.median(millis) / 1000),
          said);
    }
  }

  /** Starts the tool, and kills it as soon as so many tables are there. */
  private static void kill(List<String> command, Tool tool, Connection connection, int tables)
      throws IOException, SQLException, InterruptedException {
    Process process = Run.start(command, tool.environment(), File.createTempFile("bench", ".log"));
    while (Field.tables(connection) < tables && !process.waitFor(1, TimeUnit.MILLISECONDS)) {
      // It goes on.
    }
    process.destroyForcibly().waitFor();
  }
}
