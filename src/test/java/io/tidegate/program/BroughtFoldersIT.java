package io.tidegate.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.tidegate.servers.PostgresServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Folders and databases of other tools, given to the program as a new user would. */
class BroughtFoldersIT {
  private static final Path CASES = Path.of("src/test/resources/cases").toAbsolutePath();
  private static PostgresServer postgres;

  @TempDir Path folder;

  @BeforeAll
  static void server() {
    postgres = new PostgresServer();
    postgres.start();
  }

  @AfterAll
  static void close() {
    postgres.close();
  }

  @ParameterizedTest
  @CsvSource({
    "init, 01-goose-down/db, goose",
    "migrate, 03-dbmate/db, dbmate",
    "init, 04-numeric-order/db, 10_alter.sql",
    "wait, 05-flyway-names/db, Flyway",
    "plan, 36-undo-styles/mybatis, MyBatis",
    "status, 36-undo-styles/yoyo, yoyo",
    "run, 06-latin1/db, line 2",
  })
  void folder_that_cannot_be_right_ends_with_65_before_anything_is_connected_to(
      String command, String name, String word) throws IOException {
    try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody.setSoTimeout(1);
      String url = "postgresql://postgres@127.0.0.1:" + nobody.getLocalPort() + "/app";
      assertThat(ends(65, url, CASES.resolve(name), Map.of(), command)).contains(word);
      assertThatIOException().as("no connection").isThrownBy(nobody::accept);
    }
  }

  /** A folder of golang-migrate on its own live database, as in the worst report of all. */
  @Test
  void database_of_golang_migrate_keeps_every_row() throws Exception {
    postgres.createDatabase("live");
    execute("live", "CREATE TABLE users AS SELECT generate_series(1, 1000) AS id");
    execute("live", "CREATE TABLE orders AS SELECT generate_series(1, 5000) AS id");
    execute("live", "CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean)");
    execute("live", "INSERT INTO schema_migrations VALUES (2, false)");
    file("000001_users.down.sql", "DROP TABLE users;");
    file("000001_users.up.sql", "CREATE TABLE IF NOT EXISTS users (id int);");
    file("000002_orders.down.sql", "DROP TABLE orders;");
    file("000002_orders.up.sql", "CREATE TABLE IF NOT EXISTS orders (id int);");
    String url = postgres.url("live");
    assertThat(ends(65, url, folder, Map.of(), "init")).contains("000001_users.down.sql");
    Files.delete(folder.resolve("000001_users.down.sql"));
    Files.delete(folder.resolve("000002_orders.down.sql"));
    assertThat(ends(65, url, folder, Map.of(), "init"))
        .contains("schema_migrations", "TIDEGATE_TARGETS_DB_IGNORE_HISTORY=schema_migrations");
    assertThat(tables("live")).containsExactly("orders", "schema_migrations", "users");

    ends(0, url, folder, Map.of("TIDEGATE_TARGETS_DB_IGNORE_HISTORY", "schema_migrations"), "init");
    assertThat(ends(0, url, folder, Map.of(), "init")).contains("0 applied now, 2 before");
    assertThat(number("live", "SELECT count(*) FROM users")).isEqualTo(1000);
    assertThat(number("live", "SELECT count(*) FROM orders")).isEqualTo(5000);
  }

  /** Case 06-latin1. */
  @Test
  void encoding_is_declared_by_a_variable() throws Exception {
    postgres.createDatabase("cities");
    String url = postgres.url("cities");
    Path cities = CASES.resolve("06-latin1/db");
    assertThat(ends(65, url, cities, Map.of(), "init")).contains("001.sql, line 2");
    Map<String, String> latin1 = Map.of("TIDEGATE_TARGETS_DB_ENCODING", "latin1");
    assertThat(ends(0, url, cities, latin1, "init")).contains("1 applied now");
    assertThat(number("cities", "SELECT count(*) FROM city WHERE name = U&'M\\00FCnchen'"))
        .isEqualTo(1);
    assertThat(ends(78, url, cities, Map.of("TIDEGATE_TARGETS_DB_ENCODING", "latin-none"), "init"))
        .contains("TIDEGATE_TARGETS_DB_ENCODING");
  }

  private String ends(
      int exit, String url, Path changelog, Map<String, String> more, String command) {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("TIDEGATE_TARGETS_DB_URL", url);
    environment.put("TIDEGATE_TARGETS_DB_CHANGELOG", changelog.toString());
    environment.put("TIDEGATE_HTTP_PORT", "0");
    try (TidegateProcess process =
        TidegateProcess.start(Path.of("."), environment, line -> {}, command)) {
      assertThat(process.exitCode()).as(process.output()).isEqualTo(exit);
      return process.output();
    }
  }

  private void file(String name, String sql) throws IOException {
    Files.writeString(folder.resolve(name), sql);
  }

  private static void execute(String database, String sql) throws SQLException {
    try (Connection connection = postgres.connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static List<String> tables(String database) throws SQLException {
    try (Connection connection = postgres.connect(database);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT string_agg(tablename, ',' ORDER BY tablename) FROM pg_tables WHERE schemaname ="
                    + " 'public'")) {
      row.next();
      return List.of(row.getString(1).split(",", -1));
    }
  }

  private static long number(String database, String sql) throws SQLException {
    try (Connection connection = postgres.connect(database);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
