package io.tidegate.engine.mysql;

import io.tidegate.engine.mysql.SetStatement.Assignment;
import io.tidegate.migration.sql.StatementText;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What of a statement is undone, by a rollback or when it fails. Changes of rows are, where every
 * table is InnoDB's; changes of the schema commit, and either happen or do not.
 *
 * @see <a href="https://mariadb.com/docs/server/reference/sql-statements/data-definition/atomic-ddl">atomic DDL</a>
 */
final class Atomicity {
  private static final Set<String> ROWS = Set.of("INSERT", "UPDATE", "DELETE", "REPLACE");

  /**
   * What changes nothing by itself, but may call a function that does. A function changes rows at
   * most: the server refuses one with a commit or a change of the schema in it.
   *
   * @see <a href="https://dev.mysql.com/doc/refman/8.4/en/stored-program-restrictions.html">restrictions</a>
   */
  private static final Set<String> CALLS_FUNCTIONS = Set.of("SELECT", "SET", "DO");

  /** Runs other statements, each of which may commit, roll back or fail by itself. */
  private static final Set<String> PROGRAMS =
      Set.of("CALL", "EXECUTE", "BEGIN", "DECLARE", "IF", "CASE", "LOOP", "REPEAT", "WHILE", "FOR");

  /** Programs that begin with a condition. */
  private static final Set<String> CONDITIONED = Set.of("IF", "CASE", "WHILE");

  private static final Pattern BEHIND_CONDITION =
      Pattern.compile("\\b(THEN|DO)\\b", Pattern.CASE_INSENSITIVE);

  /** What may be prepared, and is a program. */
  private static final Pattern NAMES_PROGRAM =
      Pattern.compile("\\b(CALL|BEGIN)\\b", Pattern.CASE_INSENSITIVE);

  /** What a statement leaves in its session though it was rolled back, and would find there again. */
  private static final Pattern OF_SESSION =
      Pattern.compile(":=|\\bLAST_INSERT_ID\\b", Pattern.CASE_INSENSITIVE);

  /** What changes nothing that stays when the transaction and the session are over. */
  private static final Set<String> HARMLESS =
      Set.of("SAVEPOINT", "RELEASE", "ROLLBACK", "USE", "SHOW", "GET");

  /** Asks what the statement before it did, so that nothing may be sent in between. */
  private static final Pattern ASKS_BACK =
      Pattern.compile(
          "\\b(ROW_COUNT|FOUND_ROWS)\\s*\\(|@@(session\\.)?(warning|error)_count\\b|\\bGET\\b.*\\bDIAGNOSTICS\\b",
          Pattern.CASE_INSENSITIVE);

  /** A file of the server's, which no rollback removes. */
  private static final Pattern INTO_FILE =
      Pattern.compile("\\bINTO\\s+(OUT|DUMP)FILE\\b", Pattern.CASE_INSENSITIVE);

  private static final Pattern EXECUTED_COMMENT = Pattern.compile("\\A/\\*M?!\\d*");
  private static final Set<String> SCHEMA =
      Set.of("CREATE", "ALTER", "RENAME", "TRUNCATE", "GRANT", "REVOKE");

  /** What else waits for all its locks before it does anything, or does the same twice over. */
  private static final Set<String> LOCKS_FIRST =
      Set.of("DROP", "LOCK", "OPTIMIZE", "ANALYZE", "REPAIR", "CHECK", "FLUSH");

  private final Connection connection;

  /** What was found since the last statement that may have changed it. */
  private @Nullable Boolean transactional;

  /** Whether a statement so far may have prepared a program, or put one into a variable for that. */
  private boolean namesProgram;

  Atomicity(Connection connection) {
    this.connection = connection;
  }

  boolean rollsBack(String statement) throws SQLException {
    String word = executedWord(statement);
    namesProgram |=
        !ROWS.contains(word) && !SCHEMA.contains(word) && NAMES_PROGRAM.matcher(statement).find();
    if (HARMLESS.contains(word)) {
      return true;
    }
    if (ROWS.contains(word)) {
      // To look at the tables now would be what it asks about.
      return (transactional != null || !asksBack(statement)) && transactional();
    }
    if (callsFunctionsAtMost(word, statement)) {
      return transactional();
    }
    transactional = null;
    return false;
  }

