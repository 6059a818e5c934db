package io.tidegate.engine.postgres;

import static io.tidegate.migration.sql.Changelogs.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.engine.jdbc.ConnectionHandoff;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.sql.DialectFixture;
import io.tidegate.migration.sql.SqlDialect;
import io.tidegate.migration.sql.SqlSession;
import io.tidegate.migration.sql.SqlTargets;
import io.tidegate.migration.sql.TestDatabases;
import io.tidegate.problem.ExitCode;
import io.tidegate.servers.PostgresServer;
import io.tidegate.target.Changelog;
import io.tidegate.target.LiquibaseTables;
import io.tidegate.target.Probe.ProbeMode;
import io.tidegate.target.ServiceUrl;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import liquibase.Contexts;
import liquibase.LabelExpression;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The history and the lock stay what they are, wherever changesets lead {@code current_schema()}. */
class PostgresIdentityTest extends DialectFixture {
  private static final PostgresServer SERVER = new PostgresServer();

  @RegisterExtension static final PostgresDatabases DATABASES = new PostgresDatabases(SERVER);
  private static final String APP = "app";

  private String user = PostgresServer.USER;

  @Override
  protected TestDatabases databases() {
    return DATABASES;
  }

  @BeforeAll
  static void start() throws SQLException {
    SERVER.createDatabase("roles");
    try (Connection connection = SERVER.connect("roles");
        var statement = connection.createStatement()) {
      statement.execute("CREATE ROLE app LOGIN PASSWORD '%s'".formatted(PostgresServer.PASSWORD));
      statement.execute("CREATE ROLE app2 LOGIN PASSWORD '%s'".formatted(PostgresServer.PASSWORD));
    }
  }

  @BeforeEach
  void grant() throws SQLException {
    execute("GRANT ALL ON SCHEMA public TO PUBLIC");
    execute("GRANT CREATE ON DATABASE %s TO PUBLIC".formatted(database()));
    execute("ALTER DATABASE %s OWNER TO app".formatted(database()));
  }

  @Override
  protected Target target(String name, Path changelog) {
    return target(user, Map.of(), changelog);
  }

  private Target target(String as, Map<String, String> parameters, Path changelog) {
    Target plain =
        SqlTargets.server(
            "postgresql", SERVER.port(), database(), as, PostgresServer.PASSWORD, changelog);
    return SqlTargets.at(
        plain,
        new ServiceUrl(
            "postgresql",
            List.of(new HostPort("127.0.0.1", SERVER.port())),
            database(),
            parameters));
  }

  private int migrateAt(String as, Map<String, String> parameters) throws InterruptedException {
    return migration(target(as, parameters, folder), MigrationSettings.DEFAULT)
        .migrate(MigrationListener.NONE)
        .applied();
  }

  private int migrateAt(String schema) throws InterruptedException {
    return migrateAt(PostgresServer.USER, Map.of("currentSchema", schema));
  }

  private List<String> histories() throws SQLException {
    return query(
        "SELECT schemaname FROM pg_tables WHERE tablename = 'databasechangelog' ORDER BY 1");
  }

  /** An account whose balance each run of 003 raises. */
  private void account(String first, String schema) {
    write(folder, "001_schema.sql", first);
    write(
        folder,
        "002_t.sql",
        "CREATE TABLE IF NOT EXISTS %1$s.account(id int primary key, balance int);"
                .formatted(schema)
            + "INSERT INTO %1$s.account VALUES (1, 100) ON CONFLICT DO NOTHING;".formatted(schema));
    write(folder, "003_inc.sql", "UPDATE %s.account SET balance = balance + 50;".formatted(schema));
  }

  private static final LiquibaseTables IN_OPS =
      new LiquibaseTables("AppChanges", "AppChangesLock", "ops");

