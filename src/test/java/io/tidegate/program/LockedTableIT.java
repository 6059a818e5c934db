package io.tidegate.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.migration.sql.Changelogs;
import io.tidegate.migration.sql.Contender;
import io.tidegate.servers.MariaDbServer;
import io.tidegate.servers.Ports;
import io.tidegate.servers.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the log, the status and the metrics tell while a reader keeps a table from a migration. */
class LockedTableIT {
  private static final Pattern RETRIES =
      Pattern.compile("\"holder\":null,\"retries\":(\\d+),\"interrupted\":\\[]");
  private static final Pattern METRIC =
      Pattern.compile(
          "^tidegate_migration_retries\\{target=\"db\"} (\\d+)\\.0$", Pattern.MULTILINE);
  private static final Pattern SUMMARY =
      Pattern.compile("schema is current: 1 applied now, 0 before, (\\d+) retries");

  @TempDir private Path changelog;
  private final int port = Ports.free();
  private final Endpoints endpoints = new Endpoints(port);

  @Test
  void retries_on_postgresql_are_in_log_status_and_metrics() throws Exception {
    try (PostgresServer server = PostgresServer.started()) {
      server.execute("postgres", "CREATE TABLE t (id int)");
      try (Connection reader = server.connect("postgres")) {
        blocked(reader, server.url("postgres"), "canceling statement due to lock timeout");
      }
    }
  }

  @Test
  void retries_on_mariadb_are_in_log_status_and_metrics() throws Exception {
    try (MariaDbServer server = MariaDbServer.started()) {
      server.createDatabase("app");
      server.execute("app", "CREATE TABLE t (id int)");
      try (Connection reader = server.connect("app")) {
        blocked(reader, server.url("app"), "Lock wait timeout exceeded");
      }
    }
  }

  private void blocked(Connection reader, String url, String why) throws SQLException {
    Changelogs.write(changelog, "001.sql", "ALTER TABLE t ADD COLUMN a int;");
    reader.setAutoCommit(false);
    try (Statement statement = reader.createStatement()) {
      statement.executeQuery("SELECT * FROM t").close();
    }
    Map<String, String> environment = new HashMap<>(Contender.environment(url, changelog));
    environment.put("TIDEGATE_HTTP_PORT", Integer.toString(port));
    environment.put("TIDEGATE_MIGRATION_LOCK_TIMEOUT", "1s");
    try (TidegateProcess gate = TidegateProcess.start(environment, "run")) {
      eventually().until(() -> endpoints.code("/live") == 200);
      eventually().until(() -> number(RETRIES, endpoints.body("/status")) >= 2);
      assertThat(number(METRIC, endpoints.body("/metrics"))).isGreaterThanOrEqualTo(2);
      assertThat(endpoints.body("/status"))
          .contains("\"phase\":\"running\",\"changeset\":\"001.sql\",\"number\":1,\"of\":1");
      assertThat(endpoints.code("/ready")).isEqualTo(503);
      assertThat(endpoints.code("/live")).isEqualTo(200);
      eventually().until(() -> gate.output().contains("may hold a lock that the migration needs"));

      reader.rollback();
      eventually().until(() -> endpoints.code("/ready") == 200);
      // What it printed may still be on its way.
      eventually().until(() -> number(SUMMARY, gate.output()) >= 2);
      int retries = number(SUMMARY, gate.output());
      assertThat(number(METRIC, endpoints.body("/metrics"))).isEqualTo(retries);
      assertThat(endpoints.body("/status"))
          .contains("\"phase\":\"done\"", "\"retries\":" + retries + "}");
      assertThat(gate.output())
          .contains("db: trying 001.sql again, since another session is in the way: ", why)
          .contains("db: applied 001.sql in ");
    }
  }

  private static int number(Pattern pattern, String text) {
    Matcher found = pattern.matcher(text);
    return found.find() ? Integer.parseInt(found.group(1)) : -1;
  }

  private static ConditionFactory eventually() {
    return Awaitility.await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(50));
  }
}
