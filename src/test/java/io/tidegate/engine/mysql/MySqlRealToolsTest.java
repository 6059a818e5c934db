package io.tidegate.engine.mysql;

import io.tidegate.migration.sql.RealToolsSuite;
import io.tidegate.migration.sql.TestDatabases;
import io.tidegate.servers.MariaDbServer;
import io.tidegate.target.Changelog.Format;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.extension.RegisterExtension;

class MySqlRealToolsTest extends RealToolsSuite {
  private static final MariaDbServer SERVER = new MariaDbServer();

  @RegisterExtension static final MySqlDatabases DATABASES = new MySqlDatabases(SERVER);

  @Override
  protected TestDatabases databases() {
    return DATABASES;
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
  protected String jdbcUrl(String database) {
    return "jdbc:mariadb://127.0.0.1:%d/%s?user=root".formatted(SERVER.port(), database);
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
