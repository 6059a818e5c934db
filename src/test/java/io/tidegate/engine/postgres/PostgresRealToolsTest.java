package io.tidegate.engine.postgres;

import io.tidegate.migration.sql.RealToolsSuite;
import io.tidegate.migration.sql.TestDatabases;
import io.tidegate.servers.PostgresServer;
import io.tidegate.target.Changelog.Format;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresRealToolsTest extends RealToolsSuite {
  private static final PostgresServer SERVER = new PostgresServer();

  @RegisterExtension static final PostgresDatabases DATABASES = new PostgresDatabases(SERVER);

  @Override
  protected TestDatabases databases() {
    return DATABASES;
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
  protected String jdbcUrl(String database) {
    return PostgresRealFlywayTest.jdbcUrl(SERVER, database);
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
