package io.tidegate.engine.postgres;

import io.tidegate.migration.sql.SqlSession.Aftermath;
import io.tidegate.migration.sql.StatementText;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Indexes that {@code CREATE INDEX CONCURRENTLY} makes outside a transaction. Cut off or failed, it
 * leaves an invalid one behind, which costs every write and serves no read, and which {@code IF NOT
 * EXISTS} takes for done.
 *
 * @see <a href="https://www.postgresql.org/docs/18/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY">CREATE INDEX</a>
 */
final class ConcurrentIndexes {
  private static final String NAME = "(?:\"(?:[^\"]|\"\")+\"|[^\\s\".(]+)";
  private static final Pattern CREATE =
      Pattern.compile(
          "\\ACREATE\\s+(?:UNIQUE\\s+)?INDEX\\s+CONCURRENTLY\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?(?:(?!ON\\s)("
              + NAME
              + ")\\s+)?ON\\s+(?:ONLY\\s+)?("
              + NAME
              + "(?:\\s*\\.\\s*"
              + NAME
              + ")?)",
          Pattern.CASE_INSENSITIVE);

  private final Connection connection;

  ConcurrentIndexes(Connection connection) {
    this.connection = connection;
  }

  /** An index of a table, by their names with schema, and whether it can be used. */
  private record Index(String name, String table, boolean valid) {}

  /** What a statement asks for; the index's name is null where the server makes one. */
  private record Asked(@Nullable String index, String table) {}

  /** What became of such a statement that was cut off. */
  Aftermath aftermath(String statement) throws SQLException {
    Asked asked = asked(statement).orElse(null);
    if (asked == null) {
      return Aftermath.UNKNOWN;
    }
    List<Index> there = indexes(asked);
    Index invalid = there.stream().filter(index -> !index.valid()).findFirst().orElse(null);
    if (invalid != null) {
      return new Aftermath(
          false,
          "The index %s on %s was left INVALID: DROP INDEX CONCURRENTLY %s"
              .formatted(invalid.name(), invalid.table(), invalid.name()));
    }
    if (asked.index() != null && there.isEmpty()) {
      return new Aftermath(true, "there is no index " + asked.index());
    }
    return asked.index() == null
        ? new Aftermath(false, "Look whether the index on %s is there".formatted(asked.table()))
        : new Aftermath(false, "The index %s is there and valid".formatted(asked.index()));
  }

  /** Refuses to make an index that was left invalid: it would fail, or be taken for done. */
  void check(String statement) throws SQLException {
    Asked asked = asked(statement).orElse(null);
    if (asked == null) {
      return;
    }
    for (Index index : indexes(asked)) {
      if (!index.valid()) {
        throw new ProblemException(
            new Problem(
                ExitCode.CHANGELOG,
                "the index %s was left INVALID by an earlier CREATE INDEX CONCURRENTLY that did not finish"
                    .formatted(index.name()),
                "table " + index.table(),
                "Run DROP INDEX CONCURRENTLY %s, then start again".formatted(index.name())));
      }
    }
  }

  private static Optional<Asked> asked(String statement) {
    Matcher matcher = CREATE.matcher(StatementText.bare(statement));
    return matcher.find()
        ? Optional.of(new Asked(matcher.group(1), matcher.group(2)))
        : Optional.empty();
  }

  /** The index of that name, or all of the table where the statement names none. */
  private List<Index> indexes(Asked asked) throws SQLException {
    List<Index> found = new ArrayList<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT i.indexrelid::regclass::text, i.indrelid::regclass::text, i.indisvalid"
                + " FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
                + " WHERE i.indrelid = to_regclass(?) AND (?::text IS NULL OR c.relname ="
                + " (parse_ident(?))[1])")) {
      query.setString(1, asked.table());
      query.setString(2, asked.index());
      query.setString(3, asked.index());
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          found.add(new Index(row.getString(1), row.getString(2), row.getBoolean(3)));
        }
      }
    }
    return found;
  }
}
