package io.tidegate.engine.postgres;

import io.tidegate.engine.jdbc.JdbcService;
import io.tidegate.engine.jdbc.Limits;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.Reason;
import io.tidegate.target.Target;
import io.tidegate.target.Target.Role;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Asks PostgreSQL for its role. */
final class PostgresService implements JdbcService {
  private static final String ROLE =
      "SELECT current_setting('server_version'), pg_is_in_recovery(),"
          + " current_setting('transaction_read_only')";

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
            Reason.ROLE,
            name
                + " answers, but takes no writes: default_transaction_read_only is on for the server, the"
                + " database, the user or this URL");
      }
      return new ProbeResult.Ready(
          name + (standby ? ", standby" : readOnly ? ", read-only" : ", primary"));
    }
  }

  @Override
  public ProbeResult explain(SQLException failure, Target target) {
    return PostgresFaults.explain(failure, target);
  }
}
