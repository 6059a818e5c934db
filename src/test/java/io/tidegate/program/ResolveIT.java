package io.tidegate.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidegate.agent.Agent;
import io.tidegate.agent.Agent.RunMode;
import io.tidegate.cli.Composition;
import io.tidegate.config.Settings;
import io.tidegate.config.Settings.HttpSettings;
import io.tidegate.config.SettingsReader;
import io.tidegate.migration.sql.Changelogs;
import io.tidegate.migration.sql.Contender;
import io.tidegate.migration.sql.Sessions;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.ProblemException;
import io.tidegate.servers.MariaDbServer;
import io.tidegate.web.HttpServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A migration of MariaDB is killed within a change of the schema, and a person settles it. */
class ResolveIT {
  private static final MariaDbServer SERVER = new MariaDbServer();
  private static final int CHANGELOG_INVALID = 65;
  private static final int USAGE = 64;

  @TempDir private Path changelog;
  private String database = "";

  @BeforeAll
  static void start() {
    SERVER.start();
  }

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @BeforeEach
  void changelog() {
    Changelogs.write(changelog, "001.sql", "CREATE TABLE a (id int);");
    Changelogs.write(changelog, "002.sql", "CREATE TABLE b AS SELECT sleep(3) AS slept;");
    Changelogs.write(changelog, "003.sql", "INSERT INTO b VALUES (7);");
  }

  /** The server goes on with what a killed client asked for, so the table is there in the end. */
  @Test
  void changeset_that_took_effect_is_taken_as_applied() throws Exception {
    kill("applied", false);
    assertThat(count("SHOW TABLES LIKE 'b'")).isEqualTo(1);
    refusesToGoOn();
    expect(USAGE, "002.sql", "resolve", "db", "001.sql", "--applied", "--reason", "looked");
    expect(
        0,
        "002.sql is taken as applied",
        "resolve",
        "db",
        "002.sql",
        "--applied",
        "--reason",
        "b is there");
    expect(0, "1 applied now, 2 before", "init");
    assertThat(count("SELECT * FROM b")).isEqualTo(2);
  }

  @Test
  void changeset_that_took_no_effect_is_run_again() throws Exception {
    kill("not_applied", true);
    assertThat(count("SHOW TABLES LIKE 'b'")).isZero();
    refusesToGoOn();
    expect(
        0,
        "002.sql is taken as not applied; it will be run",
        "resolve",
        "db",
        "002.sql",
        "--not-applied",
        "--reason",
        "there is no b");
    expect(0, "2 applied now, 1 before", "init");
    assertThat(count("SELECT * FROM b")).isEqualTo(2);
  }

  /** The program ends with the failure, and its endpoints with it: here they are asked in between. */
  @Test
  void interrupted_changeset_stands_in_status_and_metrics() throws Exception {
    kill("shown", true);
    HttpSettings http = new HttpSettings("127.0.0.1", 0);
    Composition parts = new Composition();
    Settings settings = new SettingsReader(parts.engines()).read(environment(), Map.of(), null);
    try (Agent agent = parts.agent(settings)) {
      try (HttpServer server = HttpServer.start(agent.snapshots(), http)) {
        ProblemException failure =
            catchThrowableOfType(ProblemException.class, () -> agent.run(RunMode.RUN));
        assertThat(failure.exit()).isEqualTo(ExitCode.CHANGELOG);
        Endpoints endpoints = new Endpoints(server.port());
        assertThat(endpoints.body("/status"))
            .contains("\"phase\":\"failed\"", "\"interrupted\":[\"002.sql\"]");
        assertThat(endpoints.body("/metrics"))
            .contains("tidegate_migration_interrupted_changesets{target=\"db\"} 1.0")
            .contains("tidegate_migration_phase{phase=\"failed\",target=\"db\"} 1.0");
        assertThat(endpoints.code("/ready")).isEqualTo(503);
      }
    }
  }

  /** Kills a migration within its second changeset, and the statement too if asked to. */
  private void kill(String name, boolean statementToo) throws SQLException {
    database = name;
    SERVER.createDatabase(name);
    try (Sessions sessions = Sessions.mariaDb(SERVER.connect(name));
        TidegateProcess process = Contender.start(SERVER.url(name), changelog)) {
      long session = sessions.awaitWorkOfAnother(0);
      process.kill();
      if (statementToo) {
        SERVER.execute("", "KILL " + session);
      }
      sessions.awaitEnd(session);
    }
  }

  private void refusesToGoOn() {
    for (int run = 1; run <= 2; run++) {
      expect(CHANGELOG_INVALID, "tidegate resolve db '002.sql' --applied", "init");
    }
    expect(CHANGELOG_INVALID, "db: 002.sql was interrupted earlier, by host ", "init");
    expect(0, "interrupted 002.sql", "status");
  }

  private void expect(int exit, String text, String... args) {
    try (TidegateProcess process = TidegateProcess.start(environment(), args)) {
      assertThat(process.exitCode()).as(process.output()).isEqualTo(exit);
      assertThat(process.output()).contains(text);
    }
  }

  private Map<String, String> environment() {
    return Contender.environment(SERVER.url(database), changelog);
  }

  private int count(String query) throws SQLException {
    try (Connection connection = SERVER.connect(database);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      int rows = 0;
      while (row.next()) {
        rows++;
      }
      return rows;
    }
  }
}
