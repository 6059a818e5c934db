package io.tidegate.engine.mysql;

import io.tidegate.engine.Target;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.sql.Blocker;
import io.tidegate.migration.sql.HistoryPlace;
import io.tidegate.migration.sql.MigrationLock;
import io.tidegate.migration.sql.SqlDialect.Access;
import io.tidegate.migration.sql.SqlSession;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import liquibase.database.AbstractJdbcDatabase;
import liquibase.database.core.MariaDBDatabase;
import liquibase.database.core.MySQLDatabase;
import org.jspecify.annotations.Nullable;

/** The connection of a migration on MySQL or MariaDB. */
final class MySqlSession implements SqlSession {
  /** The longest that the server takes: a year. */
  private static final long NO_LIMIT_SECONDS = 31_536_000;

  /**
   * How long the server waits for the next statement. It does not ask whether a silent client is
   * there, as PostgreSQL does, so this bounds how long a vanished one keeps its lock; and it must be
   * longer than any pause that a migration makes by itself, as for reading its changelog.
   */
  private static final int SILENCE_SECONDS = 120;

  private final Connection connection;
  private final Opener another;
  private final long lockTimeoutSeconds;
  private final long id;
  private final boolean mariaDb;
  private final MySqlLock lock;
  private final HistoryPlace place;
  private final Atomicity atomicity;

  /** Opens one more connection to the same server as the same user. */
  interface Opener {
    Connection open() throws SQLException;
  }

  MySqlSession(
      Connection connection,
      Opener another,
      MigrationSettings settings,
      Access access,
      Target target)
      throws SQLException {
    this.connection = connection;
    this.another = another;
    this.lockTimeoutSeconds = Math.max(1, settings.lockTimeout().toSeconds());
    this.id = Long.parseLong(single("SELECT CONNECTION_ID()"));
    this.mariaDb = single("SELECT VERSION()").toLowerCase(Locale.ROOT).contains("mariadb");
    connection.setAutoCommit(true);
    if (access == Access.READ) {
      execute("SET SESSION TRANSACTION READ ONLY");
    }
    execute("SET SESSION wait_timeout = LEAST(@@wait_timeout, " + SILENCE_SECONDS + ")");
    limitTableLocks(true);
    Duration statementTimeout = settings.statementTimeout();
    if (statementTimeout != null && mariaDb) {
      execute("SET SESSION max_statement_time = " + statementTimeout.toMillis() / 1000.0);
    }
    this.atomicity = new Atomicity(connection);
    this.lock = new MySqlLock(connection, target.name());
    String database = connection.getCatalog();
    this.place =
        new HistoryPlace(
            database, null, database == null ? "" : "`" + database.replace("`", "``") + "`.", true);
  }

  @Override
  public Connection connection() {
    return connection;
  }

  @Override
  public AbstractJdbcDatabase database() {
    return mariaDb ? new MariaDBDatabase() : new MySQLDatabase();
  }

  @Override
  public MigrationLock lock() {
    return lock;
  }

  @Override
  public boolean rollsBackSchema() {
    return false;
  }

  @Override
  public boolean rollsBack(String statement) throws SQLException {
    return atomicity.rollsBack(statement);
  }

  @Override
  public boolean allOrNothing(String statement) throws SQLException {
    return atomicity.allOrNothing(statement);
  }

  @Override
  public List<Blocker> blockers(Duration openFor) throws SQLException {
    return new MySqlActivity(connection).blockers(openFor);
  }

  @Override
  public boolean mayBeConnected(@Nullable String address, @Nullable Timestamp granted)
      throws SQLException {
    return new MySqlActivity(connection).connectedFrom(address);
  }

  @Override
  public HistoryPlace place() {
    return place;
  }

  /** Tables of one name in two cases are possible, where Liquibase was told another name. */
  @Override
  public Optional<String> table(String name) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = ?"
                + " AND lower(table_name) = ? AND table_type = 'BASE TABLE'"
                + " ORDER BY table_name = upper(?) DESC")) {
      query.setString(1, place.catalog());
      query.setString(2, name);
      query.setString(3, name);
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
      }
    }
  }

  @Override
  public String historyDigest(String table) {
    return "SELECT CONCAT(COUNT(*), ':', COALESCE(SUM(CAST(CONV(LEFT(MD5(CONCAT_WS(',',"
        + " QUOTE(ID), QUOTE(AUTHOR), QUOTE(FILENAME), QUOTE(DATEEXECUTED), QUOTE(ORDEREXECUTED),"
        + " QUOTE(EXECTYPE), QUOTE(MD5SUM), QUOTE(TAG), QUOTE(CONTEXTS), QUOTE(LABELS),"
        + " QUOTE(DEPLOYMENT_ID))), 15), 16, 10) AS UNSIGNED)), 0)) FROM "
        + table;
  }

  @Override
  public String tableOptions() {
    return " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4";
  }

  @Override
  public List<String> statements(String script) {
    return MySqlScript.statements(script);
  }

  /** Both the lock on a table's definition and those on rows. */
  @Override
  public void limitTableLocks(boolean limited) throws SQLException {
    long seconds = limited ? lockTimeoutSeconds : NO_LIMIT_SECONDS;
    execute("SET SESSION lock_wait_timeout = " + seconds);
    execute("SET SESSION innodb_lock_wait_timeout = " + seconds);
  }

  @Override
  public void cancel() throws SQLException {
    try (Connection second = another.open();
        Statement statement = second.createStatement()) {
      statement.execute("KILL QUERY " + id);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // It is gone already, and the lock with it.
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String single(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}
