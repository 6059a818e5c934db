package io.tidegate.engine.postgres;

import static io.tidegate.migration.sql.Changelogs.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.engine.jdbc.ConnectionHandoff;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.sql.DialectFixture;
import io.tidegate.migration.sql.SqlTargets;
import io.tidegate.migration.sql.TestDatabases;
import io.tidegate.problem.ExitCode;
import io.tidegate.servers.PostgresServer;
import io.tidegate.target.Probe;
import io.tidegate.target.Probe.ProbeMode;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.Reason;
import io.tidegate.target.Target;
import io.tidegate.target.Targets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A changeset's own fault is 65, a lost connection 69, a failed login is one. */
class PostgresFaultsTest extends DialectFixture {
  private static final PostgresServer SERVER = new PostgresServer();

  @RegisterExtension static final PostgresDatabases DATABASES = new PostgresDatabases(SERVER);

  @Override
  protected TestDatabases databases() {
    return DATABASES;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "08000", "08006", "08001", "08004", "57P01", "57P03", "28000", "28P01", "3D000", "53300",
        "25P03", "P0001", "XX000"
      })
  void state_that_a_changeset_raises_is_its_own_fault(String state) {
    write(
        folder,
        "001.sql",
        "DO $$ BEGIN RAISE EXCEPTION 'of mine' USING ERRCODE = '%s'; END $$;".formatted(state));
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder)))
        .contains("changeset 001.sql", "of mine");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-- tidegate: no-transaction\nDROP DATABASE not_there;",
        "ALTER DATABASE not_there SET work_mem = '1MB';",
        "SET ROLE not_there;",
        "SELECT pg_cancel_backend(pg_backend_pid()), pg_sleep(20);",
        "SET statement_timeout = 10; SELECT pg_sleep(20);",
        "COPY (SELECT 1) TO '/not/there';",
      })
  void statement_that_the_server_refuses_is_its_changesets_fault(String sql) {
    write(folder, "001.sql", sql);
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder))).contains("changeset 001.sql");
  }

  @Test
  void session_that_is_ended_is_a_lost_connection() {
    write(folder, "001.sql", "SELECT pg_terminate_backend(pg_backend_pid());");
    assertThat(problem(ExitCode.NOT_READY, () -> migrate(folder)))
        .contains("the connection failed while changeset 001.sql");
  }

  /** They were asked for again until the deadline, as of a server that is away. */
  @ParameterizedTest
  @CsvSource({
    "options, -c work_mem=much, invalid value for parameter",
    "options, -c not_there=1, unrecognized configuration parameter",
    "gssEncMode, bogus, bogus"
  })
  void parameter_that_is_not_taken_is_the_urls_fault(String name, String value, String words)
      throws Exception {
    Target target =
        Targets.at("postgresql", SERVER.port(), database())
            .as(PostgresServer.USER, PostgresServer.PASSWORD)
            .parameters(Map.of(name, value))
            .target();
    try (Probe probe = new PostgresEngine(new ConnectionHandoff()).open(target, ProbeMode.AWAIT)) {
      ProbeResult.Wrong wrong = (ProbeResult.Wrong) probe.attempt(Duration.ofMinutes(1));
      assertThat(wrong.reason()).isEqualTo(Reason.UNSUITABLE);
      assertThat(wrong.sentence()).contains(words);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "postgres, wrong-password, '', CREDENTIALS, CREDENTIALS",
    "nobody, wrong-password, '', CREDENTIALS, CREDENTIALS",
    "'', '', not_there, REFUSED, NO_DATABASE"
  })
  void login_that_is_refused_is_told_as_a_probe_tells_it(
      String user, String password, String database, ExitCode exit, Reason reason)
      throws Exception {
    write(folder, "001.sql", "SELECT 1;");
    Target target =
        SqlTargets.server(
            "postgresql",
            SERVER.port(),
            database.isEmpty() ? database() : database,
            user.isEmpty() ? PostgresServer.USER : user,
            user.isEmpty() ? PostgresServer.PASSWORD : password,
            folder);
    ProbeResult.Wrong probed;
    try (Probe probe = new PostgresEngine(new ConnectionHandoff()).open(target, ProbeMode.AWAIT)) {
      probed = (ProbeResult.Wrong) probe.attempt(Duration.ofMinutes(1));
    }
    assertThat(probed.reason()).isEqualTo(reason);
    MigrationSettings settings = MigrationSettings.DEFAULT;
    assertThat(problem(exit, () -> migration(target, settings).status()))
        .contains(probed.sentence(), reason.remedy());
    assertThat(problem(exit, () -> migration(target, settings).plan())).contains(probed.sentence());
  }
}
