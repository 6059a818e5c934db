package io.tidegate.engine.postgres;

import io.tidegate.engine.Target;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.sql.ClientName;
import io.tidegate.migration.sql.SqlDialect;
import io.tidegate.migration.sql.SqlSession;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;

/** Migrations on PostgreSQL: a session advisory lock, and DDL inside transactions. */
@Singleton
final class PostgresDialect implements SqlDialect {
  private final PostgresConnector connector;

  PostgresDialect(PostgresConnector connector) {
    this.connector = connector;
  }

  @Override
  public String engine() {
    return "postgresql";
  }

  @Override
  public SqlSession open(Target target, MigrationSettings settings, Access access)
      throws SQLException {
    Connection connection = connect(target);
    try {
      return new PostgresSession(
          connection, () -> connect(target), settings, access, target.name());
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private Connection connect(Target target) throws SQLException {
    return connector.connect(target, ClientName.CONNECT_TIMEOUT, ClientName.TEXT);
  }

  /** By <a href="https://www.postgresql.org/docs/18/errcodes-appendix.html">SQLSTATE</a>. */
  @Override
  public Fault faultOf(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    if (state.equals("55P03")) {
      return Fault.TABLE_LOCKED;
    }
    if (state.startsWith("28")) {
      return Fault.CREDENTIALS;
    }
    boolean lost =
        state.startsWith("08")
            || state.startsWith("57P")
            || state.equals("25P03")
            || state.equals("53300")
            || state.equals("3D000");
    return lost ? Fault.LOST : Fault.STATEMENT;
  }
}
