package io.tidegate.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.tidegate.agent.Agent;
import io.tidegate.agent.Agent.RunMode;
import io.tidegate.cli.Composition;
import io.tidegate.config.Settings;
import io.tidegate.config.SettingsReader;
import io.tidegate.engine.jdbc.ConnectionHandoff;
import io.tidegate.engine.jdbc.Limits;
import io.tidegate.migration.BackupCheck;
import io.tidegate.migration.Migration;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.sql.Changelogs;
import io.tidegate.migration.sql.SqlDialect.Access;
import io.tidegate.migration.sql.SqlMigrator;
import io.tidegate.migration.sql.SqlSession;
import io.tidegate.migration.sql.SqlTargets;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.ProblemException;
import io.tidegate.replicas.SessionNames;
import io.tidegate.servers.Ports;
import io.tidegate.servers.PostgresServer;
import io.tidegate.target.Facts;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Probe;
import io.tidegate.target.Probe.ProbeMode;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.Reason;
import io.tidegate.target.Target;
import io.tidegate.target.Targets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real PgBouncer, from the operating system's packages: see {@code .ci/packaged}. Skipped where
 * there is none.
 */
class PgBouncerTest {
  private static final Path PROGRAM = Path.of("/usr/sbin/pgbouncer");

  @TempDir private Path folder;

