package io.tidegate.engine.mysql;

import static io.tidegate.migration.sql.Changelogs.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.sql.DialectFixture;
import io.tidegate.migration.sql.SqlTargets;
import io.tidegate.migration.sql.TestDatabases;
import io.tidegate.problem.ExitCode;
import io.tidegate.servers.MariaDbServer;
import io.tidegate.target.Target;
import java.sql.Connection;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code statement-timeout} is obeyed or refused, never ignored. */
class StatementTimeoutTest extends DialectFixture {
  private static final MariaDbServer MARIADB = new MariaDbServer();

  @RegisterExtension static final MySqlDatabases DATABASES = new MySqlDatabases(MARIADB);

  /** MariaDB under the version of a MySQL: what Tidegate goes by. */
  private static final MariaDbServer MYSQL = new MariaDbServer().with("--version=8.4.3");

  private static final MigrationSettings LIMITED =
      new MigrationSettings(
          MigrationSettings.DEFAULT.migrationLockWait(),
          MigrationSettings.DEFAULT.tableLockTimeout(),
          Duration.ofMillis(500),
          MigrationSettings.DEFAULT.stopGrace());

  @BeforeAll
  static void start() {
    MYSQL.start();
  }

  @AfterAll
  static void stop() {
    MYSQL.close();
  }

  @Override
  protected TestDatabases databases() {
    return DATABASES;
  }

  @Override
  protected void create(String name) {
    super.create(name);
    MYSQL.createDatabase(name);
  }

  @Test
  void statement_thatTakesLonger_isEndedByMariaDb() throws Exception {
    write(folder, "001.sql", "CREATE TABLE t (id int);\nINSERT INTO t SELECT SLEEP(120);\n");
    assertThat(
            problem(
                ExitCode.CHANGELOG,
                () ->
                    migration(target(database(), folder), LIMITED).migrate(MigrationListener.NONE)))
        .contains("001.sql", "max_statement_time");
  }

  @Test
  void limit_thatMySqlDoesNotHave_isRefusedBeforeAnythingIsChanged() throws Exception {
    write(folder, "001.sql", "CREATE TABLE t (id int);\n");
    Target mysql = SqlTargets.server("mysql", MYSQL.port(), database(), "root", "", folder);
    assertThat(
            problem(
                ExitCode.REFUSED, () -> migration(mysql, LIMITED).migrate(MigrationListener.NONE)))
        .contains("statement-timeout", "MySQL");
    assertThat(migration(mysql, LIMITED).status().pending()).hasSize(1);
    try (Connection connection = MYSQL.connect(database());
        var tables = connection.getMetaData().getTables(database(), null, "%", null)) {
      assertThat(tables.next()).as("something was made").isFalse();
    }
  }
}
