package io.tidegate.engine.sqlite;

import io.tidegate.migration.sql.RiskSuite;
import io.tidegate.migration.sql.TestDatabases;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteRiskTest extends RiskSuite {
  @TempDir private Path databases;

  @Override
  protected TestDatabases databases() {
    return new SqliteDatabases(databases);
  }
}
