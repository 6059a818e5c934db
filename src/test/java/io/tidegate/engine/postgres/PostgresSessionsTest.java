package io.tidegate.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.engine.jdbc.ConnectionHandoff;
import io.tidegate.engine.jdbc.SessionsContract;
import io.tidegate.replicas.ReplicaCount;
import io.tidegate.replicas.ReplicaSource;
import io.tidegate.replicas.SessionNames;
import io.tidegate.servers.PostgresServer;
import io.tidegate.target.Engine;
import io.tidegate.target.Probe;
import io.tidegate.target.Target;
import io.tidegate.target.Targets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Agents of Tidegate in pg_stat_activity. */
class PostgresSessionsTest extends SessionsContract {
  private static final String PASSWORD = "a-password-of-another";
  private static PostgresServer server;

  @BeforeAll
  static void start() {
    server = PostgresServer.started();
    server.execute("postgres", "CREATE ROLE another LOGIN PASSWORD '" + PASSWORD + "'");
    server.execute("postgres", "CREATE ROLE sees LOGIN PASSWORD '" + PASSWORD + "'");
    server.execute("postgres", "GRANT pg_read_all_stats TO sees");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void a_user_that_reads_all_statistics_counts_the_sessions_of_others()
      throws InterruptedException {
    Target target = target();
    Target sees = at("sees", PASSWORD);
    try (Probe _ = watching(names("statistics", target), target);
        Probe _ = watching(names("statistics", target), target)) {
      assertThat(count(names("statistics", sees), sees)).map(ReplicaCount::number).contains(2);
    }
  }

  @Override
  protected Engine engine(SessionNames names) {
    return new PostgresEngine(new ConnectionHandoff(), names);
  }

  @Override
  protected ReplicaSource source(SessionNames names, Target target) {
    return new PostgresEngine(new ConnectionHandoff(), names).sessions(List.of(target)).getFirst();
  }

  @Override
  protected Target target() {
    return at(PostgresServer.USER, PostgresServer.PASSWORD);
  }

  @Override
  protected Target another() {
    return at("another", PASSWORD);
  }

  @Override
  protected String list() {
    return "pg_stat_activity";
  }

  private static Target at(String user, String password) {
    return Targets.at("postgresql", server.port(), "postgres").as(user, password).target();
  }
}
