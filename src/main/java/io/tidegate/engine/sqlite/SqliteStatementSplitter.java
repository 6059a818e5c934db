package io.tidegate.engine.sqlite;

import io.tidegate.migration.sql.StatementSplitter;
import io.tidegate.migration.sql.StatementSplitter.ScriptException;
import java.io.IOException;
import java.io.Reader;

/**
 * Takes a script for SQLite apart, since its driver runs one statement at a time. The body of a
 * trigger ends with {@code ;END;}, as <a
 * href="https://sqlite.org/c3ref/complete.html">sqlite3_complete</a> has it.
 */
final class SqliteStatementSplitter extends StatementSplitter {
  private State state = State.START;

  /** The states of sqlite3_complete that matter: which words were seen. */
  private enum State {
    START,
    EXPLAIN,
    CREATE,
    OTHER,
    TRIGGER,
    TRIGGER_SEMICOLON,
    TRIGGER_END
  }

  SqliteStatementSplitter(Reader in) {
    super(in);
  }

  @Override
  protected void begin() {
    state = State.START;
  }

  @Override
  protected boolean command() throws IOException {
    if (peek(0) == '.') {
      throw new ScriptException(
          line(),
          "a command of sqlite3's shell stands here, ." + skipLine().substring(1).strip(),
          "Leave it out: only SQL is sent to the database");
    }
    return false;
  }

  /** The shell passes over a line that begins with # where a statement would begin. */
  @Override
  protected boolean atComment() throws IOException {
    return super.atComment() || (peek(0) == '#' && isBetweenStatements() && isAtStartOfLine());
  }

  @Override
  protected void comment() throws IOException {
    if (startsWith("--") || peek(0) == '#') {
      takeLine();
      return;
    }
    take(2);
    while (peek(0) >= 0 && !startsWith("*/")) {
      take(); // The end of the script ends it too.
    }
    take(2);
  }

  @Override
  protected void token() throws IOException {
    if (peek(0) == '[') {
      takeThrough("]", "a name in brackets");
      literal();
    } else {
      super.token();
    }
  }

  @Override
  protected boolean complete() {
    return state != State.TRIGGER && state != State.TRIGGER_SEMICOLON;
  }

  @Override
  protected void word(String upper) {
    state =
        switch (state) {
          case START ->
              switch (upper) {
                case "EXPLAIN" -> State.EXPLAIN;
                case "CREATE" -> State.CREATE;
                default -> State.OTHER;
              };
          case EXPLAIN ->
              switch (upper) {
                case "QUERY", "PLAN" -> State.EXPLAIN;
                case "CREATE" -> State.CREATE;
                default -> State.OTHER;
              };
          case CREATE ->
              switch (upper) {
                case "TEMP", "TEMPORARY" -> State.CREATE;
                case "TRIGGER" -> State.TRIGGER;
                default -> State.OTHER;
              };
          case TRIGGER_SEMICOLON -> upper.equals("END") ? State.TRIGGER_END : State.TRIGGER;
          case TRIGGER_END -> State.TRIGGER;
          case TRIGGER, OTHER -> state;
        };
  }

  @Override
  protected void literal() {
    state = inTrigger() ? State.TRIGGER : State.OTHER;
  }

  @Override
  protected void symbol(char c) {
    if (!inTrigger()) {
      state = State.OTHER;
    } else {
      state = c == ';' ? State.TRIGGER_SEMICOLON : State.TRIGGER;
    }
  }

  private boolean inTrigger() {
    return switch (state) {
      case TRIGGER, TRIGGER_SEMICOLON, TRIGGER_END -> true;
      case START, EXPLAIN, CREATE, OTHER -> false;
    };
  }
}
