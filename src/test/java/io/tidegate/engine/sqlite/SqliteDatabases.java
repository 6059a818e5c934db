package io.tidegate.engine.sqlite;

import io.tidegate.migration.sql.SqlDialect;
import io.tidegate.migration.sql.SqlTargets;
import io.tidegate.migration.sql.TestDatabases;
import io.tidegate.target.Target;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** Database files in a folder. */
record SqliteDatabases(Path folder) implements TestDatabases {
  /** The file of that database. */
  Path file(String name) {
    return folder.resolve(name + ".db");
  }

  @Override
  public SqlDialect dialect() {
    return new SqliteDialect();
  }

  /** The file is made by whoever writes to it first. */
  @Override
  public void create(String name) {}

  @Override
  public Target target(String name, Path changelog) {
    return SqlTargets.file(file(name), changelog);
  }

  @Override
  public Connection connect(String name) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file(name));
  }

  @Override
  public String tablesQuery() {
    return "SELECT sql FROM sqlite_master ORDER BY name";
  }
}
