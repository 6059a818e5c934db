package io.tidegate.migration.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class WarmUpConnectionTest {
  private final WarmUpConnection deaf = new WarmUpConnection();

  @Test
  void statements_succeed_and_queries_find_nothing() throws SQLException {
    try (Statement statement = deaf.connection().createStatement()) {
      assertThat(statement.execute("DROP TABLE users")).isFalse();
      try (ResultSet rows = statement.executeQuery("SELECT id FROM users")) {
        assertThat(rows.next()).isFalse();
      }
      try (ResultSet rows = statement.executeQuery("SELECT MAX(id) FROM users")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getInt(1)).isZero();
        assertThat(rows.next()).isFalse();
      }
    }
  }

  @Test
  void whoever_asks_for_ever_is_refused_in_the_end() throws SQLException {
    try (Statement statement = deaf.connection().createStatement()) {
      assertThatThrownBy(
              () -> {
                while (true) {
                  statement.getMoreResults();
                }
              })
          .isInstanceOf(SQLException.class);
    }
  }

  @Test
  void everything_fails_once_it_is_closed() throws SQLException {
    try (Statement statement = deaf.connection().createStatement()) {
      deaf.close();
      assertThatThrownBy(() -> statement.execute("SELECT 1")).isInstanceOf(SQLException.class);
    }
  }
}
