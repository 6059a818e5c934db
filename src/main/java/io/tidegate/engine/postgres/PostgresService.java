package io.tidegate.engine.postgres;

import io.tidegate.engine.ProbeResult;
import io.tidegate.engine.Reason;
import io.tidegate.engine.Role;
import io.tidegate.engine.Target;
import io.tidegate.engine.jdbc.JdbcService;
import io.tidegate.engine.jdbc.Limits;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Asks PostgreSQL for its role. */
final class PostgresService implements JdbcService {
  static final List<String> FACTS =
      List.of(
          "version",
          "fsync",
          "full_page_writes",
          "synchronous_commit",
          "superuser",
          "in_recovery",
          "ssl");

  private static final String ROLE =
      "SELECT current_setting('server_version'), pg_is_in_recovery(),"
          + " current_setting('transaction_read_only')";

  private static final String ASK_FACTS =
      "SELECT current_setting('server_version', true) AS version,"
          + " current_setting('fsync', true) AS fsync,"
          + " current_setting('full_page_writes', true) AS full_page_writes,"
          + " current_setting('synchronous_commit', true) AS synchronous_commit,"
          + " current_setting('is_superuser', true) AS superuser,"
          + " CASE WHEN pg_is_in_recovery() THEN 'on' ELSE 'off' END AS in_recovery,"
          + " (SELECT CASE WHEN ssl THEN 'on' ELSE 'off' END FROM pg_stat_ssl"
          + " WHERE pid = pg_backend_pid()) AS ssl";

  @Override
  public Connection open(Target target, Limits limits) throws SQLException {
    return PostgresConnector.open(target, limits);
  }

  @Override
  public ProbeResult ask(Connection connection, Target target) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(ROLE)) {
      row.next();
      String name = "PostgreSQL " + row.getString(1).split(" ", 2)[0];
      boolean standby = row.getBoolean(2);
      boolean readOnly = "on".equals(row.getString(3));
      if (target.role() == Role.PRIMARY && standby) {
        return new ProbeResult.NotYet(
            Reason.ROLE, name + " answers, but is in recovery: a standby, which takes no writes");
      }
      if (target.role() == Role.PRIMARY && readOnly) {
        return new ProbeResult.NotYet(
            Reason.ROLE, name + " answers, but its transactions are read-only");
      }
      return new ProbeResult.Ready(
          name + (standby ? ", standby" : readOnly ? ", read-only" : ", primary"));
    }
  }

  @Override
  public ProbeResult explain(SQLException failure, Target target) {
    return PostgresFaults.explain(failure, target);
  }

  static Map<String, String> facts(Connection connection) throws SQLException {
    Map<String, String> told = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(ASK_FACTS)) {
      row.next();
      for (String name : FACTS) {
        String value = row.getString(name);
        if (value != null) {
          told.put(name, value);
        }
      }
    }
    return told;
  }
}
