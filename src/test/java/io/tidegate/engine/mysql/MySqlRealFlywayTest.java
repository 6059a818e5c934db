package io.tidegate.engine.mysql;

import io.tidegate.migration.sql.RealFlywaySuite;
import io.tidegate.migration.sql.TestDatabases;
import io.tidegate.servers.MariaDbServer;
import org.junit.jupiter.api.extension.RegisterExtension;

class MySqlRealFlywayTest extends RealFlywaySuite {
  private static final MariaDbServer SERVER = new MariaDbServer();

  @RegisterExtension static final MySqlDatabases DATABASES = new MySqlDatabases(SERVER);

  @Override
  protected TestDatabases databases() {
    return DATABASES;
  }

  @Override
  protected String jdbcUrl(String database) {
    return "jdbc:mariadb://127.0.0.1:%d/%s?user=root".formatted(SERVER.port(), database);
  }

  @Override
  protected String sleep(int seconds) {
    return "DO sleep(%d)".formatted(seconds);
  }

  @Override
  protected boolean rollsBackSchema() {
    return false;
  }
}