  /** Whether the statement changes nothing and asks what the one before it did. */
  static boolean onlyAsksBack(String statement) {
    String word = executedWord(statement);
    return (HARMLESS.contains(word) || callsFunctionsAtMost(word, statement))
        && asksBack(statement);
  }

  /** Whether the statement changes something by what the one before it did. */
  static boolean changesByAskingBack(String statement) {
    String word = executedWord(statement);
    if (CONDITIONED.contains(word)) {
      return asksBack(BEHIND_CONDITION.split(statement, 2)[0]);
    }
    return (ROWS.contains(word) || word.equals("CALL")) && asksBack(statement);
  }

  private static boolean asksBack(String statement) {
    if (!ASKS_BACK.matcher(statement).find()) {
      return false;
    }
    StringBuilder withoutTexts = new StringBuilder();
    SqlTokens tokens = new SqlTokens(statement, true);
    for (SqlToken token = tokens.next(); token != null; token = tokens.next()) {
      withoutTexts.append(token.isText() ? "''" : token.text()).append(' ');
    }
    return ASKS_BACK.matcher(withoutTexts).find();
  }

  private static boolean callsFunctionsAtMost(String word, String statement) {
    return CALLS_FUNCTIONS.contains(word)
        && !(word.equals("SELECT") && INTO_FILE.matcher(statement).find())
        && SetStatement.assignments(statement, true).stream().allMatch(Assignment::isOfSession);
  }

  /** The first word; also the one in {@code /*!}, which the server executes or leaves out. */
  private static String executedWord(String statement) {
    String bare = StatementText.bare(statement);
    return StatementText.firstWord(EXECUTED_COMMENT.matcher(bare).replaceFirst(""));
  }

  boolean allOrNothing(String statement) throws SQLException {
    String word = StatementText.firstWord(statement);
    return SCHEMA.contains(word)
        // Of several tables the first may be gone when the second is not there.
        || (word.equals("DROP") && !statement.contains(","))
        || (ROWS.contains(word) && transactional());
  }

  /** Whether the statement runs others. */
  static boolean isProgram(String statement) {
    return PROGRAMS.contains(executedWord(statement));
  }

  /**
   * Whether a statement that waited too long for a lock has changed nothing, and nothing before it was
   * rolled back for it.
   *
   * @see <a href="https://dev.mysql.com/doc/refman/8.4/en/innodb-parameters.html#sysvar_innodb_rollback_on_timeout">
   *     innodb_rollback_on_timeout</a>
   */
  boolean mayBeSentAgain(String statement) throws SQLException {
    String word = executedWord(statement);
    if (word.equals("EXECUTE")) {
      return !namesProgram && transactional();
    }
    if (ROWS.contains(word)
        || word.equals("LOAD")
        || word.equals("WITH")
        || callsFunctionsAtMost(word, statement)) {
      boolean untouched = !OF_SESSION.matcher(statement).find() && !asksBack(statement);
      return untouched && transactional() && !rollsBackOnTimeout();
    }
    return SCHEMA.contains(word) || LOCKS_FIRST.contains(word) || HARMLESS.contains(word);
  }

  private boolean rollsBackOnTimeout() throws SQLException {
    try (Statement query = connection.createStatement();
        ResultSet row = query.executeQuery("SELECT @@innodb_rollback_on_timeout")) {
      row.next();
      return row.getBoolean(1);
    }
  }

  /** Whether no table that the user may see is of an engine that does not roll back. */
  private boolean transactional() throws SQLException {
    Boolean known = transactional;
    if (known != null) {
      return known;
    }
    try (Statement query = connection.createStatement();
        ResultSet row =
            query.executeQuery(
                "SELECT 1 FROM information_schema.tables WHERE table_type = 'BASE TABLE'"
                    + " AND coalesce(engine, '') <> 'InnoDB' AND table_schema NOT IN"
                    + " ('mysql', 'information_schema', 'performance_schema', 'sys') LIMIT 1")) {
      boolean all = !row.next();
      transactional = all;
      return all;
    }
  }
}
