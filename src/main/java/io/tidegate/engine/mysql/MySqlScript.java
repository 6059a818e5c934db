package io.tidegate.engine.mysql;

import io.tidegate.migration.sql.SqlText;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes a script for MySQL and MariaDB apart, since the server takes one statement at a time. The
 * body of a procedure, function, trigger or event stays whole without a {@code DELIMITER}, which is
 * a word of their command line client.
 */
final class MySqlScript {
  private static final Pattern ROUTINE =
      Pattern.compile(
          "\\s*create\\b[^;]*?\\b(procedure|function|trigger|event)\\b", Pattern.CASE_INSENSITIVE);

  /** IF and REPEAT are functions too: a statement stands at the start, after these. */
  private static final String START = "(?<=(;|begin|then|else|do|loop|repeat|:)\\s{0,99})";

  private static final Pattern COMPOUND =
      Pattern.compile(
          "\\bend\\b(\\s+(if|case|loop|while|repeat)\\b)?|\\b(begin|case|loop|while)\\b|"
              + START
              + "\\b(if|repeat)\\b",
          Pattern.CASE_INSENSITIVE);
  private static final SqlText TEXT = new SqlText(false, true, true, MySqlScript::complete);

  private MySqlScript() {}

  static List<String> statements(String script) {
    return TEXT.statements(script);
  }

  /** A routine is complete when each block that was begun has ended. */
  private static boolean complete(String bare) {
    if (!ROUTINE.matcher(bare).lookingAt()) {
      return true;
    }
    int depth = 0;
    Matcher word = COMPOUND.matcher(bare);
    while (word.find()) {
      depth += word.group().toLowerCase(Locale.ROOT).startsWith("end") ? -1 : 1;
    }
    return depth <= 0;
  }
}
