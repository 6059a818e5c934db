package io.tidegate.engine.sqlite;

import io.tidegate.migration.sql.AdoptionSuite;
import io.tidegate.migration.sql.TestDatabases;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteToolFoldersTest extends AdoptionSuite {
  @TempDir private Path databases;

  @Override
  protected TestDatabases databases() {
    return new SqliteDatabases(databases);
  }
}
