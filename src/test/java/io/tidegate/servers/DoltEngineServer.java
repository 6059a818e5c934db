package io.tidegate.servers;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Dolt's SQL engine, go-mysql-server, with its tables in memory: a server of MySQL's protocol that is
 * neither MySQL nor MariaDB. Its user {@code root} has no password; a stop loses its databases.
 */
public final class DoltEngineServer extends ServerProcess {
  private final String program;

  /**
   * One that does not run yet.
   *
   * @param program built by {@code .ci/dolt-engine}
   */
  public DoltEngineServer(String program) {
    super("dolt-engine");
    this.program = program;
  }

  /** A URL for one database as root. */
  public String url(String database) {
    return "mysql://root@127.0.0.1:%d/%s".formatted(port(), database);
  }

  /** A connection as root; the caller closes it. */
  public Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:mariadb://127.0.0.1:%d/%s?connectTimeout=2000&socketTimeout=60000"
            .formatted(port(), database),
        "root",
        "");
  }

  /** Runs one statement as root. */
  public void execute(String database, String sql) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  @Override
  List<String> command() {
    return List.of(program, "127.0.0.1:" + port());
  }

  @Override
  boolean answers() {
    try (Connection connection = connect("");
        Statement statement = connection.createStatement()) {
      return statement.execute("SELECT 1");
    } catch (SQLException e) {
      return false;
    }
  }
}
