package io.tidegate.engine.postgres;

import static io.tidegate.migration.sql.Changelogs.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.migration.sql.RealFlywaySuite;
import io.tidegate.migration.sql.TestDatabases;
import io.tidegate.servers.PostgresServer;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresRealFlywayTest extends RealFlywaySuite {
  private static final PostgresServer SERVER = new PostgresServer();

  @RegisterExtension static final PostgresDatabases DATABASES = new PostgresDatabases(SERVER);

  @Override
  protected TestDatabases databases() {
    return DATABASES;
  }

  /** For Flyway, with user and password. */
  static String jdbcUrl(PostgresServer server, String database) {
    return "jdbc:postgresql://127.0.0.1:%d/%s?user=%s&password=%s"
        .formatted(server.port(), database, PostgresServer.USER, PostgresServer.PASSWORD);
  }

  @Override
  protected String jdbcUrl(String database) {
    return jdbcUrl(SERVER, database);
  }

  @Override
  protected String sleep(int seconds) {
    return "SELECT pg_sleep(%d)".formatted(seconds);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "true  | VACUUM note; VACUUM (ANALYZE) note;",
        "false | INSERT INTO note VALUES (2); VACUUM note;",
        "false | VACUUM note; INSERT INTO note VALUES (2);",
        "true  | CREATE TYPE mood AS ENUM ('sad'); ALTER TYPE mood ADD VALUE 'glad';",
        "false | REINDEX TABLE CONCURRENTLY note;",
        "true  | DROP INDEX CONCURRENTLY IF EXISTS nothing;",
      })
  void both_run_a_file_without_a_transaction_where_it_needs_none(boolean goOn, String file)
      throws Exception {
    assertThat(bothGoOn(this::first, () -> write(folder, "V2__two.sql", file))).isEqualTo(goOn);
  }
}
