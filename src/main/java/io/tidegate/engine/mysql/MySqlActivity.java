package io.tidegate.engine.mysql;

import io.tidegate.migration.sql.SqlSession.Blocker;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who else works on the server. Without the right PROCESS only the same user's sessions are seen. */
final class MySqlActivity {
  private final Connection connection;

  MySqlActivity(Connection connection) {
    this.connection = connection;
  }

  /**
   * The names by which other agents of Tidegate show themselves that log in as the same user, if they
   * were heard within 99 s. There are none where performance_schema is off, and none behind a proxy
   * that gives its client another session's id.
   *
   * @see <a
   *     href="https://dev.mysql.com/doc/refman/8.4/en/performance-schema-session-account-connect-attrs-table.html">
   *     session_account_connect_attrs</a>
   */
  static List<String> sessionNames(Connection connection) throws SQLException {
    List<String> names = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT a.attr_value, connection_id()"
                    + " FROM performance_schema.session_account_connect_attrs a"
                    + " JOIN information_schema.processlist p ON p.id = a.processlist_id"
                    + " WHERE a.attr_name = 'program_name' AND a.attr_value LIKE 'tidegate:%'"
                    + " AND p.time < 99 AND p.id <> connection_id()")) {
      long told = connection.unwrap(org.mariadb.jdbc.Connection.class).getThreadId();
      while (row.next()) {
        if (row.getLong(2) != told) {
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
            "SELECT p.id, timestampdiff(SECOND, t.trx_started, now()), p.user, p.host, p.command"
                + " FROM information_schema.innodb_trx t"
                + " JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id"
                + " WHERE p.id <> connection_id()"
                + " AND timestampdiff(SECOND, t.trx_started, now()) >= ? ORDER BY t.trx_started")) {
      query.setLong(1, openFor.toSeconds());
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          boolean idle = row.getString(5).equals("Sleep");
          found.add(
              new Blocker(
                  row.getString(1),
                  "session %s (%s from %s), %s, its transaction open for %d s"
                      .formatted(
                          row.getString(1),
                          row.getString(3),
                          row.getString(4),
                          idle ? "idle in transaction" : "active",
                          row.getLong(2))));
        }
      }
    }
    return found;
  }

  /** Whether another session of this database comes from there, or from where cannot be told. */
  boolean connectedFrom(@Nullable String address) throws SQLException {
    boolean anywhere = address == null || address.startsWith("127.") || address.contains("::1");
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT 1 FROM information_schema.processlist WHERE id <> connection_id()"
                + " AND db = database() AND (? OR host LIKE concat(?, ':%')"
                + " OR host LIKE '127.%' OR host LIKE 'localhost%') LIMIT 1")) {
      query.setBoolean(1, anywhere);
      query.setString(2, address);
      try (ResultSet row = query.executeQuery()) {
        return row.next();
      }
    }
  }
}
