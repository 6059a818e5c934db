package io.tidegate.engine.mysql;

import io.tidegate.migration.sql.StatementText;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of a statement is undone, by a rollback or when it fails. Changes of rows are, where every
 * table is InnoDB's; changes of the schema commit, and either happen or do not.
 *
 * @see <a href="https://mariadb.com/docs/server/reference/sql-statements/data-definition/atomic-ddl">atomic DDL</a>
 */
final class Atomicity {
  private static final Set<String> ROWS = Set.of("INSERT", "UPDATE", "DELETE", "REPLACE");
  private static final Set<String> SCHEMA =
      Set.of("CREATE", "ALTER", "RENAME", "TRUNCATE", "GRANT", "REVOKE");

  private final Connection connection;

  /** What was found since the last statement that may have changed it. */
  private @Nullable Boolean transactional;

  Atomicity(Connection connection) {
    this.connection = connection;
  }

  boolean rollsBack(String statement) throws SQLException {
    if (ROWS.contains(StatementText.firstWord(statement))) {
      return transactional();
    }
    transactional = null;
    return false;
  }

  boolean allOrNothing(String statement) throws SQLException {
    String word = StatementText.firstWord(statement);
    return SCHEMA.contains(word)
        // Of several tables the first may be gone when the second is not there.
        || (word.equals("DROP") && !statement.contains(","))
        || (ROWS.contains(word) && transactional());
  }

  /** Whether no table that the user may see is of an engine that does not roll back. */
  private boolean transactional() throws SQLException {
    Boolean known = transactional;
    if (known != null) {
      return known;
    }
    try (Statement query = connection.createStatement();
        ResultSet row =
            query.executeQuery(
                "SELECT 1 FROM information_schema.tables WHERE table_type = 'BASE TABLE'"
                    + " AND coalesce(engine, '') <> 'InnoDB' AND table_schema NOT IN"
                    + " ('mysql', 'information_schema', 'performance_schema', 'sys') LIMIT 1")) {
      boolean all = !row.next();
      transactional = all;
      return all;
    }
  }
}
