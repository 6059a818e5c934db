package io.tidegate.migration.sql;

import io.tidegate.migration.sql.ScriptReader.ScriptStatement;
import java.sql.SQLException;

/** Looks at the statements of one plain file, one after the other, before the first of them is sent. */
@FunctionalInterface
public interface ScriptCheck {
  /** Has nothing against any. */
  ScriptCheck NONE = statement -> {};

  /**
   * Looks at the next statement.
   *
   * @throws ScriptException if the file cannot be run as it is
   */
  void check(ScriptStatement statement) throws SQLException;

  /**
   * The file has no more statements.
   *
   * @throws ScriptException if the file cannot be run as it is
   */
  default void end() {}
}
