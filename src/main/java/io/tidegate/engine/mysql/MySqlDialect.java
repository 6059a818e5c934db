package io.tidegate.engine.mysql;

import io.tidegate.engine.Target;
import io.tidegate.engine.jdbc.Handover;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.sql.ClientName;
import io.tidegate.migration.sql.SqlDialect;
import io.tidegate.migration.sql.SqlSession;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import liquibase.database.AbstractJdbcDatabase;
import liquibase.database.core.MySQLDatabase;

/** Migrations on MySQL and MariaDB: a lock by name, and DDL that commits by itself. */
final class MySqlDialect implements SqlDialect {
  /**
   * Too many connections, shutting down, killed, connection lost, no such database; on MySQL, ended
   * since the client was silent for too long.
   */
  private static final Set<Integer> LOST = Set.of(1040, 1053, 1927, 2006, 2013, 1049, 4031);

  private static final Set<Integer> CREDENTIALS = Set.of(1044, 1045, 1698);
  private static final int LOCK_WAIT_TIMEOUT = 1205;

  private final Handover handover;

  MySqlDialect(Handover handover) {
    this.handover = handover;
  }

  @Override
  public String engine() {
    return "mysql";
  }

  @Override
  public AbstractJdbcDatabase database() {
    return new MySQLDatabase();
  }

  @Override
  public SqlSession open(Target target, MigrationSettings settings, Access access)
      throws SQLException {
    // Those before have only read, and the session sets all that it needs, whichever it is given.
    Connection connection =
        access == Access.WRITE
            ? handover.connection(target, ClientName.LIMITS.readMillis(), () -> connect(target))
            : connect(target);
    try {
      MySqlSession session =
          new MySqlSession(connection, () -> connect(target), settings, access, target);
      access.limit(connection, settings);
      return session;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * By <a href="https://mariadb.com/docs/server/reference/error-codes/mariadb-error-code-reference">
   * error number</a>.
   */
  @Override
  public Fault faultOf(SQLException e) {
    if (e.getErrorCode() == LOCK_WAIT_TIMEOUT) {
      return Fault.TABLE_LOCKED;
    }
    if (CREDENTIALS.contains(e.getErrorCode())) {
      return Fault.CREDENTIALS;
    }
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    return LOST.contains(e.getErrorCode()) || state.startsWith("08") ? Fault.LOST : Fault.STATEMENT;
  }

  private Connection connect(Target target) throws SQLException {
    return MySqlConnector.open(target, ClientName.LIMITS);
  }
}
