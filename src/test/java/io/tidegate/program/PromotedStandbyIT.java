package io.tidegate.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.migration.sql.Changelogs;
import io.tidegate.migration.sql.Contender;
import io.tidegate.servers.Ports;
import io.tidegate.servers.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A primary of PostgreSQL is lost, and its standby, which follows it by streaming, is promoted. */
class PromotedStandbyIT {
  private static final int NOT_READY = 69;

  private final PostgresServer primary = new PostgresServer();
  private final PostgresServer standby = new PostgresServer();
  @TempDir private Path changelog;

  @BeforeEach
  void start() {
    standby.standbyOf(primary);
    primary.start();
    standby.start();
    Changelogs.write(changelog, "001.sql", "CREATE TABLE t (id int); INSERT INTO t VALUES (1);");
  }

  @AfterEach
  void stop() {
    primary.close();
    standby.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?targetServerType=primary"})
  void watched_addresses_are_not_ready_until_the_standby_is_promoted(String parameter)
      throws Exception {
    int port = Ports.free();
    Endpoints endpoints = new Endpoints(port);
    Map<String, String> environment =
        new HashMap<>(Contender.environment(both(parameter), changelog));
    environment.put("TIDEGATE_HTTP_PORT", Integer.toString(port));
    environment.put("TIDEGATE_WATCH_INTERVAL", "1s");
    try (TidegateProcess run = TidegateProcess.start(environment, "run")) {
      eventually().until(() -> endpoints.code("/ready") == 200);
      eventually().until(() -> rows(standby) == 1);

      primary.kill();
      eventually().until(() -> endpoints.code("/ready") == 503);
      assertThat(endpoints.body("/ready/db")).contains("\"reason\":\"role\"");

      standby.execute("postgres", "SELECT pg_promote()");
      eventually().until(() -> endpoints.code("/ready") == 200);
      assertThat(run.running()).isTrue();
      assertThat(rows(standby)).isEqualTo(1);
    }
  }

  @Test
  void standby_alone_is_awaited_and_migrated_once_it_is_promoted() {
    primary.kill();
    Map<String, String> environment =
        new HashMap<>(Contender.environment(standby.url("postgres"), changelog));
    environment.put("TIDEGATE_DEADLINE", "15s"); // Time for one whole attempt on a busy machine.
    TidegateProcess inVain = TidegateProcess.start(environment, "init");
    assertThat(inVain.exitCode()).as(inVain.output()).isEqualTo(NOT_READY);
    assertThat(inVain.output()).contains("standby");

    try (TidegateProcess init = Contender.start(standby.url("postgres"), changelog)) {
      eventually().until(() -> init.output().contains("\"reason\":\"role\""));
      standby.execute("postgres", "SELECT pg_promote()");
      assertThat(init.exitCode()).as(init.output()).isZero();
      assertThat(init.output()).contains("1 applied now");
    }
  }

  private String both(String parameter) {
    String address = "127.0.0.1:" + primary.port();
    return primary.url("postgres").replace(address, address + ",127.0.0.1:" + standby.port())
        + parameter;
  }

  private static int rows(PostgresServer server) throws SQLException {
    try (Connection connection = server.connect("postgres");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM t")) {
      row.next();
      return row.getInt(1);
    }
  }

  private static ConditionFactory eventually() {
    return Awaitility.await().atMost(Duration.ofMinutes(2)).ignoreExceptions();
  }
}
