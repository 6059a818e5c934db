package io.tidegate.engine.postgres;

import io.tidegate.migration.sql.SqlSession.HistoryPlace;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.target.LiquibaseTables;
import io.tidegate.target.Target;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the schema of the history. {@code current_schema()} alone moves: a changeset may create a
 * schema named as the user, or alter the search path of the database or role. So the history carries
 * a comment that says whose it is, and is found by that wherever it is. Without one it is the history
 * in the current schema. A declared schema is its place, whatever else there is.
 */
final class PostgresHistoryPlace {
  private static final String OF_SEARCH_PATH = "Tidegate: the history of search path ";

  private final Connection connection;

  /** The history's name; Liquibase always writes it in lower case here. */
  private final String table;

  private final String comment;
  private final boolean named;
  private final boolean declared;
  private final List<History> histories;
  private final HistoryPlace place;

  /**
   * A history that some schema has.
   *
   * @param table its name, in whichever letter case
   * @param listed whether its schema is one of the search path
   */
  private record History(
      String schema,
      String table,
      @Nullable String comment,
      boolean ours,
      boolean listed,
      boolean readable) {}

  PostgresHistoryPlace(Connection connection, Target target) throws SQLException {
    this.connection = connection;
    LiquibaseTables tables = LiquibaseTables.of(target);
    this.table = tables.history().toLowerCase(Locale.ROOT);
    this.declared = tables.schema() != null;
    Optional<String> searchPath = PostgresParameters.searchPath(target.url());
    this.named = searchPath.isPresent();
    this.histories = histories();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT current_schema(), session_user, current_setting('search_path')")) {
      row.next();
      this.comment =
          searchPath
              .map(path -> OF_SEARCH_PATH + path)
              .orElse("Tidegate: the history of role " + row.getString(2));
      this.place =
          tables.schema() == null
              ? place(row.getString(1), row.getString(3), target.name())
              : declared(tables.schema(), target.name());
    }
  }

  HistoryPlace place() {
    return place;
  }

  /** Without quotes, as Liquibase has it. */
  private HistoryPlace declared(String name, String target) throws SQLException {
    String schema = name.toLowerCase(Locale.ROOT);
    refuseOtherSpelling(schema, target);
    try (PreparedStatement query =
        connection.prepareStatement("SELECT 1 FROM pg_namespace WHERE nspname = ?")) {
      query.setString(1, schema);
      try (ResultSet row = query.executeQuery()) {
        return at(schema, row.next());
      }
    }
  }

  private HistoryPlace place(@Nullable String current, String searchPath, String target) {
    List<String> marked =
        histories.stream()
            .filter(history -> comment.equals(history.comment()))
            .map(History::schema)
            .toList();
    if (marked.size() > 1) {
      throw new ProblemException(
          new Problem(
              ExitCode.CHANGELOG,
              "the schemas %s each have a history with the comment \"%s\""
                  .formatted(String.join(", ", marked), comment),
              "target " + target,
              "Keep that comment on the one that is right: COMMENT ON TABLE schema."
                  + table
                  + " IS NULL removes it from another"));
    }
    String schema = marked.isEmpty() ? current : marked.getFirst();
    if (schema != null) {
      refuseOtherSpelling(schema, target);
      return at(schema, true);
    }
    String missing = first(searchPath);
    if (missing == null) {
      throw new ProblemException(
          new Problem(
              ExitCode.CHANGELOG,
              "no schema of the search path exists: " + searchPath,
              "target " + target,
              "Name a schema in the URL, as currentSchema=..., or create one of the search path"));
    }
    return at(missing, false);
  }

  /** Liquibase names its tables without quotes, so that the server looks for them in lower case. */
  private void refuseOtherSpelling(String schema, String target) {
    List<String> tables =
        histories.stream()
            .filter(history -> history.schema().equals(schema))
            .map(History::table)
            .toList();
    if (!tables.isEmpty() && !tables.contains(table)) {
      throw new ProblemException(
          new Problem(
              ExitCode.CHANGELOG,
              "the history in the schema %s is called \"%s\", and Liquibase looks for it in lower case"
                  .formatted(schema, tables.getFirst()),
              "target " + target,
              "Give it and its columns names in lower case, and so with its lock's table: ALTER TABLE"
                  + " %s\"%s\" RENAME TO %s"
                      .formatted(at(schema, true).prefix(), tables.getFirst(), table)));
    }
  }

  private static HistoryPlace at(String schema, boolean exists) {
    return new HistoryPlace(null, schema, '"' + schema.replace("\"", "\"\"") + "\".", exists);
  }

  /** The first schema that a search path names itself; null if it names none. */
  private static @Nullable String first(String searchPath) {
    for (String item : searchPath.split(",", -1)) {
      String name = item.strip();
      boolean quoted = name.length() > 1 && name.startsWith("\"") && name.endsWith("\"");
      name = quoted ? name.substring(1, name.length() - 1).replace("\"\"", "\"") : name;
      if (!name.isEmpty() && !name.equals("$user") && !name.startsWith("pg_")) {
        return name;
      }
    }
    return null;
  }

  private List<History> histories() throws SQLException {
    List<History> found = new ArrayList<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT n.nspname, c.relname, obj_description(c.oid, 'pg_class'),"
                + " pg_has_role(c.relowner, 'USAGE'), n.nspname = ANY (current_schemas(false)),"
                + " has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')"
                + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE c.relname IN (?, upper(?)) AND c.relkind IN ('r', 'p') AND c.relpersistence <> 't'"
                + " ORDER BY 1, 2 DESC")) {
      query.setString(1, table);
      query.setString(2, table);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          found.add(
              new History(
                  row.getString(1),
                  row.getString(2),
                  row.getString(3),
                  row.getBoolean(4),
                  row.getBoolean(5),
                  row.getBoolean(6)));
        }
      }
    }
    return found;
  }

  /** Writes whose history it is, unless it says so of somebody already or is not ours to write to. */
  void mark() throws SQLException {
    boolean unmarked =
        histories().stream()
            .anyMatch(h ->
                isHere(h) && h.ours() && Objects.requireNonNullElse(h.comment(), "").isEmpty());
    if (unmarked) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(
            "COMMENT ON TABLE %s IS '%s'"
                .formatted(place.table(table), comment.replace("'", "''")));
      }
    }
  }

  List<String> others() throws SQLException {
    List<String> others = new ArrayList<>();
    boolean begun = named && !declared && hasTables();
    for (History history : histories) {
      if (!isHere(history)
          && (!named || history.listed() || mayBeOurs(history, begun))
          && history.readable()
          && history.table().equals(table)) {
        others.add(at(history.schema(), true).table(table));
      }
    }
    return others;
  }

  /**
   * With a search path in the URL, other schemas are those of other targets; but not that with the
   * comment of this one, where it is declared to be elsewhere now; nor, where the schema holds tables
   * and no history, one that is of no other search path: Liquibase may keep it apart from the tables.
   */
  private boolean mayBeOurs(History history, boolean begun) {
    return declared
        ? comment.equals(history.comment())
        : begun && !Objects.requireNonNullElse(history.comment(), "").startsWith(OF_SEARCH_PATH);
  }

  /** Whether the place of the history holds tables or views without one. */
  private boolean hasTables() throws SQLException {
    if (histories.stream().anyMatch(this::isHere)) {
      return false;
    }
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE n.nspname = ? AND c.relkind IN ('r', 'p', 'v', 'm', 'f') LIMIT 1")) {
      query.setString(1, place.schema());
      try (ResultSet row = query.executeQuery()) {
        return row.next();
      }
    }
  }

  private boolean isHere(History history) {
    return history.schema().equals(place.schema());
  }
}
