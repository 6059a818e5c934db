package io.tidegate.bench;

import io.tidegate.servers.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** Compares the tools by alternating runs on one PostgreSQL server and prints tables in Markdown. */
public final class Bench {
  private Bench() {}

  /**
   * Takes the tasks, each as {@code KIND:CHANGESETS:ROUNDS}. The kinds: {@code apply} to an empty
   * database, {@code noop} on one that is migrated, {@code together} eight started at once, {@code
   * killed} at a random changeset and started again, {@code awaited} a server that comes up later,
   * {@code redis} as {@code noop} with a Redis beside, {@code pod} as {@code noop} in Kubernetes.
   */
  public static void main(String[] tasks) throws Exception {
    try (PostgresServer server = PostgresServer.started()) {
      Field field = new Field(server, Files.createTempDirectory("tidegate-bench"), Tools.all());
      System.out.printf(
          "%s, %d cores, %s, PostgreSQL 18, Java %s%n",
          LocalDate.now(ZoneOffset.UTC),
          Runtime.getRuntime().availableProcessors(),
          System.getProperty("os.name") + " " + System.getProperty("os.arch"),
          Runtime.version());
      String kind = "";
      for (String task : tasks) {
        String[] parts = task.split(":", -1);
        Trial trial = trial(parts[0]);
        if (!kind.equals(trial.heading())) {
          kind = trial.heading();
          System.out.printf("%n%s%n", kind);
        }
        trial.run(field, Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
      }
    }
  }

  private static Trial trial(String kind) throws IOException {
    return switch (kind) {
      case "apply" -> new WholeRuns(false);
      case "noop" -> new WholeRuns(true);
      case "together" -> new Together();
      case "killed" -> new Killed();
      case "awaited" -> new Awaited();
      case "redis" -> new BesideRedis();
      case "pod" -> new InPod();
      default -> throw new IOException("no such kind of task: " + kind);
    };
  }
}
