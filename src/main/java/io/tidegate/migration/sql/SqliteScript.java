package io.tidegate.migration.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Takes a script for SQLite apart, since its driver runs one statement at a time. A trigger ends
 * with {@code END;}, as <a href="https://sqlite.org/c3ref/complete.html">sqlite3_complete</a> has it.
 */
final class SqliteScript {
  private static final Pattern TRIGGER =
      Pattern.compile(
          "(?s)\\s*create\\s+(temp(orary)?\\s+)?trigger\\b.*", Pattern.CASE_INSENSITIVE);
  private static final Pattern TRIGGER_END =
      Pattern.compile("(?s).*;\\s*end\\s*", Pattern.CASE_INSENSITIVE);

  private SqliteScript() {}

  static List<String> statements(String script) {
    List<String> statements = new ArrayList<>();
    int start = 0;
    StringBuilder bare = new StringBuilder();
    int at = 0;
    while (at < script.length()) {
      int end = skipQuotedOrComment(script, at);
      if (end > at) {
        bare.append(' ');
        at = end;
      } else if (script.charAt(at) == ';' && complete(bare)) {
        add(statements, script.substring(start, at), bare);
        bare.setLength(0);
        at++;
        start = at;
      } else {
        bare.append(script.charAt(at));
        at++;
      }
    }
    add(statements, script.substring(start), bare);
    return statements;
  }

  private static void add(List<String> statements, String text, CharSequence bare) {
    if (!bare.toString().isBlank()) {
      statements.add(text.strip());
    }
  }

  private static boolean complete(CharSequence bare) {
    return !TRIGGER.matcher(bare).matches() || TRIGGER_END.matcher(bare).matches();
  }

  /** Where the quoted text or the comment that begins here ends; the same place if none does. */
  private static int skipQuotedOrComment(String script, int at) {
    char c = script.charAt(at);
    if (script.startsWith("--", at)) {
      return after(script, "\n", at + 2);
    }
    if (script.startsWith("/*", at)) {
      return after(script, "*/", at + 2);
    }
    return switch (c) {
      case '\'', '"', '`' -> after(script, String.valueOf(c), at + 1);
      case '[' -> after(script, "]", at + 1);
      default -> at;
    };
  }

  private static int after(String script, String mark, int from) {
    int found = script.indexOf(mark, from);
    return found < 0 ? script.length() : found + mark.length();
  }
}
