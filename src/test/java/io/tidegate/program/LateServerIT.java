package io.tidegate.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.servers.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An init that waits, and warms up while it does, before the server is started. */
class LateServerIT {
  /** So many attempts take far longer than the warm-up does. */
  private static final int LONG = 40;

  private final PostgresServer postgres = new PostgresServer();
  @TempDir Path folder;
  private Path changelog = Path.of(".");

  @BeforeEach
  void stoppedServer() throws IOException {
    postgres.start();
    postgres.createDatabase("late");
    postgres.stop();
    changelog = Files.createDirectory(folder.resolve("changelog"));
    changeset("001-create.sql", "CREATE TABLE orders (id int PRIMARY KEY);");
    changeset("002-fill.sql", "INSERT INTO orders VALUES (1), (2);");
  }

  @AfterEach
  void close() {
    postgres.close();
  }

  @Test
  void what_was_warmed_up_leaves_no_trace_in_the_schema_or_the_log() throws SQLException {
    try (TidegateProcess init = start()) {
      awaitAttempts(init, LONG);
      postgres.startWithoutWaiting();
      assertThat(init.exitCode()).as(init.output()).isZero();
      assertThat(init.output())
          .contains("2 applied now, 0 before")
          .doesNotContain("warm-up", "warm_up");
    }
    assertThat(tables()).contains("orders", "databasechangelog").doesNotContain("warm_up");
  }

  @Test
  void a_server_that_answers_in_mid_warm_up_is_migrated_too() throws SQLException {
    try (TidegateProcess init = start()) {
      awaitAttempts(init, 2);
      postgres.startWithoutWaiting();
      assertThat(init.exitCode()).as(init.output()).isZero();
      assertThat(init.output()).contains("2 applied now, 0 before");
    }
    assertThat(tables()).contains("orders").doesNotContain("warm_up");
  }

  @Test
  void a_broken_changelog_is_told_when_it_is_applied_and_not_while_the_server_is_awaited()
      throws IOException {
    changeset("003-broken.sql", "CREATE TABEL nothing (id int);");
    try (TidegateProcess init = start()) {
      awaitAttempts(init, LONG);
      assertThat(init.running()).isTrue();
      assertThat(init.output()).doesNotContain("003-broken");
      postgres.startWithoutWaiting();
      assertThat(init.exitCode()).as(init.output()).isEqualTo(65);
      assertThat(init.output()).contains("003-broken.sql", "TABEL");
    }
  }

  @Test
  void sigterm_ends_the_wait_whether_it_warms_up_or_not() {
    for (int attempts : List.of(1, 3, 5, 8)) {
      try (TidegateProcess init = start()) {
        awaitAttempts(init, attempts);
        init.terminate();
        assertThat(init.exitCode()).as(init.output()).isEqualTo(143);
        assertThat(init.output()).doesNotContain("warm-up", "warm_up");
      }
    }
  }

  private TidegateProcess start() {
    return TidegateProcess.start(
        folder,
        Map.of(
            "TIDEGATE_TARGETS_DB_URL",
            postgres.url("late"),
            "TIDEGATE_TARGETS_DB_CHANGELOG",
            changelog.toString(),
            "TIDEGATE_LOG_LEVEL",
            "debug",
            "TIDEGATE_DEADLINE",
            "60s"),
        line -> {},
        "init");
  }

  private static void awaitAttempts(TidegateProcess init, int attempts) {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(10))
        .atMost(Duration.ofMinutes(2))
        .until(() -> init.output().split("not yet", -1).length > attempts);
  }

  private void changeset(String name, String sql) throws IOException {
    Files.writeString(changelog.resolve(name), sql);
  }

  private List<String> tables() throws SQLException {
    try (Connection connection = postgres.connect("late");
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")) {
      List<String> tables = new ArrayList<>();
      while (rows.next()) {
        tables.add(rows.getString(1));
      }
      return tables;
    }
  }
}
