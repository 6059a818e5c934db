package io.tidegate.engine.sqlite;

import io.tidegate.migration.sql.BroughtFilesSuite;
import io.tidegate.migration.sql.TestDatabases;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteBroughtFilesTest extends BroughtFilesSuite {
  @TempDir private Path databases;

  @Override
  protected TestDatabases databases() {
    return new SqliteDatabases(databases);
  }

  @Override
  protected String quote() {
    return "\"";
  }
}
