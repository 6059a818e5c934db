package io.tidegate.engine.postgres;

import static io.tidegate.migration.sql.Changelogs.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.migration.sql.BroughtFilesSuite;
import io.tidegate.migration.sql.TestDatabases;
import io.tidegate.problem.ExitCode;
import io.tidegate.servers.PostgresServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresBroughtFilesTest extends BroughtFilesSuite {
  private static final PostgresServer SERVER = new PostgresServer();

  @RegisterExtension static final PostgresDatabases DATABASES = new PostgresDatabases(SERVER);

  @Override
  protected TestDatabases databases() {
    return DATABASES;
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
