package io.tidegate.engine.mysql;

import io.tidegate.engine.jdbc.ConnectionHandoff;
import io.tidegate.migration.sql.SqlDialect;
import io.tidegate.migration.sql.SqlTargets;
import io.tidegate.migration.sql.ToolFoldersSuite;
import io.tidegate.servers.MariaDbServer;
import io.tidegate.target.Target;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class MySqlToolFoldersTest extends ToolFoldersSuite {
  private static final MariaDbServer SERVER = new MariaDbServer();

  @BeforeAll
  static void start() {
    SERVER.start();
  }

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @Override
  protected SqlDialect dialect() {
    return new MySqlDialect(new ConnectionHandoff());
  }

  @Override
  protected void create(String name) {
    SERVER.createDatabase(name);
    try (Connection connection = SERVER.connect(name);
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER DATABASE CHARACTER SET utf8mb4");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  protected Target target(String name, Path changelog) {
    return SqlTargets.server("mariadb", SERVER.port(), name, "root", "", changelog);
  }

  @Override
  protected Connection connect(String name) throws SQLException {
    return SERVER.connect(name);
  }

  @Override
  protected boolean rollsBackSchema() {
    return false;
  }
}
