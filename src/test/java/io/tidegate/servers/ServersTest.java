package io.tidegate.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class ServersTest {

  @Test
  void postgres_keeps_its_data_over_a_kill_and_a_start() throws SQLException {
    try (PostgresServer server = PostgresServer.started()) {
      server.createDatabase("app");
      server.execute("app", "CREATE TABLE t (id int)");
      server.kill();
      assertThat(server.running()).isFalse();
      server.start();
      try (Connection connection = server.connect("app");
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT count(*) FROM t")) {
        assertThat(rows.next()).isTrue();
      }
    }
  }

  @Test
  void mariadb_keeps_its_data_over_a_stop_and_a_start() {
    try (MariaDbServer server = MariaDbServer.started()) {
      server.createDatabase("app");
      server.stop();
      server.start();
      server.execute("app", "CREATE TABLE t (id int)");
    }
  }

  @Test
  void redis_runs() {
    try (RedisServer server = RedisServer.started()) {
      assertThat(server.running()).isTrue();
    }
  }
}
