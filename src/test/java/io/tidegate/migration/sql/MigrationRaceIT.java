package io.tidegate.migration.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.servers.MariaDbServer;
import io.tidegate.servers.PostgresServer;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Eight processes migrate one empty database at once. Repeated as often as {@code
 * -Dtidegate.race.rounds} says.
 */
class MigrationRaceIT {
  private static final int PROCESSES = 8;
  private static final int ROUNDS = Integer.getInteger("tidegate.race.rounds", 2);
  private static final int CHANGESETS = 6;

  @TempDir private Path changelog;
  @TempDir private Path databases;

  private interface Opener {
    Connection open(String database) throws SQLException;
  }

  @BeforeEach
  void changelog() {
    for (int i = 1; i <= CHANGESETS; i++) {
      Changelogs.write(
          changelog,
          "00" + i + ".sql",
          "CREATE TABLE t%d (id int); INSERT INTO t%d VALUES (%d);".formatted(i, i, i));
    }
  }

  @Test
  void postgres_is_migrated_once() throws Exception {
    try (PostgresServer server = PostgresServer.started()) {
      for (int round = 1; round <= ROUNDS; round++) {
        String database = "race" + round;
        server.createDatabase(database);
        race("postgresql", server.port(), database, PostgresServer.USER, PostgresServer.PASSWORD);
        verify(server::connect, database);
      }
    }
  }

  @Test
  void mariadb_is_migrated_once() throws Exception {
    try (MariaDbServer server = MariaDbServer.started()) {
      for (int round = 1; round <= ROUNDS; round++) {
        String database = "race" + round;
        server.createDatabase(database);
        race("mariadb", server.port(), database, "root", "");
        verify(server::connect, database);
      }
    }
  }

  @Test
  void sqlite_is_migrated_once() throws Exception {
    for (int round = 1; round <= ROUNDS; round++) {
      String file = databases.resolve("race" + round + ".db").toString();
      race("sqlite", 0, file, "", "");
      verify(f -> DriverManager.getConnection("jdbc:sqlite:" + f), file);
    }
  }

  private void race(String scheme, int port, String database, String user, String password)
      throws Exception {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            MigrateMain.class.getName(),
            scheme,
            Integer.toString(port),
            database,
            user,
            password,
            changelog.toString());
    List<Process> processes = new ArrayList<>();
    List<File> outputs = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      File output = File.createTempFile("race", ".log", databases.toFile());
      outputs.add(output);
      processes.add(
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start());
    }
    int applied = 0;
    for (int i = 0; i < PROCESSES; i++) {
      assertThat(processes.get(i).waitFor(180, TimeUnit.SECONDS)).isTrue();
      String output = Files.readString(outputs.get(i).toPath(), StandardCharsets.UTF_8);
      assertThat(processes.get(i).exitValue()).as(output).isZero();
      applied += Integer.parseInt(output.strip().replaceAll("(?s).*applied (\\d+)$", "$1"));
    }
    assertThat(applied).isEqualTo(CHANGESETS);
  }

  private static void verify(Opener opener, String database) throws SQLException {
    try (Connection connection = opener.open(database);
        Statement statement = connection.createStatement()) {
      assertThat(number(statement, "SELECT count(*) FROM DATABASECHANGELOG")).isEqualTo(CHANGESETS);
      for (int i = 1; i <= CHANGESETS; i++) {
        assertThat(number(statement, "SELECT count(*) FROM t" + i)).isEqualTo(1);
      }
    }
  }

  private static int number(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getInt(1);
    }
  }
}
