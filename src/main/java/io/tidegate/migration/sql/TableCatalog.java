package io.tidegate.migration.sql;

import io.tidegate.migration.risk.ColumnType;
import io.tidegate.migration.risk.TableName;
import io.tidegate.migration.sql.SqlSession.CatalogQueries;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import liquibase.database.core.SQLiteDatabase;
import org.jspecify.annotations.Nullable;

/**
 * The tables that are there before a migration begins, and whether they have rows. Each is asked for
 * once. What the server does not tell, or not in time, counts as there and with rows.
 */
final class TableCatalog {
  private static final Duration LONGEST = Duration.ofSeconds(15);
  private static final int LONGEST_QUERY_SECONDS = 3;

  /** A schema in which tables of all schemas are looked for. */
  static final String ANY_SCHEMA = "*";

  private static final Existing UNKNOWN = new Existing("", "", true, null);

  private final SqlSession session;
  private final CatalogQueries queries;
  private final boolean limited;
  private final Instant end = Instant.now().plus(LONGEST);
  private final Map<TableName, Optional<Existing>> found = new HashMap<>();
  private final Map<String, Boolean> answered = new HashMap<>();

  TableCatalog(SqlSession session) {
    this.session = session;
    this.queries = session.catalogQueries();
    // SQLite's driver would set the session's own timeout to it.
    this.limited = !(session.database() instanceof SQLiteDatabase);
  }

  /**
   * A table that is there.
   *
   * @param schema as the server spells it, as the name
   * @param rows whether it has any
   * @param estimate how many, as the server guesses; null: not known
   */
  record Existing(String schema, String name, boolean rows, @Nullable Long estimate) {}

  /**
   * A column that is there.
   *
   * @param type null: not known
   */
  record Column(@Nullable ColumnType type, boolean nullable) {
    static final Column UNKNOWN = new Column(null, true);
  }

  /** Whether it is sure that there is no table of a user's at all. */
  boolean isEmpty() {
    return !hasRow(queries.anyTable());
  }

  boolean hasTables(String schema) {
    return hasRow(queries.schema(), schema);
  }

  boolean hasDatabase(String name) {
    return hasRow(queries.database(), name);
  }

  /** The table of that name; empty: there is none. */
  Optional<Existing> find(TableName table) {
    Optional<Existing> known = found.get(table);
    if (known == null) {
      known = look(table);
      found.put(table, known);
      endTransaction(); // So that it is not locked while the next one is waited for.
    }
    return known;
  }

  /** Whether columns can be asked for: not where their types never change. */
  boolean knowsColumns() {
    return !queries.column().isEmpty();
  }

  /** Its column of that name; empty: there is none. */
  Optional<Column> column(Existing table, String column) {
    if (!knowsColumns() || table.name().isEmpty()) {
      return Optional.of(Column.UNKNOWN);
    }
    return ask(
            queries.column(),
            row -> new Column(ColumnType.of(row.getString(1)), row.getInt(2) == 1),
            table.schema(),
            table.name(),
            column)
        .map(columns -> columns.stream().findFirst())
        .orElse(Optional.of(Column.UNKNOWN));
  }

  private Optional<Existing> look(TableName table) {
    String schema = table.schema() == null ? "" : table.schema();
    record Row(Existing table, String quoted, boolean hidden) {}
    Optional<List<Row>> tables =
        ask(
            queries.tables(),
            row ->
                new Row(
                    new Existing(row.getString(1), row.getString(2), true, estimate(row, 4)),
                    row.getString(3),
                    row.getInt(5) == 1),
            schema,
            schema,
            table.name());
    if (tables.isEmpty()) {
      return Optional.of(UNKNOWN);
    }
    Optional<Existing> first = Optional.empty();
    for (Row row : tables.get()) {
      boolean rows = row.hidden() || hasRow("SELECT 1 FROM " + row.quoted() + " LIMIT 1");
      Existing is = row.table();
      first = Optional.of(new Existing(is.schema(), is.name(), rows, is.estimate()));
      if (rows) {
        return first;
      }
    }
    return first;
  }

  /** None where the server guesses that there are none: that is asked by itself. */
  private static @Nullable Long estimate(ResultSet row, int column) throws SQLException {
    long rows = row.getLong(column);
    return rows > 0 ? rows : null;
  }

  private boolean hasRow(String query, String... parameters) {
    return answered.computeIfAbsent(
        query + List.of(parameters),
        _ -> ask(query, _ -> true, parameters).map(rows -> !rows.isEmpty()).orElse(true));
  }

  private interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** Some rows of the answer; empty: it was not told. */
  private <T> Optional<List<T>> ask(String query, RowReader<T> reader, String... parameters) {
    if (Instant.now().isAfter(end)) {
      return Optional.empty();
    }
    try (PreparedStatement asked = session.connection().prepareStatement(query)) {
      if (limited) {
        asked.setQueryTimeout(LONGEST_QUERY_SECONDS);
      }
      asked.setMaxRows(SqlSession.FETCHED_ROWS);
      for (int i = 0; i < parameters.length; i++) {
        asked.setString(i + 1, parameters[i]);
      }
      List<T> rows = new ArrayList<>();
      try (ResultSet row = asked.executeQuery()) {
        while (row.next()) {
          rows.add(reader.read(row));
        }
      }
      return Optional.of(rows);
    } catch (SQLException e) {
      endTransaction();
      return Optional.empty();
    }
  }

  /** So that nothing that was looked at stays locked, and a failed question does not spoil the next. */
  void endTransaction() {
    try {
      if (!session.connection().getAutoCommit()) {
        session.connection().rollback();
      }
    } catch (SQLException e) {
      // The connection is lost: whoever uses it next says so.
    }
  }
}