  /** Liquibase writes the names of its tables in lower case, however they are declared. */
  @Test
  void declared_schema_is_where_plain_liquibase_keeps_its_history() throws Exception {
    execute("CREATE SCHEMA ops");
    String first = "--liquibase formatted sql\n--changeset a:1\nCREATE TABLE one();\n";
    Path changelog = write(folder, "changes.sql", first);
    plainLiquibase(
        folder,
        "changes.sql",
        IN_OPS,
        plain -> plain.update(new Contexts(), new LabelExpression()));
    write(folder, "changes.sql", first + "--changeset a:2\nCREATE TABLE two();\n");
    assertThat(migration(changelog, IN_OPS).migrate(MigrationListener.NONE).applied()).isEqualTo(1);
    plainLiquibase(
        folder,
        "changes.sql",
        IN_OPS,
        plain ->
            assertThat(plain.listUnrunChangeSets(new Contexts(), new LabelExpression())).isEmpty());
    assertThat(
            query(
                "SELECT schemaname || '.' || tablename FROM pg_tables"
                    + " WHERE schemaname IN ('ops', 'public') ORDER BY 1"))
        .containsExactly(
            "ops.appchanges",
            "ops.appchangeslock",
            "ops.tidegate_fingerprint_appchanges",
            "public.one",
            "public.two");
    assertThat(query("SELECT count(*) FROM ops.appchanges")).containsExactly("2");
  }

  /** A schema that is declared later, or changed, begins no second history, whatever else is in it. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void declared_schema_that_leads_away_from_the_history_is_refused(boolean another)
      throws Exception {
    account("SELECT 1;", "public");
    assertThat(migrateAt(PostgresServer.USER, Map.of())).isEqualTo(3);
    execute("CREATE SCHEMA ops");
    LiquibaseTables ops = new LiquibaseTables("DATABASECHANGELOG", "DATABASECHANGELOGLOCK", "ops");
    if (another) {
      Path other =
          write(
              folder.resolve("other"),
              "other.sql",
              "--liquibase formatted sql\n--changeset b:1\nCREATE TABLE other();\n");
      plainLiquibase(
          folder.resolve("other"),
          "other.sql",
          ops,
          plain -> plain.update(new Contexts(), new LabelExpression()));
      Files.delete(other);
      Files.delete(folder.resolve("other"));
    }
    assertThat(
            problem(
                ExitCode.CHANGELOG, () -> migration(folder, ops).migrate(MigrationListener.NONE)))
        .contains("\"public\".databasechangelog", "liquibase.schema");
    assertThat(query("SELECT balance FROM account")).containsExactly("150");

    if (!another) {
      execute("ALTER TABLE databasechangelog SET SCHEMA ops");
      assertThat(migration(folder, ops).migrate(MigrationListener.NONE).alreadyApplied())
          .isEqualTo(3);
    }
  }

  /** As it is with Liquibase's liquibaseSchemaName, where the URL names the schema of the app alone. */
  @Test
  void history_of_plain_liquibase_in_a_schema_that_nobody_named_is_a_doubt() throws Exception {
    execute("CREATE SCHEMA ops");
    execute("CREATE SCHEMA shop");
    write(
        folder,
        "changes.sql",
        """
        --liquibase formatted sql
        --changeset a:1
        CREATE TABLE IF NOT EXISTS shop.t (n int);
        --changeset a:2
        INSERT INTO shop.t VALUES (1);
        """);
    plainLiquibase(
        folder,
        "changes.sql",
        new LiquibaseTables("DATABASECHANGELOG", "DATABASECHANGELOGLOCK", "ops"),
        plain -> plain.update(new Contexts(), new LabelExpression()));
    assertThat(problem(ExitCode.CHANGELOG, () -> migrateAt("shop")))
        .contains("\"ops\".databasechangelog", "also in liquibase.schema");
    assertThat(query("SELECT n FROM shop.t")).containsExactly("1");

    execute("CREATE SCHEMA empty");
    write(
        folder,
        "changes.sql",
        "--liquibase formatted sql\n--changeset a:1\nCREATE TABLE IF NOT EXISTS shop.t (n int);\n");
    assertThat(migrateAt("empty")).as("of an empty schema nothing can have been lost").isEqualTo(1);
  }

