package io.tidegate.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.engine.jdbc.ConnectionHandoff;
import io.tidegate.servers.PostgresServer;
import io.tidegate.target.Facts;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Targets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What a server that does not tell everything leaves known. */
class PostgresFactsTest {
  private static final PostgresServer SERVER = PostgresServer.started();
  private static final String PASSWORD = "password-of-the-app";

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @Test
  void three_queries_tell_all_of_them() throws InterruptedException {
    SERVER.createDatabase("counted");
    SERVER.execute("postgres", "ALTER DATABASE counted SET log_statement = 'all'");

    facts(
        Targets.at("postgresql", SERVER.port(), "counted")
            .as(PostgresServer.USER, PostgresServer.PASSWORD));

    assertThat(SERVER.log().lines().filter(line -> line.matches(".*LOG: +(execute|statement).*")))
        .hasSize(3);
  }

  @Test
  void a_query_that_is_refused_leaves_the_others_known() throws InterruptedException {
    SERVER.execute("postgres", "CREATE ROLE app LOGIN PASSWORD '" + PASSWORD + "'");
    SERVER.execute("postgres", "REVOKE SELECT ON pg_stat_archiver FROM PUBLIC");

    Facts facts = facts(Targets.at("postgresql", SERVER.port(), "postgres").as("app", PASSWORD));

    for (String name : new String[] {"archive_mode", "archived_seconds_ago", "archive_failing"}) {
      assertThat(facts.get(name))
          .isInstanceOfSatisfying(
              Fact.Unknown.class,
              unknown ->
                  assertThat(unknown.reason())
                      .contains("permission denied for view pg_stat_archiver"));
    }
    assertThat(facts.get("fsync")).isEqualTo(new Fact.Known("off"));
    assertThat(facts.get("unlogged_tables")).isEqualTo(new Fact.Known(""));
  }

  @Test
  void what_was_told_before_the_time_ran_out_stays_told()
      throws SQLException, InterruptedException {
    try (Connection connection = SERVER.connect("postgres");
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("LOCK TABLE pg_stat_archiver IN ACCESS EXCLUSIVE MODE");
      long start = System.nanoTime();

      Facts facts =
          new PostgresEngine(new ConnectionHandoff())
              .facts(
                  Targets.at("postgresql", SERVER.port(), "postgres")
                      .as(PostgresServer.USER, PostgresServer.PASSWORD)
                      .target(),
                  Duration.ofSeconds(6));

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(1));
      assertThat(facts.get("fsync")).isEqualTo(new Fact.Known("off"));
      assertThat(facts.get("archive_mode")).isInstanceOf(Fact.Unknown.class);
    }
  }

  private static Facts facts(Targets targets) throws InterruptedException {
    return new PostgresEngine(new ConnectionHandoff())
        .facts(targets.target(), Duration.ofSeconds(10));
  }
}
