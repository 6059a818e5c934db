package io.tidegate.engine.sqlite;

import io.tidegate.migration.sql.SqlDialect;
import io.tidegate.migration.sql.SqlTargets;
import io.tidegate.migration.sql.ToolFoldersSuite;
import io.tidegate.target.Target;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.io.TempDir;

class SqliteToolFoldersTest extends ToolFoldersSuite {
  @TempDir private Path databases;

  @Override
  protected SqlDialect dialect() {
    return new SqliteDialect();
  }

  @Override
  protected void create(String name) {
    // The file is made by whoever writes to it first.
  }

  @Override
  protected Target target(String name, Path changelog) {
    return SqlTargets.file(file(name), changelog);
  }

  @Override
  protected Connection connect(String name) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file(name));
  }

  private Path file(String name) {
    return databases.resolve(name + ".db");
  }
}
