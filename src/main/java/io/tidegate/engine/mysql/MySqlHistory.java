package io.tidegate.engine.mysql;

import io.tidegate.migration.ChangesetId;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Liquibase's history on MySQL and MariaDB: in utf8mb4, whatever the character set of the database. */
final class MySqlHistory {
  /** Enough for any name in ASCII; as wide as Liquibase makes its columns. */
  private static final int WIDTH = 255;

  private final Connection connection;
  private final String target;

  MySqlHistory(Connection connection, String target) {
    this.connection = connection;
    this.target = target;
  }

  /**
   * Creates it. Liquibase would make it in the character set of the database, which may not know the
   * letters of a file's name; and without a primary key, which some servers refuse: the order is
   * another for each row.
   *
   * @param table the table, in full
   * @param options what is written behind a table of our own
   * @see <a href="https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_sql_require_primary_key">sql_require_primary_key</a>
   */
  void create(String table, String options) throws SQLException {
    String primaryKey = demandsPrimaryKeys() ? " PRIMARY KEY" : "";
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE "
              + table
              + " (ID varchar(255) NOT NULL, AUTHOR varchar(255) NOT NULL,"
              + " FILENAME varchar(255) NOT NULL, DATEEXECUTED datetime NOT NULL,"
              + " ORDEREXECUTED int NOT NULL"
              + primaryKey
              + ", EXECTYPE varchar(10) NOT NULL,"
              + " MD5SUM varchar(35), DESCRIPTION varchar(255), COMMENTS varchar(255),"
              + " TAG varchar(255), LIQUIBASE varchar(20), CONTEXTS varchar(255),"
              + " LABELS varchar(255), DEPLOYMENT_ID varchar(10))"
              + options);
    }
  }

  private boolean demandsPrimaryKeys() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SHOW VARIABLES WHERE (variable_name IN ('sql_require_primary_key',"
                    + " 'innodb_force_primary_key') AND value = 'ON')"
                    + " OR (variable_name = 'group_replication_group_name' AND value <> '')")) {
      return row.next();
    }
  }

  /**
   * Refuses a history whose rows stay when the changeset that they record is rolled back.
   *
   * @param table its name, without that of the database
   * @throws ProblemException with exit 65
   */
  void checkStorage(String table) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT engine FROM information_schema.tables WHERE table_schema = DATABASE()"
                + " AND table_name = ? AND engine <> 'InnoDB'")) {
      query.setString(1, table);
      try (ResultSet row = query.executeQuery()) {
        if (row.next()) {
          throw new ProblemException(
              new Problem(
                  ExitCode.CHANGELOG,
                  "the history %s is a table of %s, which rolls nothing back: a row of it could say that a changeset was applied that was not"
                      .formatted(table, row.getString(1)),
                  "target " + target,
                  "Run: ALTER TABLE " + table + " ENGINE=InnoDB"));
        }
      }
    }
  }

  /**
   * Refuses a changeset that a history which is there would keep under another name, or not at all.
   *
   * @param database the database of the history
   * @param table its name, without that of the database
   * @throws ProblemException with exit 65
   */
  void check(ChangesetId id, String database, String table) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT upper(column_name), character_set_name, character_maximum_length"
                + " FROM information_schema.columns WHERE table_schema = ? AND table_name = ?"
                + " AND upper(column_name) IN ('ID', 'AUTHOR', 'FILENAME')")) {
      query.setString(1, database);
      query.setString(2, table);
      try (ResultSet column = query.executeQuery()) {
        while (column.next()) {
          String name = column.getString(1);
          String value =
              switch (name) {
                case "ID" -> id.id();
                case "AUTHOR" -> id.author();
                default -> id.path();
              };
          String characters = column.getString(2);
          long width = column.getLong(3);
          if (value.codePointCount(0, value.length()) > width) {
            throw refused(
                id,
                "%s.%s takes %d characters at most".formatted(table, name, width),
                "Give it a shorter name, or widen that column");
          }
          if (!value.equals(as(characters, value))) {
            throw refused(
                id,
                "%s.%s is in %s, which has not all of its letters"
                    .formatted(table, name, characters),
                "Give it a name in ASCII, or run: ALTER TABLE %s CONVERT TO CHARACTER SET utf8mb4"
                    .formatted(table));
          }
        }
      }
    }
  }

  /** Whether every history keeps its name. */
  static boolean isPlain(ChangesetId id) {
    return isPlain(id.path()) && isPlain(id.id()) && isPlain(id.author());
  }

  private static boolean isPlain(String name) {
    return name.length() <= WIDTH && StandardCharsets.US_ASCII.newEncoder().canEncode(name);
  }

  /** What a column in that character set would keep of a text. */
  private String as(String characters, String text) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT CONVERT(CONVERT(? USING " + characters + ") USING utf8mb4)")) {
      query.setString(1, text);
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return String.valueOf(row.getString(1));
      }
    }
  }

  private ProblemException refused(ChangesetId id, String why, String remedy) {
    return new ProblemException(
        new Problem(
            ExitCode.CHANGELOG,
            "changeset %s cannot be kept in the history under its name: %s".formatted(id, why),
            id.path() + ", target " + target,
            remedy));
  }
}