  @Test
  void transaction_mode_is_refused_before_anything_is_changed() throws Exception {
    try (PostgresServer server = server()) {
      Process pgbouncer = start("transaction", server);
      try {
        Target target = target();
        for (int i = 0; i < 3; i++) {
          assertThatThrownBy(
                  () -> dialect().open(target, MigrationSettings.DEFAULT, Access.WRITE).close())
              .asInstanceOf(type(ProblemException.class))
              .satisfies(e -> {
                assertThat(e.exit()).isEqualTo(ExitCode.REFUSED);
                assertThat(e.getMessage()).contains("transaction mode").contains("direct URL");
              });
        }
        assertThat(number(server, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
            .isZero();

        // A look works, and leaves no setting behind for whoever is given the backend next.
        try (SqlSession look = dialect().open(target, MigrationSettings.DEFAULT, Access.READ)) {
          assertThat(look.lock().holder()).isNull();
        }
        try (Connection next = PostgresConnector.open(target, LIMITS);
            Statement statement = next.createStatement();
            ResultSet row = statement.executeQuery("SHOW transaction_read_only")) {
          row.next();
          assertThat(row.getString(1)).isEqualTo("off");
        }
      } finally {
        end(pgbouncer);
      }
    }
  }

  /** A name stays on a backend whose client is gone, and backends are fewer than clients. */
  @Test
  void sessions_behind_it_prove_nothing_of_replicas() throws Exception {
    try (PostgresServer server = server()) {
      Process pgbouncer = start("transaction", server);
      try {
        Target target = target();
        List<Probe> probes = new ArrayList<>();
        SessionNames names = new SessionNames();
        for (int i = 0; i < 3; i++) {
          names = new SessionNames();
          names.enable("shop", List.of(target));
          Probe probe =
              new PostgresEngine(new ConnectionHandoff(), names).open(target, ProbeMode.WATCH);
          probes.add(probe);
          for (int attempt = 0; attempt < 2; attempt++) {
            assertThat(probe.attempt(Duration.ofSeconds(30))).isInstanceOf(ProbeResult.Ready.class);
          }
        }
        assertThat(
                number(
                    server,
                    "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'tidegate:%'"))
            .as("names are there to be seen")
            .isPositive();
        PostgresEngine further = new PostgresEngine(new ConnectionHandoff(), names);
        assertThat(further.sessions(List.of(target)).getFirst().count()).isEmpty();
        probes.forEach(Probe::close);
      } finally {
        end(pgbouncer);
      }
    }
  }

  /** A pool whose backends are all taken is no frozen server. */
  @Test
  void session_mode_without_a_free_backend_still_answers() throws Exception {
    poolSize = 1;
    try (PostgresServer server = server()) {
      Process pgbouncer = start("session", server);
      try (SqlSession only = dialect().open(target(), MigrationSettings.DEFAULT, Access.WRITE)) {
        only.checkServer();
      } finally {
        end(pgbouncer);
      }
    }
  }

  /** What answered an attempt, and then the facts, may be another backend each time. */
  @Test
  void transaction_mode_is_refused_over_a_connection_that_was_handed_on_too() throws Exception {
    try (PostgresServer server = server();
        ConnectionHandoff handoff = new ConnectionHandoff()) {
      Process pgbouncer = start("transaction", server);
      try {
        handoff.open();
        Target target = target();
        PostgresEngine engine = new PostgresEngine(handoff);
        try (Probe probe = engine.open(target, ProbeMode.AWAIT)) {
          assertThat(probe.attempt(Duration.ofSeconds(10))).isInstanceOf(ProbeResult.Ready.class);
        }
        Facts facts = engine.facts(target, Duration.ofSeconds(10));
        assertThat(facts.get("version")).isInstanceOf(Fact.Known.class);
        assertThatThrownBy(() ->
                new PostgresDialect(handoff)
                    .open(target, MigrationSettings.DEFAULT, Access.WRITE)
                    .close())
            .asInstanceOf(type(ProblemException.class))
            .satisfies(e -> assertThat(e.getMessage()).contains("transaction mode"));
      } finally {
        end(pgbouncer);
      }
    }
  }

  /** The app's URL is the pooler's; migrations go past it. */
  @Test
  void target_behind_transaction_mode_is_migrated_at_its_direct_url() throws Exception {
    try (PostgresServer server = server()) {
      Process pgbouncer = start("transaction", server);
      try {
        Changelogs.write(folder, "changes/001.sql", "CREATE TABLE t (id int);");
        Map<String, String> environment =
            Map.of(
                "TIDEGATE_TARGETS_DB_URL",
                "postgresql://postgres:%s@127.0.0.1:%d/postgres"
                    .formatted(PostgresServer.PASSWORD, port),
                "TIDEGATE_TARGETS_DB_MIGRATION_URL",
                server.url("postgres"),
                "TIDEGATE_TARGETS_DB_CHANGELOG",
                folder.resolve("changes").toString());
        Composition parts = new Composition();
        Settings settings = new SettingsReader(parts.engines()).read(environment, Map.of(), null);
        try (Agent agent = parts.agent(settings)) {
          agent.run(RunMode.INIT);
          agent.run(RunMode.WAIT);
        }
        assertThat(number(server, "SELECT count(*) FROM t")).isZero();
        assertThat(number(server, "SELECT count(*) FROM databasechangelog")).isEqualTo(1);
      } finally {
        end(pgbouncer);
      }
    }
  }

  @Test
  void session_mode_is_as_good_as_the_server() throws Exception {
    try (PostgresServer server = server()) {
      Process pgbouncer = start("session", server);
      try (SqlSession session = dialect().open(target(), MigrationSettings.DEFAULT, Access.WRITE)) {
        assertThat(session.lock().tryAcquire()).isTrue();
      } finally {
        end(pgbouncer);
      }
    }
  }

  /** PgBouncer has words of its own, and one SQLSTATE for most of them. */
  @Test
  void login_that_the_pooler_refuses_is_told_at_once_and_alike_by_probe_and_migration()
      throws Exception {
    try (PostgresServer server = server()) {
      users = "\"app\" \"app-password\"";
      Process pgbouncer = start("session", server);
      try {
        assertRefused(login("app", "app-password", "postgres", Map.of()), null, ExitCode.DONE);
        assertRefused(
            login("app", "wrong-password", "postgres", Map.of()),
            Reason.CREDENTIALS,
            ExitCode.CREDENTIALS);
        assertRefused(
            login("nobody", "wrong-password", "postgres", Map.of()),
            Reason.CREDENTIALS,
            ExitCode.CREDENTIALS);
        assertRefused(
            login("app", "app-password", "not_there", Map.of()),
            Reason.NO_DATABASE,
            ExitCode.REFUSED);
        assertRefused(
            login("app", "app-password", "postgres", Map.of("options", "-c geqo=off")),
            Reason.UNSUITABLE,
            ExitCode.REFUSED);
      } finally {
        end(pgbouncer);
      }
    }
  }

  /** What the server behind it refuses is passed on, in the server's words or in none. */
  @Test
  void database_that_the_server_behind_does_not_have_is_told() throws Exception {
    try (PostgresServer server = server()) {
      users = "\"postgres\" \"%s\"".formatted(PostgresServer.PASSWORD);
      Process pgbouncer = start("session", server);
      try {
        assertRefused(
            login("postgres", PostgresServer.PASSWORD, "behind", Map.of()),
            Reason.NO_DATABASE,
            ExitCode.REFUSED);
      } finally {
        end(pgbouncer);
      }
    }
  }

  private Target login(
      String user, String password, String database, Map<String, String> parameters) {
    Changelogs.write(folder, "changes/001.sql", "CREATE TABLE t (id int);");
    return Targets.at("postgresql", port, database)
        .parameters(parameters)
        .as(user, password)
        .changelog(folder.resolve("changes"))
        .target();
  }

  private static void assertRefused(Target target, @Nullable Reason reason, ExitCode exit)
      throws InterruptedException {
    ProbeResult probed;
    try (Probe probe = new PostgresEngine(new ConnectionHandoff()).open(target, ProbeMode.AWAIT)) {
      probed = probe.attempt(Duration.ofSeconds(30));
    }
    Migration migration =
        new SqlMigrator(dialect(), BackupCheck.NONE).open(target, MigrationSettings.DEFAULT);
    if (reason == null) {
      assertThat(probed).isInstanceOf(ProbeResult.Ready.class);
      assertThat(migration.status().pending()).hasSize(1);
      return;
    }
    assertThat(probed)
        .isInstanceOfSatisfying(
            ProbeResult.Wrong.class,
            wrong -> assertThat(wrong.reason()).as(wrong.sentence()).isEqualTo(reason));
    assertThatThrownBy(migration::status)
        .asInstanceOf(type(ProblemException.class))
        .satisfies(e -> assertThat(e.exit()).as(e.getMessage()).isEqualTo(exit));
  }

  private static final Limits LIMITS = new Limits(Duration.ofSeconds(5), Duration.ZERO, "next");

  private int port;
  private int poolSize = 20;

  /** Who may log in to the pooler; empty: everybody, as the server's own user. */
  private String users = "";

  private static PostgresServer server() {
    boolean there = Files.isExecutable(PROGRAM);
    if (!there && Boolean.getBoolean("tidegate.packaged.required")) {
      throw new IllegalStateException(PROGRAM + " is missing");
    }
    Assumptions.assumeTrue(there, "PgBouncer is not installed: see .ci/packaged");
    return PostgresServer.started();
  }

  private static PostgresDialect dialect() {
    return new PostgresDialect(new ConnectionHandoff());
  }

  private Target target() {
    Path changelog = Changelogs.write(folder, "changes/001.sql", "CREATE TABLE t (id int);");
    return SqlTargets.server(
        "postgresql", port, "postgres", PostgresServer.USER, PostgresServer.PASSWORD, changelog);
  }

  private Process start(String mode, PostgresServer server) throws IOException {
    port = Ports.free();
    Path ini =
        Files.writeString(
            folder.resolve("pgbouncer.ini"),
            """
            [databases]
            postgres = host=127.0.0.1 port=%d user=%s password=%s
            behind = host=127.0.0.1 port=%d user=%s password=%s dbname=behind_not_there
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = %d
            unix_socket_dir =
            auth_type = %s
            auth_file = %s
            pool_mode = %s
            server_login_retry = 0.1
            default_pool_size = %d
            ignore_startup_parameters = %s
            """
                .formatted(
                    server.port(),
                    PostgresServer.USER,
                    PostgresServer.PASSWORD,
                    server.port(),
                    PostgresServer.USER,
                    PostgresServer.PASSWORD,
                    port,
                    users.isEmpty() ? "any" : "scram-sha-256",
                    Files.writeString(folder.resolve("users.txt"), users + "\n"),
                    mode,
                    poolSize,
                    users.isEmpty() ? "extra_float_digits,options" : "extra_float_digits"));
    List<String> command = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      // It refuses to run as root: then it runs in a user namespace, where it is nobody.
      command.addAll(List.of("unshare", "-U"));
    }
    command.addAll(List.of(PROGRAM.toString(), ini.toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("pgbouncer.log").toFile())
            .start();
    Awaitility.await().atMost(Duration.ofMinutes(2)).until(this::listens);
    return process;
  }

  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static void end(Process process) throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(30, TimeUnit.SECONDS);
  }

  private static int number(PostgresServer server, String sql) throws SQLException {
    try (Connection connection = server.connect("postgres");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getInt(1);
    }
  }
}