  /** Marked by the role, as the history of a URL without a schema is. */
  @Test
  void schema_that_a_url_names_later_begins_no_second_history() throws Exception {
    account("CREATE SCHEMA IF NOT EXISTS shop;", "shop");
    assertThat(migrateAt(PostgresServer.USER, Map.of())).isEqualTo(3);
    assertThat(problem(ExitCode.CHANGELOG, () -> migrateAt("shop")))
        .contains("\"public\".databasechangelog");
    assertThat(query("SELECT balance FROM shop.account")).containsExactly("150");
    LiquibaseTables here =
        new LiquibaseTables("DATABASECHANGELOG", "DATABASECHANGELOGLOCK", "shop");
    Target declared =
        SqlTargets.with(
            target(PostgresServer.USER, Map.of("currentSchema", "shop"), folder),
            new Changelog(folder, "", "", null, Set.of(), null, Changelog.Format.PLAIN, here));
    assertThat(
            migration(declared, MigrationSettings.DEFAULT)
                .migrate(MigrationListener.NONE)
                .applied())
        .as("the owner says that it is another's")
        .isEqualTo(3);
  }

  /** Case 10-user-schema. */
  @Test
  void schema_named_as_the_user_does_not_hide_the_history() throws Exception {
    user = APP;
    write(folder, "001_schema.sql", "CREATE SCHEMA app;");
    write(folder, "002_t.sql", "CREATE TABLE app.t(id int); INSERT INTO app.t VALUES (1);");
    write(folder, "003_inc.sql", "UPDATE app.t SET id = id + 1;");
    assertThat(migrate(folder).applied()).isEqualTo(3);
    assertThat(migrate(folder).alreadyApplied()).isEqualTo(3);
    assertThat(migration(folder).status().pending()).isEmpty();
    assertThat(query("SELECT id FROM app.t")).containsExactly("2");
    assertThat(histories()).containsExactly("public");
  }

  /** Case 10b-user-schema-idempotent. */
  @Test
  void nothing_runs_again_though_it_could() throws Exception {
    user = APP;
    account("CREATE SCHEMA IF NOT EXISTS app;", "app");
    assertThat(migrate(folder).applied()).isEqualTo(3);
    assertThat(migrate(folder).applied()).isZero();
    assertThat(query("SELECT balance FROM app.account")).containsExactly("150");
    write(folder, "004.sql", "CREATE TABLE more (id int);");
    assertThat(migrate(folder).applied()).isEqualTo(1);
    assertThat(histories()).containsExactly("public");
  }

  /** Case 10c-alter-database-search-path; and by the role. */
  @Test
  void altered_search_path_does_not_hide_the_history() throws Exception {
    account(
        "CREATE SCHEMA IF NOT EXISTS shop; ALTER DATABASE %s SET search_path = shop, public;"
            .formatted(database()),
        "shop");
    assertThat(migrate(folder).applied()).isEqualTo(3);
    assertThat(migrate(folder).applied()).isZero();
    write(
        folder,
        "004.sql",
        "ALTER ROLE CURRENT_USER IN DATABASE %s SET search_path = shop".formatted(database()));
    assertThat(migrate(folder).applied()).isEqualTo(1);
    assertThat(migrate(folder).applied()).isZero();
    assertThat(query("SELECT balance FROM shop.account")).containsExactly("150");
    assertThat(histories()).containsExactly("public");
  }

  @Test
  void two_exclude_each_other_whatever_schema_they_see() throws Exception {
    try (SqlSession one =
            dialect()
                .open(
                    target(PostgresServer.USER, Map.of(), folder),
                    MigrationSettings.DEFAULT,
                    SqlDialect.Access.WRITE);
        Connection admin = connect(database());
        var statement = admin.createStatement()) {
      assertThat(one.lock().tryAcquire()).isTrue();
      statement.execute("CREATE SCHEMA shop");
      statement.execute("ALTER DATABASE %s SET search_path = shop".formatted(database()));
      try (SqlSession other =
          dialect()
              .open(
                  target(PostgresServer.USER, Map.of(), folder),
                  MigrationSettings.DEFAULT,
                  SqlDialect.Access.WRITE)) {
        assertThat(other.lock().tryAcquire()).isFalse();
      }
    }
  }

