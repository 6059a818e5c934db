package io.tidegate.engine.postgres;

import io.tidegate.engine.jdbc.ConnectionHandoff;
import io.tidegate.migration.sql.RealToolsSuite;
import io.tidegate.migration.sql.SqlDialect;
import io.tidegate.migration.sql.SqlTargets;
import io.tidegate.servers.PostgresServer;
import io.tidegate.target.Changelog.Format;
import io.tidegate.target.Target;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresRealToolsTest extends RealToolsSuite {
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

  @Override
  protected String url(Format format, String database) {
    String server = "127.0.0.1:" + SERVER.port();
    return format == Format.SQL_MIGRATE || format == Format.GOOSE
        ? "host=127.0.0.1 port=%d user=%s password=%s dbname=%s sslmode=disable"
            .formatted(SERVER.port(), PostgresServer.USER, PostgresServer.PASSWORD, database)
        : "postgres://%s:%s@%s/%s?sslmode=disable"
            .formatted(PostgresServer.USER, PostgresServer.PASSWORD, server, database);
  }

  @Override
  protected String driver(Format format) {
    return "postgres";
  }

  @Override
  protected String sleep(int seconds) {
    return "SELECT pg_sleep(%d)".formatted(seconds);
  }
}
