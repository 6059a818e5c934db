package io.tidegate.bench;

import java.io.File;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Eight of one tool started at once on an empty database, as replicas do. */
final class Together implements Trial {
  private static final int PROCESSES = 8;
  private static final int LONGEST_SECONDS = 120;

  @Override
  public String heading() {
    return """
    | %d at once | tool | failed, of all | schema incomplete | median until all ended, s |
    |---|---|---:|---:|---:|\
    """
        .formatted(PROCESSES);
  }

  @Override
  public void run(Field field, int changesets, int rounds) throws Exception {
    for (Tool tool : field.tools()) {
      Path files = field.files(tool, changesets);
      List<Long> millis = new ArrayList<>();
      int failed = 0;
      int incomplete = 0;
      for (int round = 0; round < rounds; round++) {
        String database = field.database();
        long start = System.nanoTime();
        failed += failures(field.command(tool, database, files), tool);
        millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        try (Connection connection = field.connect(database)) {
          incomplete += Field.tables(connection) == (changesets + 1) / 2 ? 0 : 1;
        }
      }
      System.out.printf(
          "| apply %d | %s | %d of %d | %d of %d | %.2f |%n",
          changesets,
          tool.name(),
          failed,
          rounds * PROCESSES,
          incomplete,
          rounds,
          Series.median(millis) / 1000);
    }
  }

  private static int failures(List<String> command, Tool tool) throws Exception {
    File output = File.createTempFile("bench", ".log");
    List<Process> all = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      all.add(Run.start(command, tool.environment(), output));
    }
    int failures = 0;
    for (Process process : all) {
      if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      failures += process.exitValue() == 0 ? 0 : 1;
    }
    return failures;
  }
}