  /** A history that nobody marked, as plain Liquibase leaves it, and a search path that moved since. */
  @Test
  void unmarked_history_elsewhere_that_knows_the_files_is_a_doubt() throws Exception {
    account("CREATE SCHEMA IF NOT EXISTS shop;", "shop");
    migrate(folder);
    execute("COMMENT ON TABLE databasechangelog IS NULL");
    execute("ALTER DATABASE %s SET search_path = shop".formatted(database()));
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder)))
        .contains(
            "001_schema.sql", "\"public\".databasechangelog", "the schema shop has no history");
    assertThat(query("SELECT balance FROM shop.account")).containsExactly("150");
    execute("ALTER TABLE public.databasechangelog SET SCHEMA shop");
    assertThat(migrate(folder).applied()).isZero();
  }

  @Test
  void other_user_after_the_search_path_moved_is_a_doubt() throws Exception {
    user = APP;
    account("CREATE SCHEMA IF NOT EXISTS app;", "app");
    migrate(folder);
    execute("GRANT app TO app2");
    execute("ALTER DATABASE %s SET search_path = app".formatted(database()));
    user = "app2";
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder))).contains("public");
    assertThat(query("SELECT balance FROM app.account")).containsExactly("150");
  }

  @Test
  void schemas_that_urls_name_have_a_history_each() throws Exception {
    execute("CREATE SCHEMA one");
    execute("CREATE SCHEMA a_b");
    execute("CREATE SCHEMA axb");
    write(folder, "001.sql", "CREATE TABLE t (id int);");
    assertThat(migrateAt("one")).isEqualTo(1);
    assertThat(migrateAt("axb")).isEqualTo(1);
    assertThat(migrateAt("a_b")).as("axb is not a_b").isEqualTo(1);
    assertThat(migrateAt("one")).isZero();
    assertThat(migrateAt("a_b")).isZero();
    assertThat(histories()).containsExactly("a_b", "axb", "one");
    assertThat(query("SELECT schemaname FROM pg_tables WHERE tablename = 't' ORDER BY 1"))
        .containsExactly("a_b", "axb", "one");
  }

  /** Case 45-missing-schema. */
  @Test
  void missing_schema_is_created_by_the_changelog() throws Exception {
    write(folder, "000.sql", "CREATE SCHEMA shop;");
    write(folder, "001.sql", "CREATE TABLE t (id int);");
    write(folder, "002.sql", "-- tidegate: no-transaction\nCREATE INDEX CONCURRENTLY i ON t (id);");
    assertThat(migrateAt("shop")).isEqualTo(3);
    assertThat(migrateAt("shop")).isZero();
    assertThat(query("SELECT count(*) FROM shop.databasechangelog")).containsExactly("3");
    assertThat(histories()).containsExactly("shop");
  }

  @Test
  void missing_schema_is_named_and_nothing_stays() throws Exception {
    write(folder, "001.sql", "CREATE TABLE t (id int);");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrateAt("shop")))
        .contains("the schema shop", "does not exist");
    write(folder, "001.sql", "CREATE TABLE public.t (id int);");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrateAt("shop")))
        .contains("the schema shop", "does not exist");
    assertThat(query("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"))
        .isEmpty();
  }

  /** Case 14-no-create-right. */
  @Test
  void schema_without_the_right_to_create_is_refused_clearly() throws Exception {
    execute("REVOKE ALL ON SCHEMA public FROM PUBLIC");
    execute("GRANT USAGE ON SCHEMA public TO app");
    execute("ALTER SCHEMA public OWNER TO postgres");
    user = APP;
    write(folder, "001.sql", "create table z(id int);");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder)))
        .contains("permission denied for schema public", "Grant the user");
  }

  /** pgx, lib/pq and what is built on them write search_path; drivers do not look at the case. */
  @ParameterizedTest
  @ValueSource(strings = {"search_path", "SEARCH_PATH", "currentschema", "SCHEMA"})
  void search_path_is_obeyed_by_whichever_name(String name) throws Exception {
    execute("CREATE SCHEMA one");
    execute("CREATE SCHEMA two");
    write(folder, "001.sql", "CREATE TABLE t (id int);");
    for (String schema : List.of("one", "two")) {
      assertThat(migrateAt(PostgresServer.USER, Map.of(name, schema))).isEqualTo(1);
      assertThat(migrateAt(PostgresServer.USER, Map.of(name, schema))).isZero();
      assertThat(migrateAt(schema)).as("another name of the parameter").isZero();
    }
    assertThat(histories()).containsExactly("one", "two");
    assertThat(query("SELECT schemaname FROM pg_tables WHERE tablename = 't' ORDER BY 1"))
        .containsExactly("one", "two");
  }

  @ParameterizedTest
  @CsvSource({
    "currentSchema,one,search_path,two",
    "Role,app,schema,one",
    "timezone,UTC,TimeZone,GMT",
    "target_session_attrs,read_write,schema,one"
  })
  void parameter_that_cannot_be_obeyed_is_refused(
      String name, String value, String other, String otherValue) {
    write(folder, "001.sql", "CREATE TABLE t (id int);");
    Target target = target(PostgresServer.USER, Map.of(name, value, other, otherValue), folder);
    assertThat(
            problem(
                ExitCode.REFUSED,
                () -> migration(target, MigrationSettings.DEFAULT).migrate(MigrationListener.NONE)))
        .contains("the URL");
    problem(
        ExitCode.REFUSED,
        () -> new PostgresEngine(new ConnectionHandoff()).open(target, ProbeMode.AWAIT).close());
  }

  @ParameterizedTest
  @ValueSource(strings = {"timezone", "TimeZone"})
  void time_zone_of_the_url_outweighs_the_others(String name) throws Exception {
    execute("ALTER DATABASE %s SET TimeZone = 'Asia/Tokyo'".formatted(database()));
    String sql = "INSERT INTO t VALUES (current_setting('TimeZone'));";
    write(folder, "001.sql", "CREATE TABLE t (zone text); " + sql);
    write(folder, "002.sql", sql);
    assertThat(migrateAt(PostgresServer.USER, Map.of(name, "America/Lima"))).isEqualTo(2);
    assertThat(query("SELECT DISTINCT zone FROM t")).containsExactly("America/Lima");
  }

  @Test
  void services_with_a_schema_each_do_not_hinder_each_other() throws Exception {
    execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    execute("CREATE SCHEMA app AUTHORIZATION app");
    execute("CREATE SCHEMA app2 AUTHORIZATION app2");
    write(folder, "001_init.sql", "CREATE TABLE orders (id int);");
    assertThat(migrateAt(APP, Map.of())).isEqualTo(1);
    write(folder, "001_init.sql", "CREATE TABLE invoices (id int);");
    execute("GRANT SELECT ON ALL TABLES IN SCHEMA app TO app2");
    assertThat(migrateAt("app2", Map.of())).as("may not use the schema").isEqualTo(1);
    execute("DROP TABLE app2.databasechangelog, app2.invoices");
    execute("GRANT USAGE ON SCHEMA app TO app2");
    assertThat(migrateAt("app2", Map.of())).as("sees another content").isEqualTo(1);
    assertThat(histories()).containsExactly("app", "app2");
    write(folder, "001_init.sql", "CREATE TABLE orders (id int);");
    assertThat(migrateAt(APP, Map.of())).isZero();
  }

  @Test
  void history_in_capital_letters_is_refused_with_the_way_out() throws Exception {
    write(folder, "001.sql", "CREATE TABLE t (id int);");
    migrate(folder);
    execute("ALTER TABLE databasechangelog RENAME TO \"DATABASECHANGELOG\"");
    String text = problem(ExitCode.CHANGELOG, () -> migrate(folder));
    assertThat(text).contains("in lower case");
    String rename = "ALTER TABLE \"public\".\"DATABASECHANGELOG\" RENAME TO databasechangelog";
    assertThat(text).contains(rename);
    execute(rename);
    assertThat(migrate(folder).alreadyApplied()).isEqualTo(1);
  }
}
