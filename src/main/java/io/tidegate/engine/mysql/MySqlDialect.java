package io.tidegate.engine.mysql;

import io.tidegate.engine.jdbc.ConnectionHandoff;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.sql.ClientName;
import io.tidegate.migration.sql.CrLfReader;
import io.tidegate.migration.sql.SqlDialect;
import io.tidegate.migration.sql.SqlDialect.LoginFailure;
import io.tidegate.migration.sql.SqlSession;
import io.tidegate.migration.sql.StatementSplitter;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.target.Target;
import java.io.Reader;
import java.sql.Connection;
import java.sql.SQLException;
import liquibase.database.AbstractJdbcDatabase;
import liquibase.database.core.MySQLDatabase;

/** Migrations on MySQL and MariaDB: a lock by name, and DDL that commits by itself. */
final class MySqlDialect implements SqlDialect {
  private final ConnectionHandoff handoff;

  MySqlDialect(ConnectionHandoff handoff) {
    this.handoff = handoff;
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
  public StatementSplitter script(Reader text) {
    return new MySqlStatementSplitter(new CrLfReader(text), "");
  }

  @Override
  public SqlSession open(Target target, MigrationSettings settings, Access access)
      throws SQLException {
    if (target.url().path().isEmpty()) {
      throw new ProblemException(
          new Problem(
              ExitCode.REFUSED,
              "its URL names no database, so there is none to migrate",
              "target " + target.name(),
              "Put its name at the end of the URL: mariadb://host/app"));
    }
    // Those before have only read, and the session sets all that it needs, whichever it is given.
    Connection connection =
        access == Access.WRITE
            ? handoff.connection(target, ClientName.LIMITS.readMillis(), () -> connect(target))
            : connect(target);
    try {
      MySqlSession session =
          new MySqlSession(connection, () -> connect(target), settings, access, target);
      Access.limit(connection, settings);
      return session;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public Fault faultOf(SQLException e) {
    return MySqlFaults.ofSession(e);
  }

  private static Connection connect(Target target) throws SQLException {
    try {
      return MySqlConnector.open(target, ClientName.LIMITS);
    } catch (SQLException e) {
      throw new LoginFailure(e, MySqlFaults.explain(e, target));
    }
  }
}
