package io.tidegate.engine.mysql;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A {@code SET} taken apart into what it sets: variables of the user, of the session and of the
 * server, in any mixture, and forms of their own such as {@code SET NAMES}.
 *
 * @see <a href="https://dev.mysql.com/doc/refman/8.4/en/set-variable.html">SET</a>
 */
final class SetStatement {
  private static final Set<String> SCOPES =
      Set.of("GLOBAL", "SESSION", "LOCAL", "PERSIST", "PERSIST_ONLY");

  private static final Set<String> OF_SERVER = Set.of("GLOBAL", "PERSIST", "PERSIST_ONLY");

  /**
   * Forms that change an account, run another statement ({@code SET STATEMENT .. FOR}), or commit.
   * After {@code SET DEFAULT} stands {@code ROLE}.
   */
  private static final Set<String> NOT_OF_SESSION =
      Set.of("PASSWORD", "DEFAULT", "STATEMENT", "AUTOCOMMIT");

  /** Behind it a row of Tidegate's own needs a new transaction. */
  private static final Set<String> READ_ONLY = Set.of("TX_READ_ONLY", "TRANSACTION_READ_ONLY");

  private SetStatement() {}

  /**
   * One thing that is set.
   *
   * @param scope as it is written, or the last one that was; empty: the session's
   * @param name in upper case: {@code @NAME} of the user, {@code SQL_MODE}, or the first word of a
   *     form of its own; of all spellings of {@code CHARACTER SET} that one
   * @param value what it is set to
   * @param from where it begins in the statement
   * @param to where it ends
   */
  record Assignment(String scope, String name, List<SqlToken> value, int from, int to) {
    /** Whether it holds for the whole server. */
    boolean isOfServer() {
      return OF_SERVER.contains(scope);
    }

    /** Whether nothing but this session knows of it, and what follows is committed as without it. */
    boolean isOfSession() {
      return !isOfServer() && !NOT_OF_SESSION.contains(name) && !isReadOnly();
    }

    /** Whether it says of the session's further transactions that they only read. */
    private boolean isReadOnly() {
      return READ_ONLY.contains(name)
          || (name.equals("TRANSACTION")
              && !scope.isEmpty()
              && value.stream().anyMatch(token -> token.is("ONLY")));
    }
  }

  /**
   * What the statement sets, in its order; empty if it is no SET.
   *
   * @param backslash whether a backslash takes the next character of a text literally
   */
  static List<Assignment> assignments(String statement, boolean backslash) {
    List<SqlToken> tokens = new ArrayList<>();
    List<Assignment> found = new ArrayList<>();
    SqlTokens all = new SqlTokens(statement, backslash);
    SqlToken first = all.next();
    if (first == null || !first.is("SET")) {
      return found;
    }
    int depth = 0;
    String scope = "";
    for (SqlToken token = all.next(); token != null; token = all.next()) {
      depth += token.is("(") ? 1 : token.is(")") ? -1 : 0;
      if (depth == 0 && token.is(",")) {
        scope = add(found, tokens, scope);
        tokens.clear();
      } else {
        tokens.add(token);
      }
    }
    add(found, tokens, scope);
    return found;
  }

  /** Adds the one that these tokens make, and gives the scope of those that name none. */
  private static String add(List<Assignment> found, List<SqlToken> tokens, String scopeBefore) {
    if (tokens.isEmpty()) {
      return scopeBefore;
    }
    int at = 0;
    String scope = scopeBefore;
    if (tokens.size() > 1
        && SCOPES.contains(tokens.getFirst().upper())
        && !isEqual(tokens.get(1))) {
      scope = tokens.getFirst().upper();
      at = 1;
    }
    String name = tokens.get(at).upper().replace("`", "");
    String own = scope;
    if (name.startsWith("@@")) {
      int dot = name.indexOf('.');
      own = dot < 0 ? "" : name.substring(2, dot);
      name = name.substring(Math.max(2, dot + 1));
    }
    at++;
    if (name.equals("CHARSET")) {
      name = "CHARACTER SET";
    } else if ((name.equals("CHARACTER") || name.equals("CHAR"))
        && at < tokens.size()
        && tokens.get(at).is("SET")) {
      name = "CHARACTER SET";
      at++;
    }
    if (at < tokens.size() && isEqual(tokens.get(at))) {
      at++;
    }
    found.add(
        new Assignment(
            own,
            name,
            List.copyOf(tokens.subList(at, tokens.size())),
            tokens.getFirst().from(),
            tokens.getLast().to()));
    return scope;
  }

  private static boolean isEqual(SqlToken token) {
    return token.is("=") || token.is(":=");
  }
}
