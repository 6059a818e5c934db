package io.tidegate.engine.postgres;

import io.tidegate.migration.sql.SqlSession.Blocker;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Who else works on the database. Without pg_monitor only the same user's sessions show what they
 * do.
 *
 * @see <a href="https://www.postgresql.org/docs/18/monitoring-stats.html#MONITORING-PG-STAT-ACTIVITY-VIEW">pg_stat_activity</a>
 */
final class PostgresActivity {
  private static final String OTHERS =
      " FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
          + " AND backend_type = 'client backend'";

  private final Connection connection;

  PostgresActivity(Connection connection) {
    this.connection = connection;
  }

  /**
   * The names by which other agents of Tidegate show themselves, if they were heard within 99 s. A
   * pooler, which tells the client another process id than the backend's, lets names stay on backends
   * whose clients are gone: then there are none. When a session of another user was heard only those see
   * that have pg_read_all_stats.
   */
  static List<String> sessionNames(Connection connection) throws SQLException {
    List<String> names = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT application_name, pg_backend_pid()"
                    + OTHERS
                    + " AND application_name LIKE 'tidegate:%'"
                    + " AND state_change > clock_timestamp() - interval '99 s'")) {
      int told = connection.unwrap(PGConnection.class).getBackendPID();
      while (row.next()) {
        if (row.getInt(2) != told) {
          return List.of();
        }
        names.add(row.getString(1));
      }
    }
    return names;
  }

  /** Sessions with a transaction that has been open for so long. */
  List<Blocker> blockers(Duration openFor) throws SQLException {
    List<Blocker> found = new ArrayList<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT pid, extract(epoch FROM clock_timestamp() - xact_start)::bigint,"
                + " coalesce(application_name, ''), state, host(client_addr), xact_start"
                + OTHERS
                + " AND xact_start <= clock_timestamp() - ? * interval '1 millisecond'"
                + " ORDER BY xact_start")) {
      query.setLong(1, openFor.toMillis());
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          String address = row.getString(5);
          found.add(
              new Blocker(
                  row.getString(1) + " " + row.getString(6),
                  "pid %d (application %s%s), %s, its transaction open for %d s"
                      .formatted(
                          row.getInt(1),
                          row.getString(3).isEmpty() ? "unnamed" : row.getString(3),
                          address == null ? "" : " from " + address,
                          row.getString(4),
                          row.getLong(2))));
        }
      }
    }
    return found;
  }

  /**
   * Whether another session comes from there that began before or soon after that time. The time has
   * no zone, so it may be off by as much as zones are; and an address that says nothing is every
   * address.
   */
  boolean connectedFrom(@Nullable String address, @Nullable Timestamp granted) throws SQLException {
    boolean anywhere = address == null || address.startsWith("127.") || address.contains("::1");
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT 1"
                + OTHERS
                + " AND (? OR client_addr IS NULL OR host(client_addr) = ?"
                + " OR client_addr <<= '127.0.0.0/8' OR client_addr = '::1')"
                + " AND (?::timestamptz IS NULL OR backend_start <= ?::timestamptz + interval '15 hours')"
                + " LIMIT 1")) {
      query.setBoolean(1, anywhere);
      query.setString(2, address);
      query.setTimestamp(3, granted);
      query.setTimestamp(4, granted);
      try (ResultSet row = query.executeQuery()) {
        return row.next();
      }
    }
  }
}
