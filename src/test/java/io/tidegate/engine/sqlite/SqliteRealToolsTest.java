package io.tidegate.engine.sqlite;

import io.tidegate.migration.sql.RealToolsSuite;
import io.tidegate.migration.sql.SqlDialect;
import io.tidegate.migration.sql.SqlTargets;
import io.tidegate.target.Changelog.Format;
import io.tidegate.target.Target;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.io.TempDir;

class SqliteRealToolsTest extends RealToolsSuite {
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

  @Override
  protected String url(Format format, String database) {
    return switch (format) {
      case DBMATE -> "sqlite:" + file(database);
      case GOLANG_MIGRATE -> "sqlite://" + file(database);
      default -> file(database).toString();
    };
  }

  @Override
  protected String driver(Format format) {
    return "sqlite3";
  }

  @Override
  protected String sleep(int seconds) {
    return "";
  }
}
