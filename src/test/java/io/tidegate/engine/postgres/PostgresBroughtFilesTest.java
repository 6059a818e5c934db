package io.tidegate.engine.postgres;

import static io.tidegate.migration.sql.Changelogs.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.engine.jdbc.ConnectionHandoff;
import io.tidegate.migration.sql.BroughtFilesSuite;
import io.tidegate.migration.sql.SqlDialect;
import io.tidegate.migration.sql.SqlTargets;
import io.tidegate.problem.ExitCode;
import io.tidegate.servers.PostgresServer;
import io.tidegate.target.Target;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgresBroughtFilesTest extends BroughtFilesSuite {
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
  protected String tablesQuery() {
    return "SELECT table_name || '.' || column_name FROM information_schema.columns"
        + " WHERE table_schema = 'public' ORDER BY 1";
  }

  @Override
  protected String quote() {
    return "\"";
  }

  @Test
  void history_of_another_tool_in_another_schema_is_refused() throws Exception {
    execute("CREATE SCHEMA app");
    execute("CREATE TABLE app.flyway_schema_history (installed_rank int)");
    write(folder, "001.sql", "CREATE TABLE app.t (id int);");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder)))
        .contains("app.flyway_schema_history");
    assertThat(query("SELECT tablename FROM pg_tables WHERE schemaname IN ('app', 'public')"))
        .containsExactly("flyway_schema_history");
  }

  @Test
  void history_of_the_platform_s_own_parts_is_not_the_user_s() throws Exception {
    execute("CREATE SCHEMA auth");
    execute("CREATE TABLE auth.schema_migrations (version bigint)");
    write(folder, "001.sql", "CREATE TABLE t (id int);");
    assertThat(migrate(folder).applied()).isEqualTo(1);
  }
}
