package io.tidegate.engine.mysql;

import static io.tidegate.migration.sql.Changelogs.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.engine.Target;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationOutcome;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.sql.DialectSuite;
import io.tidegate.migration.sql.SqlDialect;
import io.tidegate.migration.sql.SqlTargets;
import io.tidegate.servers.MariaDbServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MySqlDialectTest extends DialectSuite {
  private static final MariaDbServer SERVER = new MariaDbServer();

  @BeforeAll
  static void start() {
    SERVER.start();
  }

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @Override
  protected SqlDialect dialect() {
    return new MySqlDialect(new MySqlConnector());
  }

  @Override
  protected void create(String name) {
    SERVER.createDatabase(name);
  }

  @Override
  protected Target target(String name, Path changelog) {
    return SqlTargets.server("mariadb", SERVER.port(), name, "root", "", changelog);
  }

  @Override
  protected Connection connect(String name) throws SQLException {
    return SERVER.connect(name);
  }

  @Override
  protected String tablesQuery() {
    return "SELECT concat(table_name, '.', column_name) FROM information_schema.columns"
        + " WHERE table_schema = database() ORDER BY 1";
  }

  @Override
  protected String holderName() {
    return "(root from 127.0.0.1:";
  }

  @Override
  protected String quote() {
    return "`";
  }

  @Test
  void routines_need_no_delimiter() throws Exception {
    write(
        folder,
        "001.sql",
        """
        CREATE TABLE t (id int, note varchar(20)); # not; here
        CREATE PROCEDURE p(IN n int)
        BEGIN
          DECLARE i int DEFAULT 0;
          WHILE i < n DO
            IF i = 0 THEN INSERT INTO t VALUES (i, 'a;b'); ELSE INSERT INTO t VALUES (i, IF(i > 1, 'it\\'s', CASE i WHEN 1 THEN 'x' END)); END IF;
            SET i = i + 1;
          END WHILE;
        END;
        CALL p(3);
        CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.note = 'g';
        INSERT INTO t VALUES (9, '');
        """);
    assertThat(migrate(folder).applied()).isEqualTo(1);
    assertThat(query("SELECT note FROM t ORDER BY id")).containsExactly("a;b", "x", "it's", "g");
  }

  @Test
  void statement_that_meets_a_locked_table_is_tried_again_alone() throws Exception {
    execute("CREATE TABLE t (id int)");
    write(
        folder,
        "001.sql",
        "INSERT INTO t VALUES (1); ALTER TABLE t ADD COLUMN a int; INSERT INTO t VALUES (2, 2);");
    MigrationSettings hasty =
        new MigrationSettings(
            Duration.ofSeconds(60), Duration.ofSeconds(1), null, Duration.ofSeconds(5));
    try (Connection reader = connect(database());
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.executeQuery("SELECT * FROM t").close();
      CompletableFuture<MigrationOutcome> migration =
          CompletableFuture.supplyAsync(() -> {
            try {
              return migration(target(database(), folder), hasty).migrate(MigrationListener.NONE);
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          });
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .pollDelay(Duration.ofMillis(1500))
          .until(() -> true);
      assertThat(migration).isNotDone();
      reader.rollback();
      MigrationOutcome outcome = migration.get(60, TimeUnit.SECONDS);
      assertThat(outcome.retries()).isPositive();
    }
    assertThat(query("SELECT id FROM t ORDER BY id")).containsExactly("1", "2");
  }
}
