package io.tidegate.migration.sql;

import static io.tidegate.migration.sql.Changelogs.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.migration.Migration;
import io.tidegate.migration.Migration.Adoptable;
import io.tidegate.migration.Migration.MigrationOutcome;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.target.Changelog.Format;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The tools themselves, before and after Tidegate, on one folder and one real server: see {@code
 * .ci/tools}, which builds them. Skipped where there are none.
 */
public abstract class RealToolsSuite extends DialectFixture {
  private static final Path TOOLS = Path.of(System.getProperty("tidegate.tools", "none"));

  private static final Set<String> TIMES =
      Set.of("tstamp", "applied_at", "installed_on", "execution_time");

  /** Where the tool finds that database, in its own spelling. */
  protected abstract String url(Format format, String database);

  /** The same as a JDBC URL, with user and password. */
  protected abstract String jdbcUrl(String database);

  /** What goose and sql-migrate call the engine. */
  protected abstract String driver(Format format);

  @BeforeEach
  void requireTools() {
    Assumptions.assumeTrue(Files.isDirectory(TOOLS), "the migration tools are not built");
  }

  /** Runs the tool and gives what it printed; it has to succeed. */
  private String tool(Format format, String... command) throws Exception {
    RealFlyway.Run run = run(format, command);
    assertThat(run.succeeded()).as(run.said()).isTrue();
    return run.said();
  }

  private RealFlyway.Run run(Format format, String... command) throws Exception {
    if (format == Format.FLYWAY) {
      return RealFlyway.run(TOOLS, jdbcUrl(database()), folder, command[0], Map.of());
    }
    String url = url(format, database());
    List<String> line = new ArrayList<>();
    switch (format) {
      case GOLANG_MIGRATE ->
          line.addAll(
              List.of(TOOLS.resolve("migrate").toString(), "-path", "" + folder, "-database", url));
      case DBMATE ->
          line.addAll(
              List.of(
                  TOOLS.resolve("dbmate").toString(),
                  "--url",
                  url,
                  "--migrations-dir",
                  "" + folder,
                  "--no-dump-schema"));
      case GOOSE ->
          line.addAll(
              List.of(TOOLS.resolve("goose").toString(), "-dir", "" + folder, driver(format), url));
      default -> line.add(TOOLS.resolve("sql-migrate").toString());
    }
    line.addAll(List.of(command));
    if (format == Format.SQL_MIGRATE) {
      Path config = folder.resolveSibling(folder.getFileName() + ".yml");
      Files.writeString(
          config,
          "development:\n  dialect: %s\n  datasource: %s\n  dir: %s\n"
              .formatted(driver(format), url, folder));
      line.add("-config=" + config);
    }
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return new RealFlyway.Run(process.exitValue() == 0, printed);
  }

  private String up(Format format) throws Exception {
    return tool(format, format == Format.FLYWAY ? "migrate" : "up");
  }

  private String down(Format format) throws Exception {
    return switch (format) {
      case GOLANG_MIGRATE -> tool(format, "down", "1");
      default -> tool(format, "down");
    };
  }

  private static String nothingToDo(Format format) {
    return switch (format) {
      case GOLANG_MIGRATE -> "no change";
      case DBMATE -> "";
      case GOOSE -> "no migrations to run";
      case FLYWAY -> "applied 0";
      default -> "Applied 0 migrations";
    };
  }

  private void step(Format format, int number) {
    String up = "INSERT INTO step VALUES (%d);".formatted(number);
    ToolFiles.step(
        folder,
        format,
        number,
        number == 1 ? "CREATE TABLE step (n int);\n" + up : up,
        "DELETE FROM step WHERE n = %d;".formatted(number));
  }

  private void steps(Format format, int from, int to) {
    for (int i = from; i <= to; i++) {
      step(format, i);
    }
  }

  private Migration migration(Format format) {
    return migration(
        SqlTargets.with(target(database(), folder), ToolFiles.changelog(folder, format)),
        MigrationSettings.DEFAULT);
  }

  private MigrationOutcome migrate(Format format) throws InterruptedException {
    return migration(format).migrate(MigrationListener.NONE);
  }

  /** The columns of its history with their types, and its rows without times. */
  private List<String> history(Format format) throws SQLException {
    String table =
        switch (format) {
          case GOOSE -> "goose_db_version";
          case SQL_MIGRATE -> "gorp_migrations";
          case FLYWAY -> "flyway_schema_history";
          default -> "schema_migrations";
        };
    List<String> all = new ArrayList<>();
    try (Connection connection = connect(database());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT * FROM " + table + " ORDER BY 1")) {
      ResultSetMetaData data = row.getMetaData();
      for (int i = 1; i <= data.getColumnCount(); i++) {
        all.add(
            "%s %s %d %d"
                .formatted(
                    data.getColumnName(i),
                    data.getColumnTypeName(i),
                    data.getPrecision(i),
                    data.isNullable(i)));
      }
      while (row.next()) {
        for (int i = 1; i <= data.getColumnCount(); i++) {
          String name = data.getColumnName(i);
          all.add(TIMES.contains(name) ? "?" : row.getString(i));
        }
      }
    }
    return all;
  }

