package io.tidegate.engine.mysql;

import io.tidegate.migration.sql.SqlSession.Blocker;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
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
