package io.tidegate.engine.mysql;

import io.tidegate.engine.jdbc.ConnectionHandoff;
import io.tidegate.migration.sql.RealToolsSuite;
import io.tidegate.migration.sql.SqlDialect;
import io.tidegate.migration.sql.SqlTargets;
import io.tidegate.servers.MariaDbServer;
import io.tidegate.target.Changelog.Format;
import io.tidegate.target.Target;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class MySqlRealToolsTest extends RealToolsSuite {
  private static final MariaDbServer SERVER = new MariaDbServer();

  @BeforeAll
  static void start() {
    SERVER.start();
  }

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @Override
  protected SqlDialect dialect() {
    return new MySqlDialect(new ConnectionHandoff());
  }

  @Override
  protected void create(String name) {
    SERVER.createDatabase(name);
    try (Connection connection = SERVER.connect(name);
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER DATABASE CHARACTER SET utf8mb4");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  protected Target target(String name, Path changelog) {
    return SqlTargets.server("mariadb", SERVER.port(), name, "root", "", changelog);
  }

  @Override
  protected Connection connect(String name) throws SQLException {
    return SERVER.connect(name);
  }

  @Override
  protected String url(Format format, String database) {
    String server = "127.0.0.1:" + SERVER.port();
    return switch (format) {
      case DBMATE -> "mysql://root@%s/%s".formatted(server, database);
      case GOLANG_MIGRATE ->
          "mysql://root@tcp(%s)/%s?multiStatements=true".formatted(server, database);
      default -> "root@tcp(%s)/%s?parseTime=true".formatted(server, database);
    };
  }

  @Override
  protected String driver(Format format) {
    return "mysql";
  }

  @Override
  protected String sleep(int seconds) {
    return "DO sleep(%d)".formatted(seconds);
  }
}
