package io.tidegate.engine.postgres;


import io.tidegate.engine.jdbc.ConnectionHandoff;
import io.tidegate.migration.sql.ToolFoldersSuite;
import io.tidegate.migration.sql.SqlDialect;
import io.tidegate.migration.sql.SqlTargets;
import io.tidegate.servers.PostgresServer;
import io.tidegate.target.Target;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresToolFoldersTest extends ToolFoldersSuite {
  private static final PostgresServer SERVER = new PostgresServer();

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
    return new PostgresDialect(new ConnectionHandoff());
  }

  @Override
  protected void create(String name) {
    SERVER.createDatabase(name);
  }

  @Override
  protected Target target(String name, Path changelog) {
    return SqlTargets.server(
        "postgresql", SERVER.port(), name, PostgresServer.USER, PostgresServer.PASSWORD, changelog);
  }

  @Override
  protected Connection connect(String name) throws SQLException {
    return SERVER.connect(name);
  }
}
