package io.tidegate.engine.mysql;

import io.tidegate.engine.Target;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.sql.Blocker;
import io.tidegate.migration.sql.MigrationLock;
import io.tidegate.migration.sql.SqlDialect.Access;
import io.tidegate.migration.sql.SqlSession;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
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
  private final String target;
  private final long largestPacket;
  private final MySqlLock lock;
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
    this.target = target.name();
    this.largestPacket = Long.parseLong(single("SELECT @@max_allowed_packet"));
    connection.setAutoCommit(true);
    if (access == Access.READ) {
      execute("SET SESSION TRANSACTION READ ONLY");
    }
    execute("SET SESSION wait_timeout = LEAST(@@wait_timeout, " + SILENCE_SECONDS + ")");
    limitTableLocks(true);
    limitStatements(settings.statementTimeout(), access);
    this.atomicity = new Atomicity(connection);
    this.lock = new MySqlLock(connection, target.name());
  }

  /**
   * MariaDB limits every statement.
   *
   * @throws ProblemException with exit 78 on MySQL, which limits {@code SELECT} alone
   * @see <a href="https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_max_execution_time">max_execution_time</a>
   */
  private void limitStatements(@Nullable Duration timeout, Access access) throws SQLException {
    if (timeout == null) {
      return;
    }
    if (mariaDb) {
      execute("SET SESSION max_statement_time = " + timeout.toMillis() / 1000.0);
    } else if (access == Access.WRITE) {
      throw new ProblemException(
          new Problem(
              ExitCode.REFUSED,
              "migration.statement-timeout is set, and MySQL limits no statement but SELECT",
              "target " + target,
              "Take it out, or set it to none; MariaDB and PostgreSQL have such a limit"));
    }
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

  /** A server does not answer a statement that is too large for it: it closes the connection. */
  @Override
  public void check(String statement) {
    long bytes = statement.getBytes(StandardCharsets.UTF_8).length;
    if (bytes >= largestPacket) {
      throw new ProblemException(
          new Problem(
              ExitCode.CHANGELOG,
              "the statement %s... has %d bytes, more than the server's max_allowed_packet of %d"
                  .formatted(beginning(statement), bytes, largestPacket),
              "target " + target,
              "Split the statement, or raise max_allowed_packet on the server"));
    }
  }

  /** The words before the first value. */
  private static String beginning(String statement) {
    return statement.strip().split("[('\"\\v]", 2)[0].strip();
  }

  @Override
  public String historyDigest() {
    return "SELECT CONCAT(COUNT(*), ':', COALESCE(SUM(CAST(CONV(LEFT(MD5(CONCAT_WS(',',"
        + " QUOTE(ID), QUOTE(AUTHOR), QUOTE(FILENAME), QUOTE(DATEEXECUTED), QUOTE(ORDEREXECUTED),"
        + " QUOTE(EXECTYPE), QUOTE(MD5SUM), QUOTE(TAG), QUOTE(CONTEXTS), QUOTE(LABELS),"
        + " QUOTE(DEPLOYMENT_ID))), 15), 16, 10) AS UNSIGNED)), 0)) FROM DATABASECHANGELOG";
  }

  @Override
  public String columnsQuery() {
    return "SELECT '', table_name, column_name, 1 FROM information_schema.columns"
        + " WHERE table_schema = DATABASE() ORDER BY 2, 3";
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
