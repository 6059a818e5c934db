package io.tidegate.engine.sqlite;

import io.tidegate.migration.sql.RealToolsSuite;
import io.tidegate.migration.sql.TestDatabases;
import io.tidegate.target.Changelog.Format;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteRealToolsTest extends RealToolsSuite {
  @TempDir private Path databases;

  @Override
  protected TestDatabases databases() {
    return new SqliteDatabases(databases);
  }

  private Path file(String name) {
    return new SqliteDatabases(databases).file(name);
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
  protected String jdbcUrl(String database) {
    return "jdbc:sqlite:" + file(database);
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
