package io.tidegate.engine.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.engine.jdbc.ConnectionHandoff;
import io.tidegate.engine.jdbc.SessionsContract;
import io.tidegate.replicas.ReplicaSource;
import io.tidegate.replicas.SessionNames;
import io.tidegate.servers.MariaDbServer;
import io.tidegate.target.Engine;
import io.tidegate.target.Probe;
import io.tidegate.target.Target;
import io.tidegate.target.Targets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Agents of Tidegate in performance_schema, which MariaDB has only where it is turned on. */
class MySqlSessionsTest extends SessionsContract {
  private static final String PASSWORD = "a-password-of-another";
  private static MariaDbServer server;

  @BeforeAll
  static void start() {
    server = new MariaDbServer().with("--performance-schema=ON");
    server.start();
    for (String user : List.of("app", "another")) {
      server.execute("", "CREATE USER '%s'@'%%' IDENTIFIED BY '%s'".formatted(user, PASSWORD));
      server.execute("", "GRANT SELECT ON mysql.db TO '%s'@'%%'".formatted(user));
    }
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void a_server_without_performance_schema_tells_nothing() throws InterruptedException {
    try (MariaDbServer without = MariaDbServer.started()) {
      Target target =
          Targets.at("mariadb", without.port(), "mysql").as("root", (String) null).target();
      try (Probe _ = watching(names("off", target), target);
          Probe _ = watching(names("off", target), target)) {
        assertThat(count(names("off", target), target)).isEmpty();
      }
    }
  }

  @Override
  protected Engine engine(SessionNames names) {
    return new MySqlEngine(new ConnectionHandoff(), names);
  }

  @Override
  protected ReplicaSource source(SessionNames names, Target target) {
    return new MySqlEngine(new ConnectionHandoff(), names).sessions(List.of(target)).getFirst();
  }

  @Override
  protected Target target() {
    return at("app");
  }

  @Override
  protected Target another() {
    return at("another");
  }

  @Override
  protected String list() {
    return "performance_schema";
  }

  private static Target at(String user) {
    return Targets.at("mariadb", server.port(), "mysql").as(user, PASSWORD).target();
  }
}
