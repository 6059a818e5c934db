package io.tidegate.migration.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.program.TidegateProcess;
import io.tidegate.servers.MariaDbServer;
import io.tidegate.servers.PostgresServer;
import io.tidegate.target.Changelog.Format;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Eight processes migrate one empty database at once. Repeated as often as {@code
 * -Dtidegate.race.rounds} says.
 */
class MigrationRaceIT {
  private static final int PROCESSES = 8;
  private static final int ROUNDS = Integer.getInteger("tidegate.race.rounds", 1);
  private static final int CHANGESETS = 6;
  private static final Pattern APPLIED = Pattern.compile("(\\d+) applied now");

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
        race(server.url(database), Format.PLAIN);
        verify(server::connect, database, "count(*) FROM DATABASECHANGELOG");
      }
    }
  }

  @Test
  void mariadb_is_migrated_once() throws Exception {
    try (MariaDbServer server = MariaDbServer.started()) {
      for (int round = 1; round <= ROUNDS; round++) {
        String database = "race" + round;
        server.createDatabase(database);
        race(server.url(database), Format.PLAIN);
        verify(server::connect, database, "count(*) FROM DATABASECHANGELOG");
      }
    }
  }

  @Test
  void sqlite_is_migrated_once() throws Exception {
    for (int round = 1; round <= ROUNDS; round++) {
      String file = databases.resolve("race" + round + ".db").toString();
      race("sqlite:///" + file, Format.PLAIN);
      verify(
          f -> DriverManager.getConnection("jdbc:sqlite:" + f),
          file,
          "count(*) FROM DATABASECHANGELOG");
    }
  }

  @Test
  void folder_of_golang_migrate_is_applied_once() throws Exception {
    ofTool(Format.GOLANG_MIGRATE, "00%d_step.up.sql", "version FROM schema_migrations");
  }

  @Test
  void folder_of_flyway_is_applied_once() throws Exception {
    ofTool(Format.FLYWAY, "V%d__step.sql", "count(*) FROM flyway_schema_history WHERE success");
  }

  private void ofTool(Format format, String name, String applied) throws Exception {
    for (int i = 1; i <= CHANGESETS; i++) {
      Files.move(changelog.resolve("00" + i + ".sql"), changelog.resolve(name.formatted(i)));
    }
    try (PostgresServer server = PostgresServer.started()) {
      for (int round = 1; round <= ROUNDS; round++) {
        String database = "race" + round;
        server.createDatabase(database);
        race(server.url(database), format);
        verify(server::connect, database, applied);
      }
    }
  }

  private void race(String url, Format format) {
    List<TidegateProcess> processes = new ArrayList<>();
    try {
      for (int i = 0; i < PROCESSES; i++) {
        processes.add(
            TidegateProcess.start(
                databases,
                Map.of(
                    "TIDEGATE_TARGETS_DB_URL",
                    url,
                    "TIDEGATE_TARGETS_DB_CHANGELOG",
                    changelog.toString(),
                    "TIDEGATE_TARGETS_DB_FORMAT",
                    format.name(),
                    "TIDEGATE_REPLICAS",
                    "1"),
                line -> {},
                "init"));
      }
      int applied = 0;
      for (TidegateProcess process : processes) {
        assertThat(process.exitCode()).as(process.output()).isZero();
        Matcher line = APPLIED.matcher(process.output());
        assertThat(line.find()).as(process.output()).isTrue();
        applied += Integer.parseInt(line.group(1));
      }
      assertThat(applied).isEqualTo(CHANGESETS);
    } finally {
      processes.forEach(TidegateProcess::close);
    }
  }

  private static void verify(Opener opener, String database, String applied) throws SQLException {
    try (Connection connection = opener.open(database);
        Statement statement = connection.createStatement()) {
      assertThat(number(statement, "SELECT " + applied)).isEqualTo(CHANGESETS);
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
