package io.tidegate.servers;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** A server of MySQL's protocol, whose user {@code root} has no password. */
public abstract class MySqlProtocolServer extends ServerProcess {
  private final String scheme;

  /**
   * One that does not run yet.
   *
   * @param name for its folder
   * @param scheme of its URLs
   */
  MySqlProtocolServer(String name, String scheme) {
    super(name);
    this.scheme = scheme;
  }

  /** A URL for one database as root. */
  public final String url(String database) {
    return "%s://root@127.0.0.1:%d/%s".formatted(scheme, port(), database);
  }

  /** A connection as root; the caller closes it. */
  public final Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:mariadb://127.0.0.1:%d/%s?connectTimeout=2000&socketTimeout=60000"
            .formatted(port(), database),
        "root",
        "");
  }

  /** Runs one statement as root. */
  public final void execute(String database, String sql) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  @Override
  final boolean answers() {
    try (Connection connection = connect("");
        Statement statement = connection.createStatement()) {
      return statement.execute("SELECT 1");
    } catch (SQLException e) {
      return false;
    }
  }
}
