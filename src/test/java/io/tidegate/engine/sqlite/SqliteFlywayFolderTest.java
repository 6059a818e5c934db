package io.tidegate.engine.sqlite;

import io.tidegate.migration.sql.FlywayFolderSuite;
import io.tidegate.migration.sql.TestDatabases;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteFlywayFolderTest extends FlywayFolderSuite {
  @TempDir private Path databases;

  @Override
  protected TestDatabases databases() {
    return new SqliteDatabases(databases);
  }

  @Override
  protected String tables() {
    return "SELECT 1 FROM sqlite_master WHERE type = 'table'";
  }
}
