package io.tidegate.engine.postgres;

import io.tidegate.digest.Sha256;
import io.tidegate.migration.MigrationListener.LockHolder;
import io.tidegate.migration.sql.MigrationLock;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * A session advisory lock, one for each database: a schema is no part of its key, since the current
 * one may move. The key is documented, so that others can look for it: the first 8 bytes of SHA-256
 * of {@code tidegate:<database>}.
 */
final class PostgresLock implements MigrationLock {
  /** How often the lock is looked for after it was taken: a pooler changes backends at random. */
  private static final int LOOKS = 4;

  private static final String SAME_LOCK =
      "locktype = 'advisory' AND objsubid = 1"
          + " AND classid::bigint = (?::bigint >> 32) & 4294967295"
          + " AND objid::bigint = ?::bigint & 4294967295"
          + " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())";

  private final Connection connection;
  private final String target;
  private final long key;

  PostgresLock(Connection connection, String target) throws SQLException {
    this.connection = connection;
    this.target = target;
    this.key = key(connection);
  }

  @Override
  public boolean tryAcquire() throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT pg_try_advisory_lock(?)")) {
      statement.setLong(1, key);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        if (!row.getBoolean(1)) {
          return false;
        }
      }
    }
    verify();
    return true;
  }

  @Override
  public boolean isHeld() throws SQLException {
    return holdingBackend() >= 0;
  }

  /**
   * Behind a pooler in transaction mode each statement may run in another backend, and the lock
   * stays with the one that took it. Then one of these looks finds another backend, or no lock.
   */
  private void verify() throws SQLException {
    int first = -1;
    for (int look = 0; look < LOOKS; look++) {
      int pid = holdingBackend();
      if (pid < 0 || (first >= 0 && pid != first)) {
        throw new ProblemException(
            new Problem(
                ExitCode.REFUSED,
                "a session lock does not hold on this connection: another backend answered, as"
                    + " behind a pooler in transaction mode",
                "target " + target,
                "Give the migration the direct URL of the database, by migration.url of the target,"
                    + " or a pool in session mode"));
      }
      first = pid;
    }
  }

  /** This connection's backend if it holds the lock at this moment, else -1. */
  private int holdingBackend() throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT pid FROM pg_locks l WHERE granted AND pid = pg_backend_pid() AND "
                + SAME_LOCK)) {
      statement.setLong(1, key);
      statement.setLong(2, key);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getInt(1) : -1;
      }
    }
  }

  @Override
  public @Nullable LockHolder holder() throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT l.pid, a.application_name, host(a.client_addr), a.backend_start, a.query"
                + " FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid"
                + " WHERE granted AND l.pid <> pg_backend_pid() AND "
                + SAME_LOCK)) {
      statement.setLong(1, key);
      statement.setLong(2, key);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? holder(row) : null;
      }
    }
  }

  private static LockHolder holder(ResultSet row) throws SQLException {
    String name = row.getString(2);
    String address = row.getString(3);
    OffsetDateTime since = row.getObject(4, OffsetDateTime.class);
    String who =
        "backend %d%s%s"
            .formatted(
                row.getInt(1),
                name == null || name.isEmpty() ? "" : " (" + name + ")",
                address == null ? "" : " from " + address);
    return new LockHolder(
        who, since == null ? null : since.toInstant(), firstLine(row.getString(5)));
  }

  private static @Nullable String firstLine(@Nullable String query) {
    return query == null ? null : query.lines().findFirst().orElse("");
  }

  private static long key(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT 'tidegate:' || current_database()")) {
      row.next();
      return ByteBuffer.wrap(Sha256.of(row.getString(1))).getLong();
    }
  }

  /**
   * Finds out whether what answers is one server's own session. A pooler tells the client another
   * process id than the backend's; then a second connection shows whether both are given the same
   * backends, as in transaction mode.
   */
  static final class Pooling {
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
}
