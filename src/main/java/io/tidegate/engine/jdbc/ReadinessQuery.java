package io.tidegate.engine.jdbc;

import io.tidegate.secret.Redactor;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.Reason;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The user's own query, which must give at least one row. */
final class ReadinessQuery {
  private ReadinessQuery() {}

  /** The given result if there is a row; else why not. A lost connection is thrown. */
  static ProbeResult ask(Connection connection, String query, ProbeResult result)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setMaxRows(1);
      try (ResultSet rows = statement.executeQuery(query)) {
        return rows.next()
            ? result
            : new ProbeResult.NotYet(Reason.QUERY, "the readiness query gives no row");
      }
    } catch (SQLException e) {
      String state = e.getSQLState();
      if (state != null && (state.startsWith("08") || state.startsWith("57"))) {
        throw e;
      }
      // Not permanent: the table may be made by the migration of somebody else.
      return new ProbeResult.NotYet(
          Reason.QUERY,
          "the readiness query fails: " + Redactor.redact(NetworkFaults.firstLine(e)));
    }
  }
}
