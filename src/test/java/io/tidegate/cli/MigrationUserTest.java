package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidegate.agent.Agent;
import io.tidegate.agent.Agent.RunMode;
import io.tidegate.config.Settings;
import io.tidegate.config.SettingsReader;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.ProblemException;
import io.tidegate.servers.MariaDbServer;
import io.tidegate.servers.MongoWireServer;
import io.tidegate.servers.PostgresServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The app's user has few rights: another one migrates, perhaps at another address. */
class MigrationUserTest {
  private static final String MIGRATION = "TIDEGATE_TARGETS_DB_MIGRATION_";

  private final Map<String, String> environment = new HashMap<>();
  @TempDir private Path folder;

  @BeforeEach
  void changelog() throws Exception {
    Path changelog = Files.createDirectory(folder.resolve("changelog"));
    environment.put("TIDEGATE_TARGETS_DB_CHANGELOG", changelog.toString());
    environment.put("TIDEGATE_REPLICAS", "3");
    write("changelog/001.sql", "CREATE TABLE orders (id int);\n");
  }

  @Test
  void owner_migratesPostgresql_andTheAppMayOnlyRead() throws Exception {
    try (PostgresServer server = PostgresServer.started()) {
      server.execute("postgres", "CREATE ROLE app LOGIN PASSWORD 'app-password'");
      server.execute("postgres", "CREATE ROLE owner LOGIN PASSWORD 'owner-password'");
      server.execute("postgres", "CREATE DATABASE app OWNER owner");
      server.execute(
          "app", "ALTER DEFAULT PRIVILEGES FOR ROLE owner GRANT SELECT ON TABLES TO app");
      String place = "@127.0.0.1:%d/app".formatted(server.port());
      environment.put("TIDEGATE_TARGETS_DB_URL", "postgresql://app:app-password" + place);
      assertThat(refusal(RunMode.INIT).getMessage()).contains("permission denied");

      Path password = write("password", "owner-passw0rd");
      environment.put(MIGRATION + "USERNAME", "owner");
      environment.put(MIGRATION + "PASSWORD_FILE", password.toString());
      ProblemException wrong = refusal(RunMode.INIT);
      assertThat(wrong.exit()).isEqualTo(ExitCode.CREDENTIALS);
      assertThat(wrong.getMessage()).contains("\"owner\"", MIGRATION + "USERNAME");

      write("password", "owner-password");
      assertThat(findings()).doesNotContain("superuser");
      assertThat(
              rows(
                  server.connect("app"),
                  "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"))
          .containsExactly("owner");
      write("changelog/002.sql", "CREATE TABLE items (id int);\n");
      assertThat(status()).contains("1 applied, 1 pending", "127.0.0.1");
      run(RunMode.INIT);
      run(RunMode.WAIT);
      try (Connection app =
          DriverManager.getConnection(
              "jdbc:postgresql:" + place.replace("@", "//"), "app", "app-password")) {
        assertThat(rows(app, "SELECT id FROM items")).isEmpty();
      }

      environment.put(MIGRATION + "USERNAME", PostgresServer.USER);
      write("password", PostgresServer.PASSWORD);
      assertThat(status())
          .as("the history is that of the next user too")
          .contains("2 applied, 0 pending");
      run(RunMode.INIT);
    }
  }

  @Test
  void superuser_thatOnlyMigrates_isNoFindingAboutTheApp() throws Exception {
    try (PostgresServer server = PostgresServer.started()) {
      server.execute("postgres", "CREATE ROLE app LOGIN PASSWORD 'app-password'");
      server.createDatabase("app");
      environment.put("TIDEGATE_TARGETS_DB_URL", server.url("app"));
      assertThat(findings()).contains("superuser");
      environment.put(
          "TIDEGATE_TARGETS_DB_URL",
          "postgresql://app:app-password@127.0.0.1:%d/app".formatted(server.port()));
      environment.put(MIGRATION + "URL", server.url("app"));
      assertThat(findings()).doesNotContain("superuser");
    }
  }

  @Test
  void owner_migratesMariadb_andTheAppMayOnlyRead() throws Exception {
    try (MariaDbServer server = MariaDbServer.started()) {
      server.createDatabase("app");
      server.execute("", "CREATE USER app IDENTIFIED BY 'app-password'");
      server.execute("", "CREATE USER owner IDENTIFIED BY 'owner-password'");
      server.execute("", "GRANT SELECT ON app.* TO app");
      server.execute("", "GRANT ALL ON app.* TO owner");
      environment.put(
          "TIDEGATE_TARGETS_DB_URL",
          "mariadb://app:app-password@127.0.0.1:%d/app".formatted(server.port()));
      assertThat(refusal(RunMode.INIT).getMessage()).contains("denied");

      environment.put(MIGRATION + "USERNAME", "owner");
      environment.put(MIGRATION + "PASSWORD", "owner-passw0rd");
      assertThat(refusal(RunMode.INIT).exit()).isEqualTo(ExitCode.CREDENTIALS);
      environment.put(MIGRATION + "PASSWORD", "owner-password");
      run(RunMode.INIT);
      run(RunMode.WAIT);
      assertThat(rows(server.connect("app"), "SELECT count(*) FROM orders")).containsExactly("0");
    }
  }

  /** The stand-in knows no users: another address shows which connection is taken. */
  @Test
  void mongodb_isMigratedAtTheOtherUrl() throws Exception {
    Files.delete(folder.resolve("changelog/001.sql"));
    write("changelog/001.json", "{\"create\": \"orders\"}");
    try (MongoWireServer app = MongoWireServer.started();
        MongoWireServer migrated = MongoWireServer.started()) {
      environment.put("TIDEGATE_TARGETS_DB_URL", app.url("app"));
      environment.put(MIGRATION + "URL", migrated.url("app"));
      run(RunMode.INIT);
      assertThat(status())
          .contains("mongodb://127.0.0.1:%d/app".formatted(migrated.port()), "1 applied");
      environment.put("TIDEGATE_TARGETS_DB_URL", migrated.url("app"));
      environment.put(MIGRATION + "URL", app.url("app"));
      assertThat(status()).contains("0 applied, 1 pending");
    }
  }

  private Path write(String name, String text) throws Exception {
    return Files.writeString(folder.resolve(name), text);
  }

  private String status() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    assertThat(Cli.run(new String[] {"status"}, environment, stream, stream))
        .as(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(ExitCode.DONE);
    return out.toString(StandardCharsets.UTF_8);
  }

  private ProblemException refusal(RunMode mode) {
    return catchThrowableOfType(ProblemException.class, () -> run(mode));
  }

  private void run(RunMode mode) throws InterruptedException {
    try (Agent agent = agent()) {
      agent.run(mode);
    }
  }

  /** The rules that found something in a start. */
  private List<String> findings() throws InterruptedException {
    try (Agent agent = agent()) {
      agent.run(RunMode.INIT);
      return agent.snapshots().snapshot().verdict().findings().stream()
          .map(Finding::rule)
          .map(card -> card.id())
          .toList();
    }
  }

  private Agent agent() {
    Composition parts = new Composition();
    Settings settings = new SettingsReader(parts.engines()).read(environment, Map.of(), null);
    return parts.agent(settings);
  }

  private static List<String> rows(Connection connection, String query) throws SQLException {
    try (connection;
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      List<String> rows = new ArrayList<>();
      while (row.next()) {
        rows.add(row.getString(1));
      }
      return rows;
    }
  }
}
