package io.tidegate.engine.mysql;

import io.tidegate.migration.sql.FlywayFolderSuite;
import io.tidegate.migration.sql.TestDatabases;
import io.tidegate.servers.MariaDbServer;
import org.junit.jupiter.api.extension.RegisterExtension;

class MySqlFlywayFolderTest extends FlywayFolderSuite {
  private static final MariaDbServer SERVER = new MariaDbServer();

  @RegisterExtension static final MySqlDatabases DATABASES = new MySqlDatabases(SERVER);

  @Override
  protected TestDatabases databases() {
    return DATABASES;
  }

  @Override
  protected String tables() {
    return "SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE()";
  }

  @Override
  protected boolean rollsBackSchema() {
    return false;
  }
}
