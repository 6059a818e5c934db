package io.tidegate.engine.postgres;

import io.tidegate.migration.sql.StatementSplitter;
import io.tidegate.migration.sql.StatementSplitter.ScriptException;
import io.tidegate.migration.sql.StatementSplitter.ScriptStatement;
import java.io.IOException;
import java.io.Reader;
import java.util.regex.Pattern;

/**
 * Takes a script for PostgreSQL apart as psql does: a semicolon ends a statement outside quotes,
 * comments, parentheses and the {@code BEGIN ATOMIC ... END} of a routine. Of psql's own commands
 * those are passed over that pg_dump writes for its own safety; any other is refused.
 *
 * @see <a href="https://github.com/postgres/postgres/blob/master/src/fe_utils/psqlscan.l">psqlscan.l</a>
 */
final class PostgresStatementSplitter extends StatementSplitter {
  private static final Pattern ROUTINE =
      Pattern.compile("CREATE (OR REPLACE )?(FUNCTION|PROCEDURE)\\b.*");

  private static final Pattern CONFORMING =
      Pattern.compile("SET (SESSION |LOCAL )?STANDARD_CONFORMING_STRINGS (TO )?(\\w+)");

  /** The head of a COPY whose rows come to the client, however long its list of columns is. */
  static final String COPY_TO_CLIENT = "COPY TO STDOUT";

  /** Whether a backslash is just that in a text without an E before it. */
  private boolean conforming;

  private int parentheses;
  private int blocks;
  private boolean routine;
  private final StringBuilder routineHead = new StringBuilder();
  private int routineWords;
  private boolean copy;
  private String lastWord = "";
  private boolean fromClient;
  private boolean toClient;

  /**
   * Reads from there; the caller closes it.
   *
   * @param conforming the server's {@code standard_conforming_strings}
   */
  PostgresStatementSplitter(Reader in, boolean conforming) {
    super(in);
    this.conforming = conforming;
  }

  @Override
  protected void begin() {
    parentheses = 0;
    blocks = 0;
    routine = false;
    routineHead.setLength(0);
    routineWords = 0;
    copy = false;
    lastWord = "";
    fromClient = false;
    toClient = false;
  }

  /** Comments nest. To this server a carriage return alone ends a line, and so a comment, too. */
  @Override
  protected void comment() throws IOException {
    if (startsWith("--")) {
      while (peek(0) >= 0 && !isLineEnd(peek(0))) {
        take();
      }
      return;
    }
    int from = line();
    int depth = 0;
    do {
      if (startsWith("/*")) {
        depth++;
        take(2);
      } else if (startsWith("*/")) {
        depth--;
        take(2);
      } else if (peek(0) < 0) {
        throw unended("a comment", from);
      } else {
        take();
      }
    } while (depth > 0);
  }

  private static boolean isLineEnd(int c) {
    return c == '\n' || c == '\r';
  }

  @Override
  protected boolean complete() {
    return parentheses == 0 && blocks == 0;
  }

  @Override
  protected boolean command() throws IOException {
    if (peek(0) != '\\') {
      return false;
    }
    if (!startsWith("\\restrict") && !startsWith("\\unrestrict")) {
      throw ofPsql();
    }
    skipLine();
    return true;
  }

  @Override
  protected void token() throws IOException {
    int c = peek(0);
    if (c == '\'') {
      text(!conforming);
    } else if (c == '"') {
      quoted('"', false);
    } else if (c == '$' && atDollarQuote()) {
      dollarQuoted();
    } else if (c == '\\') {
      throw ofPsql();
    } else if ((c == 'e' || c == 'E') && peek(1) == '\'') {
      take();
      text(true);
    } else if (c == '`') {
      take();
    } else {
      super.token();
    }
  }

  /** Takes a text, which may go on in another line with quotes of its own, but by the same rules. */
  private void text(boolean backslash) throws IOException {
    do {
      quoted('\'', backslash);
    } while (passesToAnotherLine() && peek(0) == '\'');
  }

