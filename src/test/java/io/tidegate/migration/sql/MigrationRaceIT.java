package io.tidegate.migration.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.program.TidegateProcess;
import io.tidegate.servers.MariaDbServer;
import io.tidegate.servers.PostgresServer;
import io.tidegate.target.Changelog.Format;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * Eight processes migrate one empty database at once, from plain files and from the folder of each tool.
 * Repeated as often as {@code -Dtidegate.race.rounds} says; {@code -Dtidegate.race.tool-rounds} is for
 * the tools' folders.
 */
class MigrationRaceIT {
  private static final int PROCESSES = 8;
  private static final int ROUNDS = Integer.getInteger("tidegate.race.rounds", 1);
  private static final int TOOL_ROUNDS = Integer.getInteger("tidegate.race.tool-rounds", ROUNDS);
  private static final PostgresServer POSTGRES = new PostgresServer();
  private static final MariaDbServer MARIADB = new MariaDbServer();
  private static final int CHANGESETS = 6;
  private static final Pattern APPLIED = Pattern.compile("(\\d+) applied now");

  @TempDir private Path changelog;
  @TempDir private Path databases;

  private interface Opener {
    Connection open(String database) throws SQLException;
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

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"SQL", "LIQUIBASE", "AUTO"})
  void postgres_is_migrated_once(Format format) throws Exception {
    races(format, POSTGRES::createDatabase, POSTGRES::url, POSTGRES::connect);
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"SQL", "LIQUIBASE", "AUTO"})
  void mariadb_is_migrated_once(Format format) throws Exception {
    races(format, MARIADB::createDatabase, MARIADB::url, MARIADB::connect);
  }

  @Test
  void sqlite_is_migrated_once() throws Exception {
    races(
        Format.PLAIN,
        database -> {},
        database -> "sqlite:///" + databases.resolve(database),
        database -> DriverManager.getConnection("jdbc:sqlite:" + databases.resolve(database)));
  }

  private void races(
      Format format, Consumer<String> creator, UnaryOperator<String> url, Opener opener)
      throws Exception {
    for (int i = 1; i <= CHANGESETS; i++) {
      String up = "CREATE TABLE t%d (id int); INSERT INTO t%d VALUES (%d);".formatted(i, i, i);
      if (format.namesTool()) {
        ToolFiles.step(changelog, format, i, up, "DROP TABLE t%d;".formatted(i));
      } else {
        Changelogs.write(changelog, "00" + i + ".sql", up);
      }
    }
    int rounds = format.namesTool() ? TOOL_ROUNDS : ROUNDS;
    for (int round = 1; round <= rounds; round++) {
      String database = "race_%s_%d".formatted(format, round).toLowerCase(Locale.ROOT);
      creator.accept(database);
      race(url.apply(database), format);
      verify(opener, database);
    }
    System.out.printf("%s: %d races of %d, all once%n", format, rounds, PROCESSES);
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

  private static void verify(Opener opener, String database) throws SQLException {
    try (Connection connection = opener.open(database);
        Statement statement = connection.createStatement()) {
      assertThat(Contents.applied(connection)).isEqualTo(CHANGESETS);
      for (int i = 1; i <= CHANGESETS; i++) {
        try (ResultSet row = statement.executeQuery("SELECT count(*) FROM t" + i)) {
          row.next();
          assertThat(row.getInt(1)).isEqualTo(1);
        }
      }
    }
  }
}
