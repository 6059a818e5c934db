package io.tidegate.migration.risk;

import io.tidegate.migration.risk.StatementClassifier.Quoting;

/** A statement without its comments: keywords may stand in them, and between those that count. */
final class Comments {
  private final String sql;
  private final boolean mysql;
  private final boolean nested;
  private final StringBuilder kept = new StringBuilder();
  private int from;

  private Comments(String sql, Quoting quoting) {
    this.sql = sql;
    this.mysql = quoting == Quoting.BACKSLASHES;
    this.nested = quoting == Quoting.STANDARD;
  }

  /** Each comment becomes a blank. What MySQL runs of comments stays. */
  static String removed(String sql, Quoting quoting) {
    return new Comments(sql, quoting).removed();
  }

  private String removed() {
    boolean run = false;
    int at = 0;
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (c == '\'' || c == '"' || c == '`') {
        at = quoted(at, c);
      } else if (sql.startsWith("--", at) || (c == '#' && mysql)) {
        int end = sql.indexOf('\n', at);
        at = blank(at, end < 0 ? sql.length() : end);
      } else if (mysql && (sql.startsWith("/*!", at) || sql.startsWith("/*M!", at))) {
        int end = sql.indexOf('!', at) + 1;
        while (end < sql.length() && Character.isDigit(sql.charAt(end))) {
          end++;
        }
        run = true;
        at = blank(at, end);
      } else if (run && sql.startsWith("*/", at)) {
        run = false;
        at = blank(at, at + 2);
      } else if (sql.startsWith("/*", at)) {
        at = blank(at, block(at));
      } else if (c == '$' && nested) {
        at = dollars(at);
      } else {
        at++;
      }
    }
    return from == 0 ? sql : kept.append(sql, from, sql.length()).toString().strip();
  }

  private int blank(int begin, int end) {
    kept.append(sql, from, begin).append(' ');
    from = end;
    return end;
  }

  private int quoted(int begin, char quote) {
    boolean backslashes =
        quote != '`' && (mysql || (begin > 0 && "eE".indexOf(sql.charAt(begin - 1)) >= 0));
    for (int at = begin + 1; at < sql.length(); at++) {
      if (sql.charAt(at) == '\\' && backslashes) {
        at++;
      } else if (sql.charAt(at) == quote) {
        return at + 1;
      }
    }
    return sql.length();
  }

  private int block(int begin) {
    int depth = 1;
    int at = begin + 2;
    while (at < sql.length() && depth > 0) {
      boolean opens = nested && sql.startsWith("/*", at);
      boolean closes = sql.startsWith("*/", at);
      depth += opens ? 1 : closes ? -1 : 0;
      at += opens || closes ? 2 : 1;
    }
    return Math.min(at, sql.length());
  }

  /** PostgreSQL's texts between dollars; a dollar that begins none is passed over. */
  private int dollars(int begin) {
    int end = begin + 1;
    while (end < sql.length() && Character.isUnicodeIdentifierPart(sql.charAt(end))) {
      end++;
    }
    boolean inName = begin > 0 && Character.isJavaIdentifierPart(sql.charAt(begin - 1));
    if (inName || end == sql.length() || sql.charAt(end) != '$') {
      return begin + 1;
    }
    int closed = sql.indexOf(sql.substring(begin, end + 1), end + 1);
    return closed < 0 ? sql.length() : closed + end + 1 - begin;
  }
}
