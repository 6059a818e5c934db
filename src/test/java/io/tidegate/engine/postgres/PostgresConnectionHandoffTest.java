package io.tidegate.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.engine.jdbc.ConnectionHandoffContract;
import io.tidegate.engine.jdbc.Limits;
import io.tidegate.migration.sql.SqlDialect;
import io.tidegate.servers.PostgresServer;
import io.tidegate.target.Engine;
import io.tidegate.target.Targets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgresConnectionHandoffTest extends ConnectionHandoffContract {
  private static final PostgresServer SERVER = PostgresServer.started();

  @BeforeAll
  static void user_of_the_app() {
    SERVER.execute("postgres", "CREATE USER app_user PASSWORD '" + PASSWORD + "'");
    SERVER.createDatabase("app");
  }

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @Test
  void facts_that_are_interrupted_leave_no_connection() throws Exception {
    Targets targets = target();
    ready(targets);
    try (Connection holder = SERVER.connect("app");
        Statement statement = holder.createStatement()) {
      holder.setAutoCommit(false);
      statement.execute("LOCK TABLE pg_stat_archiver IN ACCESS EXCLUSIVE MODE");
      AtomicReference<Throwable> end = new AtomicReference<>();
      Thread asking =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  engine().facts(targets.target(), Duration.ofSeconds(60));
                } catch (InterruptedException e) {
                  end.set(e);
                }
              });
      Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> waiting() == 1);

      asking.interrupt();

      assertThat(asking.join(TIMEOUT)).isTrue();
      assertThat(end.get()).isInstanceOf(InterruptedException.class);
      onlyOpened(1);
    }
  }

  private static int waiting() throws SQLException {
    try (Connection connection = SERVER.connect("postgres");
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM pg_stat_activity"
                    + " WHERE usename = 'app_user' AND wait_event_type = 'Lock'")) {
      row.next();
      return row.getInt(1);
    }
  }

  @Override
  protected Engine engine() {
    return new PostgresEngine(handoff);
  }

  @Override
  protected SqlDialect dialect() {
    return new PostgresDialect(handoff);
  }

  @Override
  protected Connection fresh(Targets targets) throws SQLException {
    return PostgresConnector.open(targets.target(), new Limits(TIMEOUT, Duration.ZERO, "tidegate"));
  }

  @Override
  protected Set<String> session(Connection connection) throws SQLException {
    return rows(
        connection,
        "SELECT name || ' ' || setting || ' ' || source FROM pg_settings"
            + " WHERE name <> 'application_name'"
            + " UNION ALL SELECT 'prepared ' || name FROM pg_prepared_statements"
            + " UNION ALL SELECT 'cursor ' || statement FROM pg_cursors WHERE name <> ''"
            + " UNION ALL SELECT 'listens ' || c FROM pg_listening_channels() c"
            + " UNION ALL SELECT 'temporary schema ' || pg_my_temp_schema()"
            + " UNION ALL SELECT 'lock ' || l.locktype || coalesce(l.relation::regclass::text, '')"
            + " FROM pg_locks l WHERE pid = pg_backend_pid()"
            + " UNION ALL SELECT 'user ' || current_user || ' ' || session_user");
  }

  @Override
  protected int serverPort() {
    return SERVER.port();
  }

  @Override
  protected Targets at(int port) {
    return Targets.at("postgresql", port, "app").as(USER, PASSWORD);
  }

  @Override
  protected void changePassword(String password) {
    SERVER.execute("postgres", "ALTER USER app_user PASSWORD '" + password + "'");
  }

  @Override
  protected void readOnly(boolean on) {
    SERVER.execute(
        "postgres",
        "ALTER USER app_user SET default_transaction_read_only = " + (on ? "on" : "off"));
  }

  @Override
  protected void endSessions() {
    SERVER.execute(
        "postgres",
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE usename = 'app_user'");
  }

  @Override
  protected Connection connection() throws SQLException {
    return SERVER.connect("app");
  }
}
