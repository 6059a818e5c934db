package io.tidegate.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.servers.MariaDbServer;
import io.tidegate.servers.PostgresServer;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.Reason;
import io.tidegate.target.SchemaGate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every tool's table, as its documentation or source states it, on every engine. */
class HistoryGateTest {
  private static final PostgresServer POSTGRES = new PostgresServer();
  private static final MariaDbServer MARIADB = new MariaDbServer();
  private static final ProbeResult.Ready SERVER = new ProbeResult.Ready("a server");
  private static int databases;

  @TempDir Path folder;

  enum Server {
    POSTGRESQL,
    MARIADB,
    SQLITE
  }

  @BeforeAll
  static void start() {
    POSTGRES.start();
    MARIADB.start();
  }

  @AfterAll
  static void stop() {
    POSTGRES.close();
    MARIADB.close();
  }

  /**
   * One tool's history.
   *
   * @param table what the tool creates
   * @param row inserts the n-th migration; {@code %1$d} is n
   * @param name the n-th migration as a user declares it
   * @param shown the same as it is shown
   * @param file the n-th migration's file
   * @param dirty makes the second one dirty; empty: the tool has no such state
   */
  record Layout(
      SchemaTool tool,
      String table,
      String row,
      String name,
      String shown,
      String file,
      String dirty) {}

