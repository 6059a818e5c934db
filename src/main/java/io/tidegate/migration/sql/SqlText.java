package io.tidegate.migration.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Takes a script apart at its semicolons, but not at those in quotes and comments. */
public final class SqlText {
  private final String brackets;
  private final boolean backslash;
  private final boolean hash;
  private final Predicate<String> complete;

  /**
   * Knows one database's ways of quoting.
   *
   * @param brackets whether {@code [name]} quotes a name
   * @param backslash whether a backslash in a text takes the next character literally
   * @param hash whether a hash begins a comment
   * @param complete whether a statement, with quotes and comments taken out, ends at its semicolon
   *     rather than goes on, as the body of a trigger does
   */
  public SqlText(boolean brackets, boolean backslash, boolean hash, Predicate<String> complete) {
    this.brackets = brackets ? "[" : "";
    this.backslash = backslash;
    this.hash = hash;
    this.complete = complete;
  }

  /** The statements of a script, without their semicolons; what holds only comments is left out. */
  public List<String> statements(String script) {
    List<String> statements = new ArrayList<>();
    StringBuilder bare = new StringBuilder();
    int start = 0;
    int at = 0;
    while (at < script.length()) {
      int end = skip(script, at);
      if (end > at) {
        bare.append(isComment(script, at) ? " " : " 'q' ");
        at = end;
      } else if (script.charAt(at) == ';' && complete.test(bare.toString())) {
        add(statements, script.substring(start, at), bare);
        bare.setLength(0);
        start = ++at;
      } else {
        bare.append(script.charAt(at++));
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

  private boolean isComment(String script, int at) {
    return script.startsWith("--", at)
        // MySQL runs what stands in such a comment.
        || (script.startsWith("/*", at) && !script.startsWith("/*!", at))
        || (hash && script.charAt(at) == '#');
  }

  /** Where the quoted text or the comment that begins here ends; the same place if none does. */
  private int skip(String script, int at) {
    char c = script.charAt(at);
    if (script.startsWith("--", at) || (hash && c == '#')) {
      return after(script, "\n", at + 1);
    }
    if (script.startsWith("/*", at)) {
      return after(script, "*/", at + 2);
    }
    if (c == '\'' || c == '"' || c == '`') {
      return quoted(script, c, at + 1);
    }
    return brackets.indexOf(c) >= 0 ? after(script, "]", at + 1) : at;
  }

  private int quoted(String script, char quote, int from) {
    int at = from;
    while (at < script.length() && script.charAt(at) != quote) {
      at += backslash && quote != '`' && script.charAt(at) == '\\' ? 2 : 1;
    }
    return Math.min(at + 1, script.length());
  }

  private static int after(String script, String mark, int from) {
    int found = script.indexOf(mark, from);
    return found < 0 ? script.length() : found + mark.length();
  }
}
