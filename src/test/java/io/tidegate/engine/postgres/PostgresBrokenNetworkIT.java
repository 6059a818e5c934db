package io.tidegate.engine.postgres;

import io.tidegate.migration.sql.SqlBrokenNetworkSuite;
import io.tidegate.migration.sql.TestDatabases;
import io.tidegate.servers.PostgresServer;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresBrokenNetworkIT extends SqlBrokenNetworkSuite {
  @RegisterExtension
  static final PostgresDatabases DATABASES = new PostgresDatabases(new PostgresServer());

  @Override
  protected TestDatabases databases() {
    return DATABASES;
  }

  @Override
  protected boolean rollsBack() {
    return true;
  }
}
