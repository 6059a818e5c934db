package io.tidegate.engine.postgres;

import static io.tidegate.migration.sql.Changelogs.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.engine.Target;
import io.tidegate.migration.sql.DialectSuite;
import io.tidegate.migration.sql.SqlDialect;
import io.tidegate.migration.sql.SqlTargets;
import io.tidegate.servers.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgresDialectTest extends DialectSuite {
  private static final PostgresServer SERVER = new PostgresServer();

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
    return new PostgresDialect(new PostgresConnector());
  }

  @Override
  protected void create(String name) {
    SERVER.createDatabase(name);
  }

  @Override
  protected Target target(String name, Path changelog) {
    return SqlTargets.server(
        "postgresql", SERVER.port(), name, PostgresServer.USER, PostgresServer.PASSWORD, changelog);
  }

  @Override
  protected Connection connect(String name) throws SQLException {
    return SERVER.connect(name);
  }

  @Override
  protected String tablesQuery() {
    return "SELECT table_name || '.' || column_name FROM information_schema.columns"
        + " WHERE table_schema = 'public' ORDER BY 1";
  }

  @Test
  void function_bodies_and_concurrent_indexes_work() throws Exception {
    write(
        folder,
        "001.sql",
        """
        CREATE TABLE t (id int, note text);
        CREATE FUNCTION f() RETURNS trigger AS $body$
        BEGIN
          NEW.note := 'a;b'; -- ; here
          RETURN NEW;
        END;
        $body$ LANGUAGE plpgsql;
        CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
        DO $$ BEGIN INSERT INTO t VALUES (1, ''); END; $$;
        """);
    write(
        folder,
        "002.sql",
        "-- tidegate: no-transaction\nCREATE INDEX CONCURRENTLY i ON t (id);\nCREATE INDEX CONCURRENTLY j ON t (note);\n");
    assertThat(migrate(folder).applied()).isEqualTo(2);
    assertThat(query("SELECT note FROM t")).containsExactly("a;b");
    assertThat(query("SELECT count(*) FROM pg_index WHERE indrelid = 't'::regclass AND indisvalid"))
        .containsExactly("2");
  }
}
