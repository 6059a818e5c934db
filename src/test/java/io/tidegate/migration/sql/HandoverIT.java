package io.tidegate.migration.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.program.TidegateProcess;
import io.tidegate.servers.MariaDbServer;
import io.tidegate.servers.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A holder of the lock is killed while its changeset runs; another process waits for the lock, and
 * how long it takes to be at work is printed. Repeated as often as {@code -Dtidegate.handover.rounds}
 * says. The bound is generous, since other tests may use the machine.
 */
class HandoverIT {
  private static final int ROUNDS = Integer.getInteger("tidegate.handover.rounds", 2);
  private static final long BOUND_MILLIS = 25_000;

  @TempDir private Path changelog;

  /** The statement would go on for minutes: the server has to notice by itself. */
  @Test
  void postgresql_successor_is_at_work_soon_after_the_holder_was_killed() throws Exception {
    Changelogs.write(changelog, "001.sql", "CREATE TABLE slow (work int);");
    Changelogs.write(changelog, "002.sql", "INSERT INTO slow SELECT 1 FROM pg_sleep(600);");
    try (PostgresServer server = PostgresServer.started()) {
      List<Long> sinceKill = new ArrayList<>();
      List<Long> sinceEnd = new ArrayList<>();
      for (int round = 1; round <= ROUNDS; round++) {
        String database = "handover" + round;
        server.createDatabase(database);
        round(
            server.url(database),
            () -> Sessions.postgresql(server.connect(database)),
            sinceKill,
            sinceEnd);
      }
      report("postgresql", sinceKill, sinceEnd);
    }
  }

  /** MariaDB looks at its client between two statements: these are short, and many. */
  @Test
  void mariadb_successor_is_at_work_soon_after_the_holder_was_killed() throws Exception {
    Changelogs.write(changelog, "000.sql", "CREATE TABLE slow (work int);");
    for (int i = 100; i < 200; i++) {
      Changelogs.write(changelog, i + ".sql", "INSERT INTO slow SELECT sleep(0.3);");
    }
    try (MariaDbServer server = MariaDbServer.started()) {
      List<Long> sinceKill = new ArrayList<>();
      List<Long> sinceEnd = new ArrayList<>();
      for (int round = 1; round <= ROUNDS; round++) {
        String database = "handover" + round;
        server.createDatabase(database);
        round(
            server.url(database),
            () -> Sessions.mariaDb(server.connect(database)),
            sinceKill,
            sinceEnd);
      }
      report("mariadb", sinceKill, sinceEnd);
    }
  }

  private interface Look {
    Sessions open() throws Exception;
  }

  private void round(String url, Look look, List<Long> sinceKill, List<Long> sinceEnd)
      throws Exception {
    try (Sessions sessions = look.open();
        TidegateProcess holder = Contender.start(url, changelog)) {
      long held = sessions.awaitWorkOfAnother(0);
      try (TidegateProcess successor = Contender.start(url, changelog)) {
        Awaitility.await()
            .atMost(Duration.ofMinutes(2))
            .until(() -> successor.output().contains("waiting for the migration lock"));
        long killed = System.nanoTime();
        holder.kill();
        sessions.awaitEnd(held);
        long ended = System.nanoTime();
        sessions.awaitWorkOfAnother(held);
        long begun = System.nanoTime();
        sinceKill.add(Duration.ofNanos(begun - killed).toMillis());
        sinceEnd.add(Duration.ofNanos(begun - ended).toMillis());
      }
    }
  }

  private static void report(String engine, List<Long> sinceKill, List<Long> sinceEnd) {
    System.out.printf(
        Locale.ROOT,
        "%s: a successor is at work after the holder's session ended: %s; after its kill -9: %s%n",
        engine,
        figures(sinceEnd),
        figures(sinceKill));
    assertThat(sinceKill).allMatch(millis -> millis < BOUND_MILLIS);
  }

  private static String figures(List<Long> millis) {
    List<Long> sorted = millis.stream().sorted().toList();
    return "median %d ms, longest %d ms of %d"
        .formatted(sorted.get(sorted.size() / 2), sorted.getLast(), sorted.size());
  }
}
