package io.tidegate.engine.mysql;

import io.tidegate.engine.jdbc.ConnectionHandoff;
import io.tidegate.migration.sql.SqlDialect;
import io.tidegate.migration.sql.SqlTargets;
import io.tidegate.migration.sql.TestDatabases;
import io.tidegate.servers.MariaDbServer;
import io.tidegate.target.Target;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Databases on a MariaDB that runs while the tests of a class do. */
record MySqlDatabases(MariaDbServer server)
    implements TestDatabases, BeforeAllCallback, AfterAllCallback {
  @Override
  public void beforeAll(ExtensionContext context) {
    server.start();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    server.close();
  }

  @Override
  public SqlDialect dialect() {
    return new MySqlDialect(new ConnectionHandoff());
  }

  @Override
  public void create(String name) {
    server.createDatabase(name);
  }

  @Override
  public Target target(String name, Path changelog) {
    return SqlTargets.server("mariadb", server.port(), name, "root", "", changelog);
  }

  @Override
  public Connection connect(String name) throws SQLException {
    return server.connect(name);
  }

  @Override
  public String tablesQuery() {
    return "SELECT concat(table_name, '.', column_name) FROM information_schema.columns"
        + " WHERE table_schema = database() ORDER BY 1";
  }
}
