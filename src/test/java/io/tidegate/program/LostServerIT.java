package io.tidegate.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.migration.sql.Changelogs;
import io.tidegate.migration.sql.Contender;
import io.tidegate.migration.sql.Sessions;
import io.tidegate.servers.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server dies while it is migrated, and comes back. */
class LostServerIT {
  private static final int NOT_READY = 69;

  @TempDir private Path changelog;

  @BeforeEach
  void changelog() {
    Changelogs.write(changelog, "001.sql", "CREATE TABLE t (id int);");
    Changelogs.write(
        changelog, "002.sql", "INSERT INTO t VALUES (1); INSERT INTO t SELECT 2 FROM pg_sleep(8);");
  }

  @Test
  void server_that_is_lost_while_it_is_migrated_is_awaited_and_migrated_on() throws Exception {
    try (PostgresServer server = PostgresServer.started();
        TidegateProcess process = Contender.start(server.url("postgres"), changelog)) {
      dieAtWork(server);
      server.start();
      assertThat(process.exitCode()).as(process.output()).isZero();
      assertThat(process.output())
          .contains("the connection failed while changeset 002.sql ran")
          .contains("db: the migration did not finish", "1 applied now, 1 before");
      try (Connection connection = server.connect("postgres");
          Statement statement = connection.createStatement();
          ResultSet row =
              statement.executeQuery(
                  "SELECT (SELECT count(*) FROM t), (SELECT count(*) FROM databasechangelog)")) {
        row.next();
        assertThat(row.getInt(1)).isEqualTo(2);
        assertThat(row.getInt(2)).isEqualTo(2);
      }
    }
  }

  @Test
  void server_that_is_lost_three_times_ends_the_run() throws Exception {
    try (PostgresServer server = PostgresServer.started();
        TidegateProcess process = Contender.start(server.url("postgres"), changelog)) {
      for (int death = 1; death <= 3; death++) {
        dieAtWork(server);
        server.start();
      }
      assertThat(process.exitCode()).as(process.output()).isEqualTo(NOT_READY);
      assertThat(process.output()).contains("the connection failed while changeset 002.sql ran");
    }
  }

  private static void dieAtWork(PostgresServer server) throws Exception {
    try (Sessions sessions = Sessions.postgresql(server.connect("postgres"))) {
      sessions.awaitWorkOfAnother(0);
      server.kill();
    }
  }
}
