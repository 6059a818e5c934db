package io.tidegate.migration.sql;

import io.tidegate.digest.Sha256;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * The table {@code tidegate_fingerprint}: one row that says with which changelog and which history
 * nothing was left to do. Where both are still the same, Liquibase need not be started. It stands in
 * the database that it speaks of, so that a restored one brings its own. Used under the migration
 * lock, in autocommit.
 */
final class Fingerprint {
  private static final String TABLE = "tidegate_fingerprint";

  /** Liquibase's history; in lower case here, in whichever on the server. */
  static final String HISTORY = "databasechangelog";

  private final SqlSession session;

  Fingerprint(SqlSession session) {
    this.session = session;
  }

  /** A history whose content is hashed, and what a comparison with it said. */
  record Known(String changelog, String history, int applied, int unexpected) {}

  /** What the server says of the history's content now; empty if there is none. */
  Optional<String> history() throws SQLException {
    Connection connection = session.connection();
    Optional<String> history = session.table(HISTORY).map(session.place()::table);
    if (history.isEmpty()) {
      return Optional.empty();
    }
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(session.historyDigest(history.get()))) {
      return row.next()
          ? Optional.ofNullable(row.getString(1)).map(Sha256::hexOf)
          : Optional.empty();
    }
  }

  Optional<Known> read() throws SQLException {
    if (session.table(TABLE).isEmpty()) {
      return Optional.empty();
    }
    try (Statement statement = session.connection().createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT changelog, history, applied, unexpected FROM " + inFull())) {
      return row.next()
          ? Optional.of(new Known(row.getString(1), row.getString(2), row.getInt(3), row.getInt(4)))
          : Optional.empty();
    }
  }

  void write(Known known) throws SQLException {
    Connection connection = session.connection();
    if (session.table(TABLE).isEmpty()) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(
            "CREATE TABLE "
                + inFull()
                + " (changelog char(64) NOT NULL PRIMARY KEY, history char(64) NOT NULL,"
                + " applied int NOT NULL, unexpected int NOT NULL)"
                + session.tableOptions());
      }
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM " + inFull());
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO "
                + inFull()
                + " (changelog, history, applied, unexpected) VALUES (?, ?, ?, ?)")) {
      insert.setString(1, known.changelog());
      insert.setString(2, known.history());
      insert.setInt(3, known.applied());
      insert.setInt(4, known.unexpected());
      insert.executeUpdate();
    }
  }

  private String inFull() {
    return session.place().table(TABLE);
  }
}