  private static final List<Layout> LAYOUTS =
      List.of(
          new Layout(
              SchemaTool.DJANGO,
              "CREATE TABLE django_migrations (id int PRIMARY KEY, app varchar(255) NOT NULL,"
                  + " name varchar(255) NOT NULL, applied timestamp)",
              "INSERT INTO django_migrations VALUES (%1$d, 'shop', '000%1$d_a', CURRENT_TIMESTAMP)",
              "shop.000%1$d_a",
              "shop.000%1$d_a",
              "shop/migrations/000%1$d_a.py",
              ""),
          new Layout(
              SchemaTool.PRISMA,
              "CREATE TABLE _prisma_migrations (id varchar(36) PRIMARY KEY,"
                  + " checksum varchar(64) NOT NULL, finished_at timestamp NULL,"
                  + " migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamp NULL,"
                  + " started_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,"
                  + " applied_steps_count int NOT NULL DEFAULT 0)",
              "INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name)"
                  + " VALUES ('%1$d', 'x', CURRENT_TIMESTAMP, '2024010%1$d000000_a')",
              "2024010%1$d000000_a",
              "2024010%1$d000000_a",
              "2024010%1$d000000_a/migration.sql",
              "UPDATE _prisma_migrations SET finished_at = NULL WHERE id = '2'"),
          new Layout(
              SchemaTool.RAILS,
              "CREATE TABLE schema_migrations (version varchar(255) NOT NULL PRIMARY KEY)",
              "INSERT INTO schema_migrations VALUES ('2024010%1$d000000')",
              "2024010%1$d000000",
              "2024010%1$d000000",
              "2024010%1$d000000_create_a.rb",
              ""),
          new Layout(
              SchemaTool.FLYWAY,
              "CREATE TABLE flyway_schema_history (installed_rank int PRIMARY KEY,"
                  + " version varchar(50), description varchar(200) NOT NULL,"
                  + " type varchar(20) NOT NULL, script varchar(1000) NOT NULL, checksum int,"
                  + " installed_by varchar(100) NOT NULL,"
                  + " installed_on timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,"
                  + " execution_time int NOT NULL, success boolean NOT NULL)",
              "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script,"
                  + " installed_by, execution_time, success)"
                  + " VALUES (%1$d, '1.%1$d', 'a', 'SQL', 'V1.%1$d__a.sql', 'me', 1, TRUE)",
              "1.%1$d",
              "1.%1$d",
              "V1_0%1$d__a.sql",
              "UPDATE flyway_schema_history SET success = FALSE WHERE version = '1.2'"),
          new Layout(
              SchemaTool.LIQUIBASE,
              "CREATE TABLE DATABASECHANGELOG (ID varchar(255) NOT NULL, AUTHOR varchar(255) NOT NULL,"
                  + " FILENAME varchar(255) NOT NULL, DATEEXECUTED timestamp NOT NULL,"
                  + " ORDEREXECUTED int NOT NULL, EXECTYPE varchar(10) NOT NULL)",
              "INSERT INTO DATABASECHANGELOG"
                  + " VALUES ('%1$d', 'me', 'a.xml', CURRENT_TIMESTAMP, %1$d, 'EXECUTED')",
              "me:%1$d",
              "me:%1$d",
              "",
              ""),
          new Layout(
              SchemaTool.GOLANG_MIGRATE,
              "CREATE TABLE schema_migrations (version bigint NOT NULL PRIMARY KEY,"
                  + " dirty boolean NOT NULL)",
              "DELETE FROM schema_migrations; INSERT INTO schema_migrations VALUES (%1$d, FALSE)",
              "00%1$d",
              "%1$d",
              "00%1$d_a.up.sql",
              "UPDATE schema_migrations SET dirty = TRUE"),
          new Layout(
              SchemaTool.DBMATE,
              "CREATE TABLE schema_migrations (version varchar(128) NOT NULL PRIMARY KEY)",
              "INSERT INTO schema_migrations VALUES ('2024010%1$d000000')",
              "2024010%1$d000000",
              "2024010%1$d000000",
              "2024010%1$d000000_a.sql",
              ""),
          new Layout(
              SchemaTool.GOOSE,
              "CREATE TABLE goose_db_version (id int PRIMARY KEY, version_id bigint NOT NULL,"
                  + " is_applied boolean NOT NULL, tstamp timestamp)",
              "INSERT INTO goose_db_version (id, version_id, is_applied) VALUES (%1$d, %1$d, TRUE)",
              "%1$d",
              "%1$d",
              "0000%1$d_a.sql",
              ""),
          new Layout(
              SchemaTool.SQL_MIGRATE,
              "CREATE TABLE gorp_migrations (id varchar(255) NOT NULL PRIMARY KEY,"
                  + " applied_at timestamp NULL)",
              "INSERT INTO gorp_migrations (id) VALUES ('%1$d-a.sql')",
              "%1$d-a.sql",
              "%1$d-a.sql",
              "%1$d-a.sql",
              ""),
          new Layout(
              SchemaTool.KNEX,
              "CREATE TABLE knex_migrations (id int PRIMARY KEY, name varchar(255), batch int,"
                  + " migration_time timestamp NULL)",
              "INSERT INTO knex_migrations (id, name, batch) VALUES (%1$d, '2024010%1$d_a.js', 1)",
              "2024010%1$d_a.js",
              "2024010%1$d_a",
              "2024010%1$d_a.ts",
              ""),
          new Layout(
              SchemaTool.SEQUELIZE,
              "CREATE TABLE \"SequelizeMeta\" (name varchar(255) NOT NULL PRIMARY KEY)",
              "INSERT INTO \"SequelizeMeta\" VALUES ('2024010%1$d-a.js')",
              "2024010%1$d-a.js",
              "2024010%1$d-a",
              "2024010%1$d-a.js",
              ""),
          new Layout(
              SchemaTool.TYPEORM,
              "CREATE TABLE migrations (id int PRIMARY KEY, timestamp bigint NOT NULL,"
                  + " name varchar(255) NOT NULL)",
              "INSERT INTO migrations VALUES (%1$d, 170000000000%1$d, 'A170000000000%1$d')",
              "A170000000000%1$d",
              "170000000000%1$d",
              "170000000000%1$d-a.ts",
              ""),
          new Layout(
              SchemaTool.EF_CORE,
              "CREATE TABLE \"__EFMigrationsHistory\" (\"MigrationId\" varchar(150) NOT NULL PRIMARY KEY,"
                  + " \"ProductVersion\" varchar(32) NOT NULL)",
              "INSERT INTO \"__EFMigrationsHistory\" VALUES ('2024010%1$d000000_A', '9.0.0')",
              "2024010%1$d000000_A",
              "2024010%1$d000000_A",
              "2024010%1$d000000_A.cs",
              ""),
          new Layout(
              SchemaTool.SQLX,
              "CREATE TABLE _sqlx_migrations (version bigint PRIMARY KEY, description text NOT NULL,"
                  + " installed_on timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,"
                  + " success boolean NOT NULL, checksum varchar(64), execution_time bigint)",
              "INSERT INTO _sqlx_migrations (version, description, success)"
                  + " VALUES (2024010%1$d, 'a', TRUE)",
              "2024010%1$d",
              "2024010%1$d",
              "2024010%1$d_a.sql",
              "UPDATE _sqlx_migrations SET success = FALSE WHERE version = 20240102"),
          new Layout(
              SchemaTool.ECTO,
              "CREATE TABLE schema_migrations (version bigint NOT NULL PRIMARY KEY,"
                  + " inserted_at timestamp NULL)",
              "INSERT INTO schema_migrations (version) VALUES (2024010%1$d)",
              "2024010%1$d",
              "2024010%1$d",
              "2024010%1$d_a.exs",
              ""));

