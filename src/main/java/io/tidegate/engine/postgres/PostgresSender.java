package io.tidegate.engine.postgres;

import io.tidegate.migration.sql.StatementSplitter.ScriptStatement;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.List;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.QueryExecutor;
import org.postgresql.core.ResultHandlerBase;
import org.postgresql.core.SqlCommand;
import org.postgresql.jdbc.PgConnection;

/**
 * Sends statements of a script as psql does: by the simple query protocol, unread by the driver, which
 * would look for parameters and for further statements in them. Rows of an answer are not kept.
 */
final class PostgresSender {
  private static final int AS_PSQL =
      QueryExecutor.QUERY_EXECUTE_AS_SIMPLE
          | QueryExecutor.QUERY_ONESHOT
          | QueryExecutor.QUERY_NO_RESULTS;

  private final PgConnection connection;

  PostgresSender(Connection connection) throws SQLException {
    this.connection = connection.unwrap(PgConnection.class);
  }

  void send(ScriptStatement statement) throws SQLException, IOException {
    InputStream rows = statement.data();
    if (rows != null) {
      connection.getCopyAPI().copyIn(statement.text(), rows);
    } else if (statement.head().equals(PostgresStatementSplitter.COPY_TO_CLIENT)) {
      connection.getCopyAPI().copyOut(statement.text(), OutputStream.nullOutputStream());
    } else {
      query(statement.text());
    }
  }

  private void query(String sql) throws SQLException {
    QueryExecutor executor = connection.getQueryExecutor();
    int begin = connection.getAutoCommit() ? QueryExecutor.QUERY_SUPPRESS_BEGIN : 0;
    executor.execute(
        executor.wrap(List.of(new NativeQuery(sql, SqlCommand.BLANK))),
        null,
        new Answer(),
        0,
        0,
        AS_PSQL | begin);
  }

  /** Keeps the first error, which is thrown when the server is done. */
  private static final class Answer extends ResultHandlerBase {
    @Override
    public void handleWarning(SQLWarning warning) {
      // As the server's notices to psql: they stop nothing.
    }
  }
}
