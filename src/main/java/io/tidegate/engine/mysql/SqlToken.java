package io.tidegate.engine.mysql;

import java.util.Locale;

/**
 * A word, a quoted text or name, a variable with its {@code @}, or a symbol.
 *
 * @param text as it stands there, quotes included
 * @param from where it begins in the statement
 */
record SqlToken(String text, int from) {
  int to() {
    return from + text.length();
  }

  String upper() {
    return text.toUpperCase(Locale.ROOT);
  }

  boolean is(String expected) {
    return text.equalsIgnoreCase(expected);
  }

  boolean isText() {
    return text.startsWith("'") || text.startsWith("\"");
  }

  /** What stands between the quotes. */
  String unquoted() {
    return text.length() > 1 ? text.substring(1, text.length() - 1) : text;
  }
}
