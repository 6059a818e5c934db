package io.tidegate.migration.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Looks, over a connection of its own, at the sessions of a server that run a slow statement. */
public final class Sessions implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Connection connection;
  private final String atWork;
  private final String state;

  private Sessions(Connection connection, String atWork, String state) {
    this.connection = connection;
    this.atWork = atWork;
    this.state = state;
  }

  /** PostgreSQL's; slow is what calls pg_sleep. */
  public static Sessions postgresql(Connection connection) {
    return new Sessions(
        connection,
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> ?"
            + " AND pid <> pg_backend_pid() AND state = 'active' AND query LIKE '%pg_sleep(%'",
        "SELECT state FROM pg_stat_activity WHERE pid = ?");
  }

  /** MariaDB's; slow is what calls sleep. */
  public static Sessions mariaDb(Connection connection) {
    return new Sessions(
        connection,
        "SELECT id FROM information_schema.processlist WHERE db = database() AND id <> ?"
            + " AND id <> connection_id() AND info LIKE '%sleep(%'"
            + " AND info NOT LIKE '%tidegate_%'",
        "SELECT command FROM information_schema.processlist WHERE id = ?");
  }

  /** Waits until a session other than that one is at work, and gives its id. */
  public long awaitWorkOfAnother(long other) {
    return eventually().until(() -> Long.parseLong(ask(atWork, other, "0")), id -> id > 0);
  }

  /** The session that holds the migration lock now; 0: none, or one of another user than {@code app}. */
  public long holder(long session) throws SQLException {
    return atWork.contains("processlist")
        ? Long.parseLong(
            ask(
                "SELECT coalesce(max(id), 0) FROM information_schema.processlist"
                    + " WHERE id >= ? AND user = 'app' AND id = is_used_lock('tidegate:app')",
                session,
                "0"))
        : session;
  }

  /** Waits until that session waits for its client's next statement. */
  public void awaitSilence(long session) {
    eventually()
        .until(() -> {
          String now = ask(state, session, "gone");
          return now.startsWith("idle") || now.equals("Sleep");
        });
  }

  /** Waits until that session has ended. */
  public void awaitEnd(long session) {
    eventually().until(() -> ask(state, session, "gone").equals("gone"));
  }

  private String ask(String query, long session, String none) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setLong(1, session);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getString(1) : none;
      }
    }
  }

  private static ConditionFactory eventually() {
    return Awaitility.await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5));
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
