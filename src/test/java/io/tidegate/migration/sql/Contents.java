package io.tidegate.migration.sql;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;

/**
 * Everything in a database that two runs of one changelog must agree in: columns, indexes, rows, and
 * the history without its times.
 */
final class Contents {
  private static final String HISTORY = "databasechangelog";
  private static final String FLYWAY = "flyway_schema_history";
  private static final String GOOSE = "goose_db_version";
  private static final String SQL_MIGRATE = "gorp_migrations";

  /** golang-migrate's, which has one row, and dbmate's. */
  private static final String VERSIONS = "schema_migrations";

  /** What of a row is the same in each run: no times, no numbers that a rollback uses up. */
  private static final Map<String, String> COMPARED =
      Map.of(
          HISTORY,
          "ID, AUTHOR, FILENAME, ORDEREXECUTED, EXECTYPE, MD5SUM FROM DATABASECHANGELOG",
          "databasechangeloglock",
          "'lock', ID, LOCKED, LOCKEDBY FROM DATABASECHANGELOGLOCK",
          FLYWAY,
          "installed_rank, version, description, type, script, checksum, success FROM " + FLYWAY,
          GOOSE,
          "'goose', version_id, is_applied FROM " + GOOSE,
          SQL_MIGRATE,
          "'sql-migrate', id FROM " + SQL_MIGRATE);

  private final Connection connection;

  private Contents(Connection connection) {
    this.connection = connection;
  }

  static List<String> of(Connection connection) throws SQLException {
    Contents contents = new Contents(connection);
    List<String> all = new ArrayList<>();
    for (String table : contents.tables()) {
      all.addAll(contents.valueType(table));
      String compared = COMPARED.getOrDefault(table, "'" + table + "', x.* FROM " + table + " x");
      all.addAll(contents.rows("SELECT " + compared));
    }
    return all.stream().sorted().toList();
  }

  /** How many changesets the history says ran; 0 if there is none. */
  static int applied(Connection connection) throws SQLException {
    Contents contents = new Contents(connection);
    Set<String> tables = contents.tables();
    if (tables.contains(HISTORY)) {
      return contents.rows("SELECT ID FROM DATABASECHANGELOG").size();
    }
    if (tables.contains(FLYWAY)) {
      return contents.rows("SELECT version FROM " + FLYWAY + " WHERE success").size();
    }
    if (tables.contains(GOOSE)) {
      return contents.rows("SELECT id FROM " + GOOSE + " WHERE version_id > 0").size();
    }
    if (tables.contains(SQL_MIGRATE)) {
      return contents.rows("SELECT id FROM " + SQL_MIGRATE).size();
    }
    if (!tables.contains(VERSIONS)) {
      return 0;
    }
    if (contents.valueType(VERSIONS).stream().noneMatch(column -> column.contains(" dirty "))) {
      return contents.rows("SELECT version FROM " + VERSIONS).size();
    }
    return contents.rows("SELECT version FROM " + VERSIONS + " WHERE NOT dirty").stream()
        .mapToInt(Integer::parseInt)
        .sum();
  }

  /** Whether what a changeset of {@link KillChangelog} makes in the schema is there. */
  static boolean made(Connection connection, String file) throws SQLException {
    String[] words = file.replaceAll("(\\.up)?\\.sql", "").split("[-_]+", -1);
    Contents contents = new Contents(connection);
    if (!contents.tables().contains(words[2])) {
      return false;
    }
    return switch (words[1]) {
      case "table" -> true;
      case "index" -> contents.valueType(words[2]).stream().anyMatch(l -> l.contains("index_"));
      case "column" -> contents.valueType(words[2]).stream().anyMatch(l -> l.contains(" extra "));
      default -> throw new IllegalArgumentException(file);
    };
  }

  private Set<String> tables() throws SQLException {
    Set<String> names = new TreeSet<>();
    try (ResultSet tables =
        connection
            .getMetaData()
            .getTables(
                connection.getCatalog(), connection.getSchema(), "%", new String[] {"TABLE"})) {
      while (tables.next()) {
        String name = tables.getString("TABLE_NAME").toLowerCase(Locale.ROOT);
        if (!name.startsWith("tidegate_") && !name.startsWith("sqlite_")) {
          names.add(name);
        }
      }
    }
    return names;
  }

  private List<String> valueType(String table) throws SQLException {
    DatabaseMetaData data = connection.getMetaData();
    List<String> lines = new ArrayList<>();
    try (ResultSet columns =
        data.getColumns(connection.getCatalog(), connection.getSchema(), table, "%")) {
      while (columns.next()) {
        lines.add(
            "column %s %s %s"
                .formatted(
                    table, columns.getString("COLUMN_NAME"), columns.getString("TYPE_NAME")));
      }
    }
    try (ResultSet indexes =
        data.getIndexInfo(connection.getCatalog(), connection.getSchema(), table, false, true)) {
      while (indexes.next()) {
        if (indexes.getString("INDEX_NAME") != null) {
          lines.add("index %s %s".formatted(table, indexes.getString("INDEX_NAME")));
        }
      }
    }
    return lines;
  }

  private List<String> rows(String query) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      int columns = row.getMetaData().getColumnCount();
      while (row.next()) {
        StringJoiner line = new StringJoiner(" | ");
        for (int i = 1; i <= columns; i++) {
          line.add(String.valueOf(row.getString(i)));
        }
        rows.add(line.toString());
      }
    }
    return rows;
  }
}
