package io.tidegate.engine.sqlite;

import io.tidegate.migration.sql.SqlText;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Takes a script for SQLite apart, since its driver runs one statement at a time. A trigger ends
 * with {@code END;}, as <a href="https://sqlite.org/c3ref/complete.html">sqlite3_complete</a> has it.
 */
final class SqliteScript {
  private static final Pattern TRIGGER =
      Pattern.compile("\\s*create\\s+(temp(orary)?\\s+)?trigger\\b", Pattern.CASE_INSENSITIVE);
  private static final Pattern TRIGGER_END =
      Pattern.compile(";\\s*end\\s*\\z", Pattern.CASE_INSENSITIVE);
  private static final SqlText TEXT = new SqlText(true, false, false, SqliteScript::complete);

  private SqliteScript() {}

  static List<String> statements(String script) {
    return TEXT.statements(script);
  }

  private static boolean complete(String bare) {
    return !TRIGGER.matcher(bare).lookingAt() || TRIGGER_END.matcher(bare).find();
  }
}
