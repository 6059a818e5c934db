package io.tidegate.engine.sqlite;

import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.sql.CrLfReader;
import io.tidegate.migration.sql.MigrationLock;
import io.tidegate.migration.sql.SqlDialect.Access;
import io.tidegate.migration.sql.SqlSession;
import io.tidegate.migration.sql.SqlSession.HistoryPlace;
import io.tidegate.migration.sql.SqlSession.ScriptCheck;
import io.tidegate.migration.sql.StatementSplitter;
import io.tidegate.migration.sql.StatementSplitter.ScriptStatement;
import java.io.Reader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import liquibase.database.AbstractJdbcDatabase;
import liquibase.database.core.SQLiteDatabase;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;

/** The connection of a migration on SQLite. */
final class SqliteSession implements SqlSession {
  /** How long a changelog of Liquibase's own is believed to take on a file. */
  private static final Duration LIQUIBASE_AT_MOST = Duration.ofMinutes(10);

  /** The file itself: not a temporary table, and not a file that was attached. */
  private static final HistoryPlace PLACE = new HistoryPlace(null, null, "main.", true);

  private final Opener another;
  private final Access access;
  private volatile Connection connection;
  private final Duration lockTimeout;
  private final SqliteLock lock;

  /** Opens one more connection to the same file. */
  interface Opener {
    Connection open() throws SQLException;
  }

  SqliteSession(Opener another, MigrationSettings settings, Access access, Path file)
      throws SQLException {
    this.another = another;
    this.access = access;
    this.connection = another.open();
    this.lockTimeout = settings.tableLockTimeout();
    this.lock = new SqliteLock(file);
    try {
      begin();
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private void begin() throws SQLException {
    connection.setAutoCommit(true);
    limitTableLocks(true);
    if (access == Access.READ) {
      execute("PRAGMA query_only = 1");
    }
  }

  /** The lock is not the connection's. */
  @Override
  public void renew() throws SQLException {
    connection.close();
    connection = another.open();
    begin();
  }

  @Override
  public Connection connection() {
    return connection;
  }

  @Override
  public AbstractJdbcDatabase database() {
    return new SQLiteDatabase();
  }

  @Override
  public MigrationLock lock() {
    return lock;
  }

  @Override
  public boolean rollsBackSchema() {
    return true;
  }

  /** There is no server to ask who is connected: a lock that is older is nobody's. */
  @Override
  public boolean mayBeConnected(@Nullable String address, @Nullable Timestamp granted) {
    return granted != null
        && granted.toInstant().isAfter(Instant.now().minus(LIQUIBASE_AT_MOST))
        && granted.toInstant().isBefore(Instant.now().plus(LIQUIBASE_AT_MOST));
  }

  @Override
  public boolean allOrNothing(String statement) {
    return true;
  }

  @Override
  public StatementSplitter script(Reader text) {
    return new SqliteStatementSplitter(new CrLfReader(text));
  }

  @Override
  public ScriptCheck scriptCheck(boolean transaction) throws SQLException {
    return new SqliteScriptCheck(connection, transaction);
  }

  @Override
  public boolean belongsBeforeTransaction(ScriptStatement statement) {
    return SqliteScriptCheck.belongsBeforeTransaction(statement);
  }

  /** The driver runs a query as far as its rows are read. */
  @Override
  public void send(ScriptStatement statement) throws SQLException {
    try (Statement one = connection.createStatement()) {
      if (one.execute(statement.text())) {
        try (ResultSet rows = one.getResultSet()) {
          while (rows.next()) {
            // Only what it changes is wanted.
          }
        }
      }
    }
  }

  @Override
  public HistoryPlace place() {
    return PLACE;
  }

  @Override
  public Optional<String> table(String name) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT name FROM main.sqlite_master WHERE type = 'table' AND lower(name) = lower(?)")) {
      query.setString(1, name);
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
      }
    }
  }

  /** SQLite has no hash of its own: it gives the rows as one text. */
  @Override
  public boolean runsAloneInFlyway(ScriptStatement statement) {
    return statement.head().startsWith("PRAGMA FOREIGN_KEYS");
  }

  @Override
  public String objectsQuery() {
    return "SELECT name FROM sqlite_master WHERE type = 'table'"
        + " AND name NOT IN ('sqlite_sequence', 'android_metadata')";
  }

  /** SQLite changes no type of a column, and has one schema and one database. */
  @Override
  public CatalogQueries catalogQueries() {
    String tables = " FROM sqlite_master WHERE type IN ('table', 'view')";
    return new CatalogQueries(
        "SELECT 1" + tables + " LIMIT 1",
        "SELECT '', name, '\"' || replace(name, '\"', '\"\"') || '\"', NULL, 0"
            + tables
            + " AND ? IS NOT NULL AND ? IS NOT NULL AND lower(name) = ?",
        "",
        "SELECT 1 WHERE ? IS NULL",
        "SELECT 1 WHERE ? IS NULL");
  }

  @Override
  public String historyDigest(String table) {
    return "SELECT group_concat(line, char(10)) FROM (SELECT quote(ID) || quote(AUTHOR) ||"
        + " quote(FILENAME) || quote(DATEEXECUTED) || quote(ORDEREXECUTED) || quote(EXECTYPE) ||"
        + " quote(MD5SUM) || quote(TAG) || quote(CONTEXTS) || quote(LABELS) ||"
        + " quote(DEPLOYMENT_ID) AS line FROM "
        + table
        + " ORDER BY rowid)";
  }

  @Override
  public String columnsQuery() {
    return "SELECT '', t.name, c.name, 1 FROM sqlite_master t, pragma_table_info(t.name) c"
        + " WHERE t.type = 'table' ORDER BY 2, 3";
  }

  @Override
  public void limitTableLocks(boolean limited) throws SQLException {
    long millis = limited ? lockTimeout.toMillis() : Integer.MAX_VALUE;
    execute("PRAGMA busy_timeout = " + Math.min(millis, Integer.MAX_VALUE));
  }

  @Override
  public void cancel() throws SQLException {
    connection.unwrap(SQLiteConnection.class).getDatabase().interrupt();
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // The file is closed with the process at the latest.
    } finally {
      lock.release();
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