  /** Takes blanks and comments, and tells whether a line ended among them. */
  private boolean passesToAnotherLine() throws IOException {
    boolean another = false;
    while (true) {
      if (startsWith("--")) {
        comment();
      } else if (peek(0) >= 0 && peek(0) <= ' ') {
        another |= isLineEnd(peek(0));
        take();
      } else {
        return another;
      }
    }
  }

  @Override
  protected void word(String upper) {
    countBlocks(upper);
    if (routineWords == 1) {
      copy = upper.equals("COPY");
    }
    if (copy && parentheses == 0) {
      fromClient |= lastWord.equals("FROM") && upper.equals("STDIN");
      toClient |= lastWord.equals("TO") && upper.equals("STDOUT");
    }
    lastWord = upper;
  }

  /** The body of a routine in SQL, and each CASE in it, ends with END. */
  private void countBlocks(String upper) {
    if (routineWords++ < 4) {
      routineHead.append(upper).append(' ');
      routine = ROUTINE.matcher(routineHead).matches();
    }
    if (!routine || parentheses > 0) {
      return;
    }
    switch (upper) {
      case "BEGIN" -> blocks++;
      case "CASE" -> blocks += blocks > 0 ? 1 : 0;
      case "END" -> blocks -= blocks > 0 ? 1 : 0;
      default -> {}
    }
  }

  @Override
  protected void literal() {
    lastWord = "";
  }

  @Override
  protected void symbol(char c) {
    lastWord = "";
    if (c == '(') {
      parentheses++;
    } else if (c == ')' && parentheses > 0) {
      parentheses--;
    }
  }

  @Override
  protected ScriptStatement finish(String statement, int begin, String firstWords)
      throws IOException {
    var setting = CONFORMING.matcher(firstWords);
    if (setting.lookingAt()) {
      conforming = !setting.group(3).matches("OFF|FALSE|NO|0");
    }
    if (!fromClient) {
      return new ScriptStatement(statement, begin, toClient ? COPY_TO_CLIENT : firstWords, null);
    }
    String rest = skipLine().strip();
    if (!rest.isEmpty() && !(rest.startsWith("--") && rest.indexOf('\r') < 0)) {
      throw new ScriptException(
          line() - 1, "the rows of COPY begin in the next line", "Begin a new line after it");
    }
    return new ScriptStatement(statement, begin, firstWords, new CopyRows(this::lineOfRows));
  }

  /** The next line with its end; empty behind the last. */
  private String lineOfRows() throws IOException {
    if (peek(0) < 0) {
      return "";
    }
    String row = skipLine();
    return row.strip().equals("\\.") ? "" : row + "\n";
  }

  private boolean atDollarQuote() throws IOException {
    int length = 1;
    while (isTagPart(peek(length), length == 1)) {
      length++;
    }
    return peek(length) == '$';
  }

  private static boolean isTagPart(int c, boolean first) {
    return c != '$' && isWordPart(c) && !(first && c >= '0' && c <= '9');
  }

  private void dollarQuoted() throws IOException {
    int from = line();
    StringBuilder tag = new StringBuilder();
    do {
      tag.append((char) peek(0));
      take();
    } while (peek(0) != '$');
    take();
    String end = tag.append('$').toString();
    while (!isHere(end)) {
      if (peek(0) < 0) {
        throw unended("a text in dollar quotes", from);
      }
      take();
    }
    take(end.length());
    literal();
  }

  private boolean isHere(String exactly) throws IOException {
    for (int i = 0; i < exactly.length(); i++) {
      if (peek(i) != exactly.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private ScriptException ofPsql() throws IOException {
    int where = line();
    String command = skipLine().strip();
    return new ScriptException(
        where,
        "a command of psql stands here, " + command.split("\\s", 2)[0],
        command.startsWith("\\connect") || command.startsWith("\\c ")
            ? "Dump one database, without --create, and name that database in the target's URL"
            : "Write it in SQL: only SQL is sent to the server");
  }
}