  private List<String> steps() throws SQLException {
    return query("SELECT n FROM step ORDER BY n");
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"PLAIN", "SQL", "LIQUIBASE", "AUTO"})
  void neither_applies_a_file_in_utf_16(Format format) throws Exception {
    steps(format, 1, 3);
    up(format);
    step(format, 4);
    ToolFiles.inEncoding(folder, "004", StandardCharsets.UTF_16LE);
    run(format, format == Format.FLYWAY ? "migrate" : "up");
    assertThat(steps()).containsExactly("1", "2", "3");
    assertThatThrownBy(() -> migrate(format)).hasMessageContaining("UTF-16LE");
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"PLAIN", "SQL", "LIQUIBASE", "AUTO"})
  void tidegate_goes_on_where_the_tool_stopped(Format format) throws Exception {
    steps(format, 1, 3);
    up(format);
    steps(format, 4, 5);
    MigrationOutcome outcome = migrate(format);
    assertThat(outcome.applied()).isEqualTo(2);
    assertThat(outcome.alreadyApplied()).isEqualTo(3);
    assertThat(steps()).containsExactly("1", "2", "3", "4", "5");
    assertThat(up(format)).contains(nothingToDo(format));
    assertThat(steps()).containsExactly("1", "2", "3", "4", "5");
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"PLAIN", "SQL", "LIQUIBASE", "AUTO", "FLYWAY"})
  void tool_goes_on_where_tidegate_stopped(Format format) throws Exception {
    steps(format, 1, 3);
    assertThat(migrate(format).applied()).isEqualTo(3);
    steps(format, 4, 5);
    up(format);
    assertThat(steps()).containsExactly("1", "2", "3", "4", "5");
    assertThat(migrate(format).applied()).isZero();
    down(format);
    assertThat(steps()).containsExactly("1", "2", "3", "4");
    assertThat(migrate(format).applied()).isEqualTo(1);
    assertThat(up(format)).contains(nothingToDo(format));
    assertThat(steps()).containsExactly("1", "2", "3", "4", "5");
  }

  /** Flyway's way back is not free. */
  @Test
  void flyway_goes_on_where_tidegate_stopped() throws Exception {
    steps(Format.FLYWAY, 1, 3);
    assertThat(migrate(Format.FLYWAY).applied()).isEqualTo(3);
    tool(Format.FLYWAY, "validate");
    steps(Format.FLYWAY, 4, 5);
    up(Format.FLYWAY);
    assertThat(steps()).containsExactly("1", "2", "3", "4", "5");
    assertThat(migrate(Format.FLYWAY).alreadyApplied()).isEqualTo(5);
    assertThat(steps()).containsExactly("1", "2", "3", "4", "5");
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"PLAIN", "SQL", "LIQUIBASE", "AUTO"})
  void history_is_the_same_as_the_tool_s_own(Format format) throws Exception {
    steps(format, 1, 3);
    up(format);
    List<String> own = history(format);
    createDatabase();
    migrate(format);
    assertThat(history(format)).isEqualTo(own);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"PLAIN", "SQL", "LIQUIBASE", "AUTO"})
  void tool_goes_on_with_what_was_adopted(Format format) throws Exception {
    steps(format, 1, 3);
    up(format);
    List<String> own = history(format);
    createDatabase();
    execute("CREATE TABLE step (n int)");
    assertThat(((Adoptable) migration(format)).adopt(null, false)).hasSize(3);
    assertThat(history(format)).isEqualTo(own);
    assertThat(up(format)).contains(nothingToDo(format));
    if (format == Format.FLYWAY) {
      tool(format, "validate");
    }
    steps(format, 4, 4);
    up(format);
    assertThat(steps()).containsExactly("4");
    assertThat(migrate(format).alreadyApplied()).isEqualTo(4);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"PLAIN", "SQL", "LIQUIBASE", "AUTO"})
  void both_make_the_same_of_a_folder(Format format) throws Exception {
    steps(format, 9, 11);
    step(format, 1);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.getFileName().toString().contains("009")).toList()) {
        String name = file.getFileName().toString();
        Files.move(file, folder.resolve(name.replace("009", "9")));
      }
    }
    String printed = up(format);
    List<String> expected = steps();
    createDatabase();
    migrate(format);
    assertThat(steps()).as(printed).isEqualTo(expected);
  }

  /** A statement that takes that many seconds. */
  protected abstract String sleep(int seconds);

  @Test
  void tidegate_waits_for_the_tool_that_migrates() throws Exception {
    Assumptions.assumeFalse(sleep(1).isEmpty(), "no statement sleeps there");
    write(folder, "1_slow.up.sql", "CREATE TABLE step (n int);\n" + sleep(3) + ";\n");
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    Thread tool =
        Thread.ofPlatform()
            .start(() -> {
              try {
                up(Format.GOLANG_MIGRATE);
              } catch (Exception | Error e) {
                failures.add(e);
              }
            });
    awaitRow("SELECT version FROM schema_migrations");
    assertThat(migrate(Format.GOLANG_MIGRATE).alreadyApplied()).isEqualTo(1);
    tool.join();
    assertThat(failures).isEmpty();
  }

  @Test
  void tool_waits_for_tidegate_that_migrates() throws Exception {
    Assumptions.assumeFalse(sleep(1).isEmpty(), "no statement sleeps there");
    write(
        folder,
        "1_slow.up.sql",
        "CREATE TABLE step (n int);\nINSERT INTO step VALUES (1);\n" + sleep(3) + ";\n");
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    Thread tidegate =
        Thread.ofPlatform()
            .start(() -> {
              try {
                migrate(Format.GOLANG_MIGRATE);
              } catch (Exception | Error e) {
                failures.add(e);
              }
            });
    awaitRow("SELECT count(*) FROM schema_migrations");
    assertThat(up(Format.GOLANG_MIGRATE)).contains("no change");
    tidegate.join();
    assertThat(failures).isEmpty();
    assertThat(steps()).containsExactly("1");
  }

  private void awaitRow(String query) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (System.nanoTime() < end) {
      try {
        if (!query(query).isEmpty()) {
          return;
        }
      } catch (SQLException e) {
        // There is no such table yet.
      }
      Thread.sleep(20);
    }
    throw new AssertionError("no row: " + query);
  }
}
