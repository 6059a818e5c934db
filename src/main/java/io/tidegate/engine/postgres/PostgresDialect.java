package io.tidegate.engine.postgres;

import io.tidegate.engine.Target;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.sql.SqlDialect;
import io.tidegate.migration.sql.SqlSession;
import io.tidegate.secret.Secret;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** Migrations on PostgreSQL: a session advisory lock, and DDL inside transactions. */
@Singleton
final class PostgresDialect implements SqlDialect {

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

  private static Connection connect(Target target) throws SQLException {
    Properties properties = new Properties();
    String user = target.credentials().username();
    if (user != null) {
      properties.setProperty("user", user);
    }
    Secret password = target.credentials().password();
    if (password != null) {
      properties.setProperty("password", password.reveal());
    }
    properties.setProperty("tcpKeepAlive", "true");
    return DriverManager.getConnection(
        "jdbc:postgresql://" + target.url().host() + "/" + target.url().path(), properties);
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
            || state.equals("53300")
            || state.equals("3D000");
    return lost ? Fault.LOST : Fault.STATEMENT;
  }
}
