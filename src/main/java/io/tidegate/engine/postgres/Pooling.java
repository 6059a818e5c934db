package io.tidegate.engine.postgres;

import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.postgresql.PGConnection;

/**
 * Finds out whether what answers is one server's own session. A pooler tells the client another
 * process id than the backend's; then a second connection shows whether both are given the same
 * backends, as in transaction mode.
 */
final class Pooling {
  /** A pool in session mode with one backend only lets the second connection wait. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Connection connection;
  private final PostgresSession.Opener another;
  private final int backend;
  private final String version;

  Pooling(Connection connection, PostgresSession.Opener another) throws SQLException {
    this.connection = connection;
    this.another = another;
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT pg_backend_pid(), version()")) {
      row.next();
      this.backend = row.getInt(1);
      this.version = row.getString(2);
    }
  }

  /** The process id of the backend, at this moment at least. */
  int backend() {
    return backend;
  }

  /** Whether the server lets no session lock hold though it takes it. */
  static boolean ignoresSessionLocks(String version) {
    return version.contains("CockroachDB");
  }

  /** Whether backends change between transactions. */
  boolean sharesBackends() throws SQLException {
    if (ignoresSessionLocks(version)
        || connection.unwrap(PGConnection.class).getBackendPID() == backend) {
      return false;
    }
    try (Connection second = another.open()) {
      second.setNetworkTimeout(Runnable::run, (int) PATIENCE.toMillis());
      second.setAutoCommit(false);
      int other;
      try {
        other = pid(second);
      } catch (SQLException e) {
        // It was given no backend, since this one keeps its own.
        return false;
      }
      // The second keeps its backend in a transaction: if it is ours, we are given another now.
      return other == backend || pid(connection) != backend;
    }
  }

  /**
   * Refuses to migrate where no session lock holds.
   *
   * @throws ProblemException with exit 78
   */
  void refuse(boolean shared, String target) {
    if (ignoresSessionLocks(version)) {
      throw new ProblemException(
          new Problem(
              ExitCode.REFUSED,
              "this is CockroachDB, where advisory locks do nothing",
              "target " + target,
              "Migrate it with a tool of its own; Tidegate can wait for it"));
    }
    if (shared) {
      throw new ProblemException(
          new Problem(
              ExitCode.REFUSED,
              "a pooler in transaction mode answers, as PgBouncer does, where a session lock does not hold",
              "target " + target,
              "Give the migration the direct URL of the database, by migration.url of the target,"
                  + " or a pool in session mode"));
    }
  }

  private static int pid(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
      row.next();
      return row.getInt(1);
    }
  }
}
