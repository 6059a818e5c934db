package io.tidegate.engine.mysql;

import static io.tidegate.migration.sql.Changelogs.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidegate.migration.Migration;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.sql.DialectFixture;
import io.tidegate.migration.sql.SqlDialect.Fault;
import io.tidegate.migration.sql.SqlTargets;
import io.tidegate.migration.sql.TestDatabases;
import io.tidegate.problem.ExitCode;
import io.tidegate.servers.MariaDbServer;
import io.tidegate.servers.StandInServer;
import io.tidegate.target.Target;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A changeset's own fault is 65, a lost connection 69, a failed login is one. */
class MySqlFaultsTest extends DialectFixture {
  private static final MariaDbServer SERVER = new MariaDbServer().with("--max-allowed-packet=1M");

  @RegisterExtension static final MySqlDatabases DATABASES = new MySqlDatabases(SERVER);

  @Override
  protected TestDatabases databases() {
    return DATABASES;
  }

  @BeforeAll
  static void start() {
    SERVER.execute("", "CREATE USER app@'%' IDENTIFIED BY 'app-password'");
    SERVER.execute("", "GRANT ALL ON `t%`.* TO app@'%'");
  }

  @Override
  protected Target target(String name, Path changelog) {
    return SqlTargets.server("mysql", SERVER.port(), name, "app", "app-password", changelog);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "USE not_there;",
        "USE mysql;",
        "CREATE TABLE not_there.t (id int);",
        "CREATE DATABASE mine;",
        "SELECT 1 INTO OUTFILE '/tmp/none';",
        "SIGNAL SQLSTATE '08000' SET MESSAGE_TEXT = 'of mine';",
        "SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 1220, MESSAGE_TEXT = 'of mine';",
        "SIGNAL SQLSTATE '08S01' SET MESSAGE_TEXT = 'of mine';",
        "SIGNAL SQLSTATE '28000' SET MESSAGE_TEXT = 'of mine';",
        "KILL QUERY CONNECTION_ID();",
        "CREATE TABLE t (id int); CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW FOLLOWS f SET @a = 1;",
        "SIGNAL SQLSTATE '08006' SET MESSAGE_TEXT = 'of mine', MYSQL_ERRNO = 4031;",
        "SIGNAL SQLSTATE 'HY000' SET MESSAGE_TEXT = 'of mine', MYSQL_ERRNO = 4031;",
        "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'of mine', MYSQL_ERRNO = 1053;",
      })
  void statement_that_the_server_refuses_is_its_changesets_fault(String sql) {
    write(folder, "001.sql", sql);
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder))).contains("changeset 001.sql");
  }

  @Test
  void statement_that_is_larger_than_a_packet_is_its_changesets_fault() {
    write(
        folder,
        "001.sql",
        "CREATE TABLE t (v longtext);\nINSERT INTO t VALUES ('" + "x".repeat(2 << 20) + "');\n");
    assertThat(problem(ExitCode.CHANGELOG, () -> migrate(folder)))
        .contains("INSERT INTO t VALUES...", "max_allowed_packet of 1048576");
  }

  /** Of two threads that use it the other one may have met the failure. */
  @Test
  void connection_that_the_driver_gave_up_is_lost() throws SQLException {
    try (Connection connection = connect(database());
        Statement statement = connection.createStatement()) {
      assertThat(MySqlFaults.ofSession(failure(() -> statement.execute("KILL CONNECTION_ID()"))))
          .isEqualTo(Fault.LOST);
      SQLException closed = failure(() -> connection.prepareStatement("SELECT 1").execute());
      assertThat(MySqlFaults.ofSession(closed)).as(closed.toString()).isEqualTo(Fault.LOST);
      connection.abort(Runnable::run);
      assertThat(MySqlFaults.ofSession(failure(() -> connection.createStatement().execute("DO 1"))))
          .isEqualTo(Fault.LOST);
    }
  }

  private static SQLException failure(ThrowingCallable call) {
    return catchThrowableOfType(SQLException.class, call);
  }

  @Test
  void session_that_is_ended_is_a_lost_connection() {
    write(folder, "001.sql", "KILL CONNECTION_ID();");
    assertThat(problem(ExitCode.NOT_READY, () -> migrate(folder)))
        .contains("the connection failed while changeset 001.sql");
  }

  @Test
  void what_is_no_mysql_is_not_ready_whatever_it_sends() {
    write(folder, "001.sql", "SELECT 1;");
    for (byte[] greeting :
        List.of(new byte[64], new byte[] {1, 0, 0, 0, 0}, new byte[] {5, 0, 0, 0, 9})) {
      try (StandInServer other = StandInServer.greeting(greeting)) {
        Target target =
            SqlTargets.server("mysql", other.port(), "t", "app", "app-password", folder);
        Migration migration = migration(target, MigrationSettings.DEFAULT);
        for (ThrowingCallable command :
            List.<ThrowingCallable>of(
                migration::status,
                migration::plan,
                () -> migration.migrate(MigrationListener.NONE))) {
          assertThat(problem(ExitCode.NOT_READY, command)).doesNotContain("Exception");
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "app, wrong, t, CREDENTIALS, refuses the credentials",
    "nobody, wrong, t, CREDENTIALS, refuses the credentials",
    "root, '', not_there, REFUSED, has no such database",
    "app, app-password, mysql, CREDENTIALS, has no right on the database"
  })
  void login_that_is_refused_is_told_as_a_probe_tells_it(
      String user, String password, String name, ExitCode exit, String sentence) {
    write(folder, "001.sql", "SELECT 1;");
    Target target =
        SqlTargets.server(
            "mariadb", SERVER.port(), name.equals("t") ? database() : name, user, password, folder);
    MigrationSettings settings = MigrationSettings.DEFAULT;
    assertThat(problem(exit, () -> migration(target, settings).status())).contains(sentence);
    assertThat(problem(exit, () -> migration(target, settings).plan())).contains(sentence);
  }
}
