package io.tidegate.engine.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The limits of a migration's session, those that this server knows.
 *
 * <p>A client that was killed, or whose machine vanished, must not keep its lock for hours. The server
 * asks a silent client whether it is there; from version 12 on it also gives up one that does not
 * take what it was sent; from 14 on it looks while a statement runs. At worst the client vanishes
 * shortly before a statement ends, whose result then has all the time once more: 24 s together. The
 * role's own limits on statements, transactions and silence do not count: a change of the schema takes as
 * long as it takes.
 *
 * @see <a href="https://www.postgresql.org/docs/18/runtime-config-connection.html">the settings</a>
 */
final class SessionLimits {
  /** The server asks a silent client so often whether it is there. */
  private static final int KEEPALIVE_SECONDS = 4;

  /** A client that answers nothing for so long is gone. */
  private static final int GONE_AFTER_MILLIS = 12_000;

  /** While a statement runs, the server looks so often whether its client is gone. */
  private static final int LOOK_MILLIS = 500;

  private final Connection connection;
  private final @Nullable Duration statementTimeout;
  private @Nullable String sql;

  /**
   * Asks nothing yet.
   *
   * @param statementTimeout how long a statement may take; null: as long as it takes
   */
  SessionLimits(Connection connection, @Nullable Duration statementTimeout) {
    this.connection = connection;
    this.statementTimeout = statementTimeout;
  }

  /** The statements that set them, joined. The server is asked once which it knows. */
  String sql() throws SQLException {
    String known = sql == null ? known() : sql;
    sql = known;
    return known;
  }

  private String known() throws SQLException {
    Map<String, Long> wanted = new LinkedHashMap<>();
    wanted.put("tcp_keepalives_idle", (long) KEEPALIVE_SECONDS);
    wanted.put("tcp_keepalives_interval", (long) KEEPALIVE_SECONDS);
    wanted.put("tcp_keepalives_count", 2L);
    wanted.put("tcp_user_timeout", (long) GONE_AFTER_MILLIS);
    wanted.put("client_connection_check_interval", (long) LOOK_MILLIS);
    wanted.put(
        "statement_timeout",
        Objects.requireNonNullElse(statementTimeout, Duration.ZERO).toMillis());
    wanted.put("idle_in_transaction_session_timeout", 0L);
    wanted.put("transaction_timeout", 0L);
    wanted.put("idle_session_timeout", 0L);
    Set<String> known = new HashSet<>();
    String names = "'" + String.join("', '", wanted.keySet()) + "'";
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT name FROM pg_settings WHERE name IN (" + names + ")")) {
      while (row.next()) {
        known.add(row.getString(1));
      }
    }
    wanted.keySet().retainAll(known);
    return String.join(
        "; ",
        wanted.entrySet().stream()
            .map(limit -> "SET " + limit.getKey() + " = " + limit.getValue())
            .toList());
  }
}
