package io.tidegate.engine.mysql;

import io.tidegate.engine.jdbc.ConnectionHandoffContract;
import io.tidegate.engine.jdbc.Limits;
import io.tidegate.migration.sql.SqlDialect;
import io.tidegate.servers.MariaDbServer;
import io.tidegate.target.Engine;
import io.tidegate.target.Targets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class MySqlConnectionHandoffTest extends ConnectionHandoffContract {
  private static final MariaDbServer SERVER = MariaDbServer.started();

  @BeforeAll
  static void user_of_the_app() {
    SERVER.execute("", "CREATE USER app_user@'%' IDENTIFIED BY '" + PASSWORD + "'");
    SERVER.createDatabase("app");
    SERVER.execute("", "GRANT ALL ON app.* TO app_user@'%'");
  }

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @Override
  protected Engine engine() {
    return new MySqlEngine(handoff);
  }

  @Override
  protected SqlDialect dialect() {
    return new MySqlDialect(handoff);
  }

  @Override
  protected Connection fresh(Targets targets) throws SQLException {
    return MySqlConnector.open(targets.target(), new Limits(TIMEOUT, Duration.ZERO, "tidegate"));
  }

  @Override
  protected Set<String> session(Connection connection) throws SQLException {
    Set<String> all =
        rows(
            connection,
            "SELECT concat(variable_name, ' ', variable_value)"
                + " FROM information_schema.session_variables"
                + " WHERE variable_name NOT IN ('PSEUDO_THREAD_ID', 'TIMESTAMP', 'RAND_SEED1',"
                + " 'RAND_SEED2')");
    all.addAll(
        rows(connection, "SELECT concat(database(), ' ', current_user(), ' ', @@in_transaction)"));
    return all;
  }

  @Override
  protected int serverPort() {
    return SERVER.port();
  }

  @Override
  protected Targets at(int port) {
    return Targets.at("mariadb", port, "app").as(USER, PASSWORD);
  }

  @Override
  protected void changePassword(String password) {
    SERVER.execute("", "ALTER USER app_user@'%' IDENTIFIED BY '" + password + "'");
  }

  @Override
  protected void readOnly(boolean on) {
    SERVER.execute("", "SET GLOBAL read_only = " + (on ? 1 : 0));
  }

  @Override
  protected void endSessions() {
    SERVER.execute("", "KILL USER app_user");
  }

  @Override
  protected Connection connection() throws SQLException {
    return SERVER.connect("app");
  }
}