  static Stream<Arguments> layouts() {
    return LAYOUTS.stream()
        .flatMap(layout -> Stream.of(Server.values()).map(server -> Arguments.of(server, layout)));
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void a_revision_is_awaited_and_one_beyond_it_is_accepted_or_refused(Server server, Layout layout)
      throws Exception {
    boolean ordered = layout.tool().isOrdered();
    SchemaGate gate =
        HistoryGate.ofRevisions(layout.tool(), List.of(nth(layout.name(), 2)), null, false);
    SchemaGate strict =
        HistoryGate.ofRevisions(layout.tool(), List.of(nth(layout.name(), 2)), null, ordered);
    try (Connection connection = connect(server)) {
      assertThat(notYet(gate, connection)).contains("nothing is applied, since there is no table");
      execute(connection, layout.table());
      assertThat(notYet(gate, connection))
          .contains("no ", " is applied, " + nth(layout.shown(), 2));
      execute(connection, nth(layout.row(), 1));
      assertThat(notYet(gate, connection))
          .contains(
              "%s is applied, %s is not".formatted(nth(layout.shown(), 1), nth(layout.shown(), 2)));
      execute(connection, nth(layout.row(), 2));
      assertThat(ready(gate, connection)).endsWith(" at " + nth(layout.shown(), 2));
      assertThat(ready(strict, connection)).endsWith(" at " + nth(layout.shown(), 2));
      execute(connection, nth(layout.row(), 3));
      String detail = ready(gate, connection);
      if (ordered) {
        String ahead = "%s, ahead of %s".formatted(nth(layout.shown(), 3), nth(layout.shown(), 2));
        assertThat(detail).endsWith(ahead);
        assertThat(notYet(strict, connection)).contains(ahead, "schema.ahead refuses");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void a_directory_says_how_far_behind_the_schema_is(Server server, Layout layout)
      throws Exception {
    if (layout.file().isEmpty()) {
      return;
    }
    for (int i = 1; i <= 3; i++) {
      write(nth(layout.file(), i), "class Migration(migrations.Migration):\n    pass\n");
    }
    SchemaGate gate = HistoryGate.ofDirectory(layout.tool(), folder, null, true);
    try (Connection connection = connect(server)) {
      execute(connection, layout.table());
      assertThat(notYet(gate, connection))
          .contains("is applied, 3 behind " + nth(layout.shown(), 3));
      execute(connection, nth(layout.row(), 1));
      assertThat(notYet(gate, connection))
          .contains(
              "%s is applied, 2 behind %s"
                  .formatted(nth(layout.shown(), 1), nth(layout.shown(), 3)));
      execute(connection, nth(layout.row(), 2));
      execute(connection, nth(layout.row(), 3));
      assertThat(ready(gate, connection)).endsWith(" at " + nth(layout.shown(), 3));
      execute(connection, nth(layout.row(), 4));
      assertThat(notYet(gate, connection))
          .contains("%s, ahead of %s".formatted(nth(layout.shown(), 4), nth(layout.shown(), 3)));
    }
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void a_dirty_migration_is_named(Server server, Layout layout) throws Exception {
    if (layout.dirty().isEmpty()) {
      return;
    }
    SchemaGate gate =
        HistoryGate.ofRevisions(layout.tool(), List.of(nth(layout.name(), 1)), null, false);
    try (Connection connection = connect(server)) {
      execute(connection, layout.table());
      execute(connection, nth(layout.row(), 1));
      execute(connection, nth(layout.row(), 2));
      execute(connection, layout.dirty());
      assertThat(notYet(gate, connection))
          .contains(nth(layout.shown(), 2) + " is dirty: it has failed, or still runs");
    }
  }

  @ParameterizedTest
  @EnumSource(Server.class)
  void a_migration_that_was_rolled_back_or_undone_is_not_applied(Server server) throws Exception {
    SchemaGate prisma = HistoryGate.ofRevisions(SchemaTool.PRISMA, List.of("2_b"), null, false);
    SchemaGate goose = HistoryGate.ofRevisions(SchemaTool.GOOSE, List.of("2"), null, false);
    SchemaGate flyway = HistoryGate.ofRevisions(SchemaTool.FLYWAY, List.of("1.2"), null, false);
    try (Connection connection = connect(server)) {
      for (SchemaTool tool : List.of(SchemaTool.PRISMA, SchemaTool.GOOSE, SchemaTool.FLYWAY)) {
        execute(connection, layout(tool).table());
      }
      execute(
          connection,
          "INSERT INTO _prisma_migrations (id, checksum, migration_name, rolled_back_at)"
              + " VALUES ('1', 'x', '2_b', CURRENT_TIMESTAMP)");
      assertThat(notYet(prisma, connection)).contains("no migration is applied, 2_b is needed");
      execute(
          connection,
          "INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at)"
              + " VALUES ('2', 'x', '2_b', CURRENT_TIMESTAMP)");
      assertThat(ready(prisma, connection)).contains("2_b");
      execute(
          connection,
          "INSERT INTO goose_db_version (id, version_id, is_applied)"
              + " VALUES (1, 0, TRUE), (2, 1, TRUE), (3, 2, TRUE), (4, 2, FALSE)");
      assertThat(notYet(goose, connection)).contains("version 1 is applied, 2 is not");
      String flywayRow = layout(SchemaTool.FLYWAY).row();
      execute(connection, nth(flywayRow, 1));
      execute(connection, nth(flywayRow, 2));
      execute(connection, nth(flywayRow.replace("'SQL'", "'UNDO_SQL'"), 3).replace("1.3", "1.2"));
      assertThat(notYet(flyway, connection)).contains("version 1.1 is applied, 1.2 is not");
      execute(connection, nth(flywayRow.replace("'SQL'", "'BASELINE'"), 4));
      assertThat(ready(flyway, connection)).contains("1.4, ahead of 1.2");
      execute(connection, nth(flywayRow.replace("'1.%1$d'", "NULL").replace("TRUE", "FALSE"), 5));
      assertThat(notYet(flyway, connection)).contains("Flyway: a repeatable migration is dirty");
    }
  }

  @ParameterizedTest
  @EnumSource(Server.class)
  void a_table_of_another_tool_and_a_table_with_another_name_are_told(Server server)
      throws Exception {
    SchemaGate golang =
        HistoryGate.ofRevisions(SchemaTool.GOLANG_MIGRATE, List.of("2"), null, false);
    SchemaGate renamed =
        HistoryGate.ofRevisions(SchemaTool.KNEX, List.of("20240101_a"), "Own \"Table", false);
    try (Connection connection = connect(server)) {
      execute(connection, layout(SchemaTool.RAILS).table());
      assertThat(notYet(golang, connection))
          .contains("the table schema_migrations cannot be read", "dirty");
      assertThat(notYet(renamed, connection)).contains("there is no table Own \"Table yet");
      String quoted = server == Server.MARIADB ? "`Own \"Table`" : "\"Own \"\"Table\"";
      try (Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE " + quoted + " (id int, name varchar(255))");
        statement.execute("INSERT INTO " + quoted + " VALUES (1, '20240101_a.js')");
      }
      assertThat(ready(renamed, connection)).contains("20240101_a");
    }
  }

  @Test
  void select_on_the_one_table_is_enough_and_its_lack_is_told() throws Exception {
    try (Connection owner = connect(Server.POSTGRESQL)) {
      execute(owner, "CREATE SCHEMA kept");
      execute(owner, "CREATE TABLE kept.alembic_version (version_num varchar(32) PRIMARY KEY)");
      execute(owner, "INSERT INTO kept.alembic_version VALUES ('9c1d')");
      execute(owner, "CREATE ROLE reader LOGIN PASSWORD 'reader-password'");
      SchemaGate gate =
          HistoryGate.ofRevisions(
              SchemaTool.ALEMBIC, List.of("9c1d"), "kept.alembic_version", false);
      try (Connection reader =
          DriverManager.getConnection(url(owner), "reader", "reader-password")) {
        assertThat(notYet(gate, reader))
            .contains("the table kept.alembic_version cannot be read", "permission denied");
        execute(owner, "GRANT USAGE ON SCHEMA kept TO reader");
        execute(owner, "GRANT SELECT ON kept.alembic_version TO reader");
        assertThat(ready(gate, reader)).endsWith("; Alembic at 9c1d");
        execute(reader, "SET search_path TO kept");
        SchemaGate unqualified =
            HistoryGate.ofRevisions(SchemaTool.ALEMBIC, List.of("9c1d"), null, false);
        assertThat(ready(unqualified, reader)).endsWith("; Alembic at 9c1d");
      }
    }
  }

  @Test
  void select_on_the_one_table_is_enough_on_mariadb_too() throws Exception {
    SchemaGate gate =
        HistoryGate.ofRevisions(SchemaTool.RAILS, List.of("20240101000000"), null, false);
    try (Connection owner = connect(Server.MARIADB)) {
      execute(owner, layout(SchemaTool.RAILS).table());
      execute(owner, nth(layout(SchemaTool.RAILS).row(), 1));
      execute(owner, "CREATE USER reader IDENTIFIED BY 'reader-password'");
      execute(owner, "GRANT SHOW VIEW ON %s.* TO reader".formatted(owner.getCatalog()));
      try (Connection reader =
          DriverManager.getConnection(url(owner), "reader", "reader-password")) {
        assertThat(notYet(gate, reader))
            .contains("the table schema_migrations cannot be read", "SELECT command denied");
        execute(owner, "GRANT SELECT ON schema_migrations TO reader");
        assertThat(ready(gate, reader)).endsWith("; Rails at 20240101000000");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SQLITE")
  void a_table_that_is_locked_is_not_ready_and_no_query_is_left_waiting(Server server)
      throws Exception {
    SchemaGate gate =
        HistoryGate.ofRevisions(SchemaTool.EF_CORE, List.of("20240101000000_A"), null, false);
    try (Connection migrating = connect(server);
        Connection asking =
            DriverManager.getConnection(url(migrating), user(server), password(server))) {
      asking.setNetworkTimeout(Runnable::run, 10_000);
      execute(migrating, layout(SchemaTool.EF_CORE).table());
      execute(migrating, nth(layout(SchemaTool.EF_CORE).row(), 1));
      migrating.setAutoCommit(false);
      execute(
          migrating,
          server == Server.MARIADB
              ? "LOCK TABLES __EFMigrationsHistory WRITE"
              : "LOCK TABLE \"__EFMigrationsHistory\" IN ACCESS EXCLUSIVE MODE");
      assertThat(notYet(gate, asking)).contains("gives no answer within 5 s");
      execute(asking, "SELECT 1");
      if (server == Server.MARIADB) {
        execute(migrating, "UNLOCK TABLES");
      }
      migrating.commit();
      assertThat(ready(gate, asking)).contains("20240101000000_A");
    }
  }

  private static String url(Connection connection) throws SQLException {
    return connection.getMetaData().getURL().split("\\?", 2)[0];
  }

  private static String user(Server server) {
    return server == Server.MARIADB ? "root" : PostgresServer.USER;
  }

  private static String password(Server server) {
    return server == Server.MARIADB ? "" : PostgresServer.PASSWORD;
  }

  @Test
  void a_schema_that_does_not_exist_yet_is_no_fault() throws Exception {
    SchemaGate gate =
        HistoryGate.ofRevisions(SchemaTool.ALEMBIC, List.of("9c1d"), "nowhere.versions", false);
    try (Connection postgres = connect(Server.POSTGRESQL);
        Connection mariadb = connect(Server.MARIADB)) {
      assertThat(notYet(gate, postgres)).contains("there is no table nowhere.versions yet");
      assertThat(notYet(gate, mariadb)).contains("nowhere.versions");
    }
  }

  @Test
  void a_lost_connection_is_the_probe_s_to_explain() throws Exception {
    SchemaGate gate = HistoryGate.ofRevisions(SchemaTool.ALEMBIC, List.of("9c1d"), null, false);
    try (Connection connection = connect(Server.POSTGRESQL)) {
      execute(connection, "SET application_name = 'lost'");
      POSTGRES.execute(
          "postgres",
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'lost'");
      org.assertj.core.api.Assertions.assertThatThrownBy(() -> gate.check(connection, SERVER))
          .isInstanceOf(SQLException.class);
    }
  }

  @Test
  void what_is_said_of_a_history_is_short_however_much_it_holds() throws Exception {
    SchemaGate gate = HistoryGate.ofRevisions(SchemaTool.ALEMBIC, List.of("9c1d"), null, false);
    try (Connection connection = connect(Server.SQLITE)) {
      execute(
          connection,
          "CREATE TABLE alembic_version AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1"
              + " FROM n WHERE i < 100000) SELECT 'r' || i AS version_num FROM n");
      assertThat(notYet(gate, connection)).hasSizeLessThan(1000).contains("r1, ", "...");
    }
  }

  /** A volume of Kubernetes links what its first level holds, folders too, into a hidden folder. */
  @Test
  void folders_that_are_linked_are_read_and_each_file_once() throws Exception {
    write("..2026/20240101000000_a/migration.sql", "");
    write("..2026/20240102000000_b/migration.sql", "");
    Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2026"));
    for (String name : List.of("20240101000000_a", "20240102000000_b")) {
      Files.createSymbolicLink(folder.resolve(name), Path.of("..data", name));
    }
    assertThat(MigrationFolder.files(folder))
        .containsExactly("20240101000000_a/migration.sql", "20240102000000_b/migration.sql");
  }

  /** Neither Knex nor Sequelize loads it by itself: a script reads it. */
  @ParameterizedTest
  @EnumSource(names = {"KNEX", "SEQUELIZE"})
  void sql_beside_the_scripts_is_no_migration(SchemaTool tool) {
    assertThat(tool.migration("20240101-a.cts")).contains("20240101-a");
    assertThat(tool.migration("20240101-a-up.sql")).isEmpty();
  }

  @Test
  void a_migration_in_a_linked_folder_is_needed_too() throws Exception {
    write("db/migrate/20240101000000_a.rb", "");
    write("engine/20240102000000_b.rb", "");
    Path migrations = folder.resolve("db/migrate");
    Files.createSymbolicLink(migrations.resolve("engine"), folder.resolve("engine"));
    Files.createSymbolicLink(migrations.resolve("self"), migrations);
    SchemaGate gate = HistoryGate.ofDirectory(SchemaTool.RAILS, migrations, null, false);
    try (Connection connection = connect(Server.SQLITE)) {
      execute(connection, layout(SchemaTool.RAILS).table());
      execute(connection, nth(layout(SchemaTool.RAILS).row(), 1));
      assertThat(notYet(gate, connection)).contains("1 behind 20240102000000");
      execute(connection, nth(layout(SchemaTool.RAILS).row(), 2));
      assertThat(ready(gate, connection)).endsWith("; Rails at 20240102000000");
    }
  }

  /** One that is being copied, or whose target is not mounted. */
  @Test
  void a_migration_whose_link_leads_nowhere_is_needed_all_the_same() throws Exception {
    write("20240101000000_a.rb", "");
    Files.createSymbolicLink(folder.resolve("20240102000000_b.rb"), Path.of("nowhere.rb"));
    Files.createSymbolicLink(folder.resolve(".#20240101000000_a.rb"), Path.of("me@host"));
    assertThat(MigrationFolder.files(folder))
        .containsExactly("20240101000000_a.rb", "20240102000000_b.rb");
  }

  private static Layout layout(SchemaTool tool) {
    return LAYOUTS.stream().filter(layout -> layout.tool() == tool).findFirst().orElseThrow();
  }

  private static String nth(String pattern, int n) {
    return pattern.formatted(n);
  }

  private static String notYet(SchemaGate gate, Connection connection) throws SQLException {
    ProbeResult result = gate.check(connection, SERVER);
    assertThat(result).isInstanceOf(ProbeResult.NotYet.class);
    assertThat(((ProbeResult.NotYet) result).reason()).isEqualTo(Reason.SCHEMA);
    return result.sentence();
  }

  private static String ready(SchemaGate gate, Connection connection) throws SQLException {
    ProbeResult result = gate.check(connection, SERVER);
    assertThat(result).as(result.sentence()).isInstanceOf(ProbeResult.Ready.class);
    return result.sentence();
  }

  private void write(String name, String text) throws Exception {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Connection connect(Server server) throws SQLException {
    String name = "gate_" + databases++;
    switch (server) {
      case POSTGRESQL -> POSTGRES.createDatabase(name);
      case MARIADB -> MARIADB.createDatabase(name);
      case SQLITE -> {
        return DriverManager.getConnection("jdbc:sqlite:" + folder.resolve(name + ".db"));
      }
    }
    return server == Server.POSTGRESQL ? POSTGRES.connect(name) : MARIADB.connect(name);
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    String quote = connection.getMetaData().getIdentifierQuoteString();
    try (Statement statement = connection.createStatement()) {
      for (String one : sql.replace("\"", quote).split(";", -1)) {
        statement.execute(one);
      }
    }
  }
}
