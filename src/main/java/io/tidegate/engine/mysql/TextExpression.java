package io.tidegate.engine.mysql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The value that a {@code SET} gives to a variable, where it can be told from the script alone: a
 * text, a word, a variable whose value is known, and the few functions that people change modes with.
 */
final class TextExpression {
  private final List<SqlToken> tokens;
  private final Map<String, String> known;
  private int at;

  private TextExpression(List<SqlToken> tokens, Map<String, String> known) {
    this.tokens = tokens;
    this.known = known;
  }

  /**
   * Its value in upper case; null if it cannot be told.
   *
   * @param known values of variables by name in upper case, those of the session without its name:
   *     {@code @MINE}, {@code @@SQL_MODE}
   */
  static @Nullable String value(List<SqlToken> tokens, Map<String, String> known) {
    TextExpression expression = new TextExpression(tokens, known);
    String value = expression.value();
    return expression.at == tokens.size() ? value : null;
  }

  /** The name by which the value of a variable is known. */
  static String nameOf(SqlToken variable) {
    return variable.upper().replace("`", "").replace("@@SESSION.", "@@").replace("@@LOCAL.", "@@");
  }

  private @Nullable String value() {
    if (at == tokens.size()) {
      return null;
    }
    SqlToken token = tokens.get(at++);
    if (token.isText()) {
      return token.unquoted().toUpperCase(Locale.ROOT);
    }
    if (token.text().startsWith("@")) {
      return known.get(nameOf(token));
    }
    if (token.is("SELECT")) {
      return value();
    }
    if (token.is("(")) {
      String inner = value();
      return pass(")") ? inner : null;
    }
    if (pass("(")) {
      return function(token.upper());
    }
    return Character.isLetter(token.text().charAt(0)) || token.is("0") ? token.upper() : null;
  }

  private @Nullable String function(String name) {
    if (name.equals("TRIM")) {
      return trim();
    }
    List<String> values = new ArrayList<>();
    boolean unknown = false;
    do {
      String value = value();
      if (value == null) {
        unknown = true;
      } else {
        values.add(value);
      }
    } while (pass(","));
    if (!pass(")") || values.isEmpty()) {
      return null;
    }
    if (name.equals("IFNULL") || name.equals("COALESCE")) {
      // A variable that nothing in the file has set is NULL.
      return values.getFirst();
    }
    return unknown ? null : changed(name, values);
  }

  private static @Nullable String changed(String function, List<String> values) {
    return switch (function) {
      case "CONCAT" -> String.join("", values);
      case "CONCAT_WS" -> String.join(values.getFirst(), values.subList(1, values.size()));
      case "REPLACE" ->
          values.size() == 3 ? values.get(0).replace(values.get(1), values.get(2)) : null;
      case "UPPER", "LOWER" -> values.getFirst();
      default -> null;
    };
  }

  /** {@code TRIM(BOTH ',' FROM text)}: commas at the ends of a list of modes mean nothing. */
  private @Nullable String trim() {
    boolean removes = pass("BOTH") || pass("LEADING") || pass("TRAILING");
    String value = value();
    if (pass("FROM")) {
      value = ",".equals(value) ? value() : null;
    } else if (removes) {
      return null;
    }
    return pass(")") ? value : null;
  }

  private boolean pass(String expected) {
    boolean there = at < tokens.size() && tokens.get(at).is(expected);
    at += there ? 1 : 0;
    return there;
  }
}
