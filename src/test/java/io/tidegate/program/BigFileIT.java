package io.tidegate.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.servers.MariaDbServer;
import io.tidegate.servers.PostgresServer;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Large files, statements and answers in the memory that the program has in its image. */
class BigFileIT {
  private static final int CHANGELOG_INVALID = 65;

  /** As src/main/docker/common.args has it. */
  private static final String IMAGE =
      "-Xmx64m -Xms8m -Xss512k -XX:+UseSerialGC -XX:TieredStopAtLevel=1";

  @TempDir private Path folder;

  private TidegateProcess migrate(String url) {
    return TidegateProcess.start(
        Map.of(
            "DATABASE_URL", url,
            "TIDEGATE_CHANGELOG", folder.resolve("db").toString(),
            "JDK_JAVA_OPTIONS", IMAGE),
        "migrate");
  }

  /** As case 46-big-file makes it. */
  private long insertsOf(int mebibytes, String name) throws IOException {
    Files.createDirectories(folder.resolve("db"));
    long size = 0;
    long rows = 0;
    try (Writer out = Files.newBufferedWriter(folder.resolve("db").resolve(name))) {
      String create = "CREATE TABLE big%d(id int, s text);\n".formatted(mebibytes);
      out.write(create);
      size += create.length();
      while (size < (long) mebibytes << 20) {
        StringBuilder insert = new StringBuilder("INSERT INTO big%d VALUES ".formatted(mebibytes));
        for (int i = 0; i < 100; i++) {
          insert
              .append(i == 0 ? "" : ",")
              .append("(%d,'row number %d with some text in it')".formatted(rows, rows));
          rows++;
        }
        insert.append(";\n");
        out.append(insert);
        size += insert.length();
      }
    }
    return rows;
  }

  private static void assertCount(Connection connection, String table, long rows)
      throws SQLException {
    try (connection;
        var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT count(*) FROM " + table)) {
      assertThat(row.next()).isTrue();
      assertThat(row.getLong(1)).isEqualTo(rows);
    }
  }

  private void assertMigrates(String url) {
    try (TidegateProcess process = migrate(url)) {
      assertThat(process.exitCode()).as(process.output()).isZero();
    }
  }

  /** Case 46-big-file. */
  @Test
  void files_of_4_and_64_mib_on_postgresql() throws Exception {
    long few = insertsOf(4, "001.sql");
    long many = insertsOf(64, "002.sql");
    try (PostgresServer server = PostgresServer.started()) {
      server.createDatabase("app");
      assertMigrates(server.url("app"));
      assertCount(server.connect("app"), "big4", few);
      assertCount(server.connect("app"), "big64", many);
    }
  }

  /** Case 46-big-file. */
  @Test
  void files_of_4_and_64_mib_on_mariadb() throws Exception {
    long few = insertsOf(4, "001.sql");
    long many = insertsOf(64, "002.sql");
    try (MariaDbServer server = MariaDbServer.started()) {
      server.createDatabase("app");
      assertMigrates(server.url("app"));
      assertCount(server.connect("app"), "big4", few);
      assertCount(server.connect("app"), "big64", many);
    }
  }

  /** Case 46-big-file. */
  @Test
  void files_of_4_and_64_mib_on_sqlite() throws Exception {
    long few = insertsOf(4, "001.sql");
    long many = insertsOf(64, "002.sql");
    assertMigrates("sqlite:///" + folder.resolve("app.db"));
    String url = "jdbc:sqlite:" + folder.resolve("app.db");
    assertCount(DriverManager.getConnection(url), "big4", few);
    assertCount(DriverManager.getConnection(url), "big64", many);
  }

  /** Cases 67-big-result and 46-big-file: an answer, the rows of COPY and a statement. */
  @Test
  void large_answers_rows_and_statements_on_postgresql() throws Exception {
    Path db = Files.createDirectories(folder.resolve("db"));
    Files.writeString(
        db.resolve("001.sql"),
        "SELECT g, repeat('x',100) FROM generate_series(1, 1500000) g; CREATE TABLE t(id int, s text);");
    Files.writeString(
        db.resolve("002.sql"),
        "-- tidegate: no-transaction\nSELECT g, repeat('x',100) FROM generate_series(1, 1500000) g;\n");
    try (Writer out = Files.newBufferedWriter(db.resolve("003.sql"))) {
      out.write("COPY t FROM stdin;\n");
      for (int i = 0; i < 1_000_000; i++) {
        out.write(i + "\twith some more text in each row of it\n");
      }
      out.write("\\.\n");
    }
    Files.writeString(
        db.resolve("004.sql"), "INSERT INTO t VALUES (-1, '" + "x".repeat(4_000_000) + "');\n");
    try (PostgresServer server = PostgresServer.started()) {
      server.createDatabase("app");
      assertMigrates(server.url("app"));
      assertCount(server.connect("app"), "t WHERE length(s) = 4000000", 1);
      assertCount(server.connect("app"), "t", 1_000_001);
      Files.writeString(
          db.resolve("005.sql"),
          "CREATE TABLE u (id int);\nINSERT INTO t VALUES (-1, '"
              + "x".repeat(5_000_000)
              + "');\n");
      try (TidegateProcess process = migrate(server.url("app"))) {
        assertThat(process.exitCode()).as(process.output()).isEqualTo(CHANGELOG_INVALID);
        assertThat(process.output()).contains("005.sql, line 2", "bytes", "-Xmx");
      }
    }
  }

  /** Case 67-big-result. */
  @Test
  void large_answer_on_mariadb_and_sqlite() throws Exception {
    Path db = Files.createDirectories(folder.resolve("db"));
    Path file =
        Files.writeString(
            db.resolve("001.sql"),
            "SELECT seq, repeat('x',100) FROM seq_1_to_1500000; CREATE TABLE t(id int);");
    try (MariaDbServer server = MariaDbServer.started()) {
      server.createDatabase("app");
      assertMigrates(server.url("app"));
      assertCount(server.connect("app"), "t", 0);
    }
    Files.writeString(
        file,
        "WITH RECURSIVE g(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM g LIMIT 1500000)"
            + " SELECT i, hex(randomblob(50)) FROM g; CREATE TABLE t(id int);");
    assertMigrates("sqlite:///" + folder.resolve("app.db"));
    assertCount(DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("app.db")), "t", 0);
  }
}
