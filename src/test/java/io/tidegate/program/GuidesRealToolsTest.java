package io.tidegate.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.servers.PostgresServer;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The commands of docs/keep-your-migrations.md, as they stand there, with the real tools on a PostgreSQL
 * of the test: see {@code .ci/tools}, which builds them. Skipped where there are none.
 */
class GuidesRealToolsTest {
  private static final Path TOOLS = Path.of(System.getProperty("tidegate.tools", "none"));
  private static final Path PAGE = Path.of("docs/keep-your-migrations.md");
  private static final String NEXT_RELEASE = "# next release";
  private static final PostgresServer SERVER = new PostgresServer();

  @TempDir Path folder;

  /** A guide: the title of its section, and the forms of a migration's file and its name. */
  enum Guide {
    GOLANG_MIGRATE("golang-migrate", "%03d_step.up.sql", "%s"),
    DBMATE("dbmate", "%03d_step.sql", "-- migrate:up\n%s\n-- migrate:down\n%s\n"),
    GOOSE("goose", "%03d_step.sql", "-- +goose Up\n%s\n-- +goose Down\n%s\n"),
    SQL_MIGRATE("sql-migrate", "%03d_step.sql", "-- +migrate Up\n%s\n-- +migrate Down\n%s\n"),
    FLYWAY("Flyway", "V%03d__step.sql", "%s");

    private final String title;
    private final String name;
    private final String form;

    Guide(String title, String name, String form) {
      this.title = title;
      this.name = name;
      this.form = form;
    }

    void step(Path folder, int number) throws IOException {
      String up = "CREATE TABLE step_%d (n int);".formatted(number);
      String down = "DROP TABLE step_%d;".formatted(number);
      String file = name.formatted(number);
      Files.writeString(folder.resolve(file), form.formatted(up, down));
      if (this == GOLANG_MIGRATE) {
        Files.writeString(folder.resolve(file.replace(".up.", ".down.")), down);
      }
    }
  }

  /** A block of the page: what stands behind its opening, and its text. */
  private record Block(String kind, String text) {}

  @BeforeAll
  static void start() {
    Assumptions.assumeTrue(Files.isDirectory(TOOLS), "the migration tools are not built");
    SERVER.start();
  }

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  private static List<Block> blocks(String title, String mark) throws IOException {
    String section =
        Pattern.compile("(?ms)^" + mark + title + "$(.*?)(?=^## |\\z)")
            .matcher(Files.readString(PAGE))
            .results()
            .map(match -> match.group(1))
            .findFirst()
            .orElseThrow();
    return Pattern.compile("(?ms)^```(\\S+(?: \\S+)?)\\n(.*?)^```$")
        .matcher(section)
        .results()
        .map((MatchResult match) -> new Block(match.group(1), match.group(2)))
        .toList();
  }

  @Test
  void service_for_compose_is_accepted_by_check() throws Exception {
    String service = blocks("Keep your migrations", "# ").getFirst().text();
    Files.writeString(
        folder.resolve("compose.yaml"),
        service + "secrets:\n  db-password:\n    file: ./db-password\n");
    assertThat(run("tidegate check compose.yaml")).contains("0 errors, 0 warnings");
  }

  private String here(String text) {
    return text.replace("db:5432", "127.0.0.1:" + SERVER.port());
  }

  @ParameterizedTest
  @EnumSource
  void commands_of_a_guide_do_what_it_says(Guide guide) throws Exception {
    Assumptions.assumeTrue(
        guide != Guide.FLYWAY || Files.isDirectory(TOOLS.resolve("flyway-command")),
        "there is no command of Flyway's");
    createDatabase();
    follow(guide.title, guide, new int[][] {{1, 2, 3}, {4, 5}, {6}});
  }

  @Test
  void commands_of_adopting_do_what_it_says() throws Exception {
    createDatabase();
    for (int number = 1; number <= 3; number++) {
      SERVER.execute("app", "CREATE TABLE step_%d (n int)".formatted(number));
    }
    follow("A database made by hand or from a dump", Guide.GOOSE, new int[][] {{1, 2, 3}});
  }

  private static void createDatabase() {
    SERVER.execute("postgres", "DROP DATABASE IF EXISTS app");
    SERVER.execute("postgres", "DROP ROLE IF EXISTS app");
    SERVER.execute("postgres", "CREATE ROLE app LOGIN PASSWORD 'secret'");
    SERVER.execute("postgres", "CREATE DATABASE app OWNER app");
  }

  /** Runs the commands of a section; before each block the next release brings its files. */
  private void follow(String title, Guide guide, int[][] releases) throws Exception {
    Files.createDirectory(folder.resolve("migrations"));
    List<List<String>> expected = new ArrayList<>();
    StringBuilder script = new StringBuilder("set -euo pipefail\n");
    for (Block block : blocks(title, "## ")) {
      switch (block.kind()) {
        case "sh" -> {
          Path release = Files.createDirectory(folder.resolve("release-" + expected.size()));
          for (int number : releases[expected.size()]) {
            guide.step(release, number);
          }
          script
              .append("echo '%s'\ncp %s/* migrations/\n".formatted(NEXT_RELEASE, release))
              .append(here(block.text()));
          expected.add(List.of());
        }
        case "text" ->
            expected.set(expected.size() - 1, here(block.text().strip()).lines().toList());
        default ->
            Files.writeString(folder.resolve(block.kind().replaceFirst(".* ", "")), block.text());
      }
    }
    assertThat(expected).hasSize(releases.length);
    String[] printed = run(script.toString()).split(NEXT_RELEASE + "\n", -1);
    for (int i = 0; i < expected.size(); i++) {
      if (i > 0
          || expected.size() == 1) { // The first block only prepares, but where it is the only one.
        assertThat(printed[i + 1]).containsSubsequence(expected.get(i));
      }
    }
  }

  /** Runs it where the tools and {@code tidegate} are commands; it has to succeed. */
  private String run(String script) throws Exception {
    Path commands = Files.createDirectory(folder.resolve("commands"));
    Path java = Path.of(System.getProperty("java.home"), "bin");
    Path tidegate = commands.resolve("tidegate");
    Files.writeString(
        tidegate,
        "#!/bin/sh\nexec %s/java -cp '%s' io.tidegate.Tidegate \"$@\"\n"
            .formatted(java, System.getProperty("java.class.path")));
    assertThat(tidegate.toFile().setExecutable(true)).isTrue();
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", script)
            .directory(folder.toFile())
            .redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("HOME", folder.toString());
    builder.environment().put("REDGATE_DISABLE_TELEMETRY", "true");
    builder
        .environment()
        .put(
            "PATH",
            String.join(
                File.pathSeparator,
                List.of(
                    commands.toString(),
                    TOOLS.toString(),
                    TOOLS.resolve("flyway-command").toString(),
                    java.toString(),
                    System.getenv("PATH"))));
    Process process = builder.start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(printed).isZero();
    return printed;
  }
}
