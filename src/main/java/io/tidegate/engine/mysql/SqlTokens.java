package io.tidegate.engine.mysql;

import org.jspecify.annotations.Nullable;

/**
 * Takes one short statement apart into its tokens. Comments are left out; of {@code /*!} and {@code
 * /*M!} only the frame, since the server executes what stands there.
 */
final class SqlTokens {
  private final String text;
  private final boolean backslash;
  private int at;

  SqlTokens(String text, boolean backslash) {
    this.text = text;
    this.backslash = backslash;
  }

  /** The next one; null at the end. */
  @Nullable SqlToken next() {
    while (skipBlank()) {
      // Until something is there.
    }
    if (at == text.length()) {
      return null;
    }
    int from = at;
    char c = text.charAt(at);
    if (isQuote(c)) {
      quoted();
    } else if (c == '@') {
      variable();
    } else if (isWordPart(c)) {
      word();
    } else {
      at += text.startsWith(":=", at) ? 2 : 1;
    }
    return new SqlToken(text.substring(from, at), from);
  }

  /** Passes blanks, a comment, or the frame of one that is executed; false if there is none. */
  private boolean skipBlank() {
    int from = at;
    while (at < text.length() && text.charAt(at) <= ' ') {
      at++;
    }
    if (text.startsWith("/*!", at) || text.startsWith("/*M!", at)) {
      at = text.indexOf('!', at) + 1;
      while (at < text.length() && Character.isDigit(text.charAt(at))) {
        at++;
      }
    } else if (text.startsWith("*/", at)) {
      at += 2;
    } else if (text.startsWith("/*", at)) {
      skipThrough("*/");
    } else if (text.startsWith("#", at) || isLineComment()) {
      skipThrough("\n");
    }
    return at > from;
  }

  private boolean isLineComment() {
    return text.startsWith("--", at) && (at + 2 == text.length() || text.charAt(at + 2) <= ' ');
  }

  private void skipThrough(String mark) {
    int end = text.indexOf(mark, at + 1);
    at = end < 0 ? text.length() : end + mark.length();
  }

  /** {@code @name}, {@code @'name'}, {@code @@session.name}. */
  private void variable() {
    while (at < text.length() && text.charAt(at) == '@') {
      at++;
    }
    if (at < text.length() && isQuote(text.charAt(at))) {
      quoted();
      return;
    }
    word();
    while (at < text.length() && text.charAt(at) == '.') {
      at++;
      word();
    }
  }

  private void word() {
    while (at < text.length() && isWordPart(text.charAt(at))) {
      at++;
    }
  }

  private void quoted() {
    char quote = text.charAt(at++);
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '\\' && backslash && quote != '`') {
        at = Math.min(at + 1, text.length());
      } else if (c == quote) {
        return;
      }
    }
  }

  private static boolean isQuote(char c) {
    return c == '\'' || c == '"' || c == '`';
  }

  private static boolean isWordPart(char c) {
    return c == '_' || c == '$' || c > 127 || Character.isLetterOrDigit(c);
  }
}
