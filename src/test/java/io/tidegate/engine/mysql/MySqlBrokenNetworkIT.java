package io.tidegate.engine.mysql;

import io.tidegate.migration.sql.SqlBrokenNetworkSuite;
import io.tidegate.migration.sql.TestDatabases;
import io.tidegate.servers.MariaDbServer;
import org.junit.jupiter.api.extension.RegisterExtension;

class MySqlBrokenNetworkIT extends SqlBrokenNetworkSuite {
  @RegisterExtension
  static final MySqlDatabases DATABASES = new MySqlDatabases(new MariaDbServer());

  @Override
  protected TestDatabases databases() {
    return DATABASES;
  }

  @Override
  protected boolean rollsBack() {
    return false;
  }
}
