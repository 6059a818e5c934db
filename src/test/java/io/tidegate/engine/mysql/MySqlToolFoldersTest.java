package io.tidegate.engine.mysql;

import io.tidegate.migration.sql.AdoptionSuite;
import io.tidegate.migration.sql.TestDatabases;
import io.tidegate.servers.MariaDbServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.extension.RegisterExtension;

class MySqlToolFoldersTest extends AdoptionSuite {
  private static final MariaDbServer SERVER = new MariaDbServer();

  @RegisterExtension static final MySqlDatabases DATABASES = new MySqlDatabases(SERVER);

  @Override
  protected TestDatabases databases() {
    return DATABASES;
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
  protected boolean rollsBackSchema() {
    return false;
  }
}
