package io.tidegate.migration.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.program.TidegateProcess;
import io.tidegate.servers.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Indexes built outside a transaction, by real processes: three that race, as often as {@code
 * -Dtidegate.race.rounds} says, and one that is killed half-way.
 */
class ConcurrentIndexRaceIT {
  private static final int PROCESSES = 3;
  private static final int ROUNDS = Integer.getInteger("tidegate.race.rounds", 1);
  private static final int INDEXES = 4;
  private static final String BUILDING =
      "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND state = 'active'"
          + " AND query LIKE '%CREATE INDEX CONC%'";
  private static final Pattern APPLIED = Pattern.compile("(\\d+) applied now");

  @TempDir private Path changelog;

  /** Whoever waited for the lock in a transaction would hold a snapshot that the build waits for. */
  @Test
  void three_processes_build_each_index_once() throws Exception {
    Changelogs.write(
        changelog,
        "001.sql",
        "CREATE TABLE t (id int, n int); INSERT INTO t SELECT i, i % 7 FROM generate_series(1, 50000) i;");
    for (int i = 1; i <= INDEXES; i++) {
      Changelogs.write(
          changelog,
          "01" + i + ".sql",
          "-- tidegate: no-transaction\nCREATE INDEX CONCURRENTLY i%d ON t (n, id);\n"
              .formatted(i));
    }
    try (PostgresServer server = PostgresServer.started()) {
      for (int round = 1; round <= ROUNDS; round++) {
        String database = "race" + round;
        server.createDatabase(database);
        race(server.url(database));
        try (Connection connection = server.connect(database)) {
          assertThat(ask(connection, "SELECT count(*) FROM databasechangelog"))
              .isEqualTo(INDEXES + 1);
          assertThat(
                  ask(
                      connection,
                      "SELECT count(*) FROM pg_index WHERE indrelid = 't'::regclass AND indisvalid"))
              .isEqualTo(INDEXES);
          assertThat(ask(connection, "SELECT count(*) FROM pg_index WHERE NOT indisvalid"))
              .isZero();
          assertThat(ask(connection, "SELECT count(*) FROM t")).isEqualTo(50_000);
        }
      }
    }
  }

  private void race(String url) {
    List<TidegateProcess> processes = new ArrayList<>();
    try {
      for (int i = 0; i < PROCESSES; i++) {
        processes.add(Contender.start(url, changelog));
      }
      int applied = 0;
      for (TidegateProcess process : processes) {
        assertThat(process.exitCode()).as(process.output()).isZero();
        Matcher line = APPLIED.matcher(process.output());
        assertThat(line.find()).as(process.output()).isTrue();
        applied += Integer.parseInt(line.group(1));
      }
      assertThat(applied).isEqualTo(INDEXES + 1);
    } finally {
      processes.forEach(TidegateProcess::close);
    }
  }

  @Test
  void index_of_a_process_that_was_killed_half_way_is_named_and_never_taken_for_done()
      throws Exception {
    Changelogs.write(
        changelog,
        "001.sql",
        "-- tidegate: no-transaction\nCREATE INDEX CONCURRENTLY IF NOT EXISTS cut ON t (id);\n");
    try (PostgresServer server = PostgresServer.started()) {
      server.createDatabase("app");
      server.execute("app", "CREATE TABLE t (id int)");
      killHalfWay(server);
      for (int run = 1; run <= 2; run++) {
        try (TidegateProcess next = Contender.start(server.url("app"), changelog)) {
          assertThat(next.exitCode()).as(next.output()).isEqualTo(65);
          assertThat(next.output())
              .contains("changeset 001.sql", "The index cut on t was left INVALID")
              .contains("DROP INDEX CONCURRENTLY cut");
        }
      }
      try (Connection connection = server.connect("app")) {
        assertThat(ask(connection, "SELECT count(*) FROM databasechangelog")).isZero();
      }
      server.execute("app", "DROP INDEX CONCURRENTLY cut");
      try (TidegateProcess last = Contender.start(server.url("app"), changelog)) {
        assertThat(last.exitCode()).as(last.output()).isZero();
        assertThat(last.output()).contains("1 applied now");
      }
      try (Connection connection = server.connect("app")) {
        assertThat(ask(connection, "SELECT count(*) FROM pg_index WHERE NOT indisvalid")).isZero();
      }
    }
  }

  /** An open transaction that writes to the table keeps the build from its end. */
  private void killHalfWay(PostgresServer server) throws SQLException {
    try (Connection writer = server.connect("app");
        Statement statement = writer.createStatement();
        Connection look = server.connect("app")) {
      writer.setAutoCommit(false);
      statement.executeUpdate("INSERT INTO t VALUES (1)");
      try (TidegateProcess holder = Contender.start(server.url("app"), changelog)) {
        Awaitility.await()
            .atMost(Duration.ofMinutes(2))
            .until(() -> ask(look, "SELECT count(*) FROM pg_class WHERE relname = 'cut'") == 1);
        assertThat(ask(look, BUILDING)).isEqualTo(1);
        holder.kill();
      }
      Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> ask(look, BUILDING) == 0);
      assertThat(ask(look, "SELECT count(*) FROM pg_index WHERE NOT indisvalid")).isEqualTo(1);
      writer.rollback();
    }
  }

  private static int ask(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getInt(1);
    }
  }
}
