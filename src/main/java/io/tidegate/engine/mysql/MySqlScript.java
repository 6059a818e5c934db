package io.tidegate.engine.mysql;

import io.tidegate.migration.sql.ScriptException;
import io.tidegate.migration.sql.ScriptReader;
import io.tidegate.migration.sql.ScriptStatement;
import java.io.IOException;
import java.io.Reader;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes a script for MySQL and MariaDB apart, since a packet to the server has a largest size. A
 * semicolon ends a statement where the server's own parser would end it; {@code DELIMITER} is obeyed
 * as the command line client does; what stands in {@code /*!} or {@code /*M!} is no comment.
 */
final class MySqlScript extends ScriptReader {
  /** Commands of the client that the server does not know, and that a file may begin a line with. */
  private static final Set<String> OF_CLIENT =
      Set.of(
          "SOURCE",
          "SYSTEM",
          "CONNECT",
          "QUIT",
          "EXIT",
          "TEE",
          "NOTEE",
          "PAGER",
          "NOPAGER",
          "PROMPT",
          "CHARSET",
          "EGO",
          "GO",
          "REHASH",
          "WARNINGS",
          "NOWARNING",
          "PRINT",
          "EDIT");

  private static final Pattern MODE = Pattern.compile("(?is)\\bsql_mode`?\\s*:?=\\s*([^;]*)");

  /** Never executed by any server, so that mariadb-dump hides words for the client there. */
  private static final String NO_VERSION = "999999";

  private final String modeBefore;
  private String mode;
  private String delimiter = ";";
  private int conditional;
  private CompoundStatement compound;

  /**
   * Reads from there; the caller closes it.
   *
   * @param mode the session's {@code sql_mode}
   */
  MySqlScript(Reader in, String mode) {
    super(in);
    this.modeBefore = mode.toUpperCase(Locale.ROOT);
    this.mode = modeBefore;
    this.compound = new CompoundStatement(oracle());
  }

  private boolean oracle() {
    return mode.contains("ORACLE");
  }

  @Override
  protected void begin() {
    compound = new CompoundStatement(oracle());
    conditional = 0;
  }

  /** Two hyphens begin a comment only with a blank behind them: {@code 5--3} is 8. */
  @Override
  protected boolean atComment() throws IOException {
    int c = peek(0);
    if (c == '#') {
      return true;
    }
    if (c == '-') {
      return peek(1) == '-' && peek(2) <= ' ';
    }
    return c == '/' && peek(1) == '*' && !atConditional();
  }

  private boolean atConditional() throws IOException {
    return (startsWith("/*!") && !startsWith("/*!" + NO_VERSION))
        || (startsWith("/*M!") && !startsWith("/*M!" + NO_VERSION));
  }

  @Override
  protected boolean passDelimiter() throws IOException {
    if (!delimiter.equals(";") && startsWith(delimiter)) {
      for (int i = 0; i < delimiter.length(); i++) {
        skip();
      }
      return true;
    }
    // With another delimiter too: the server ends a statement there.
    return super.passDelimiter();
  }

  @Override
  protected boolean complete() {
    return conditional == 0 && compound.isComplete();
  }

  @Override
  protected boolean atWordEnd() throws IOException {
    return !delimiter.equals(";") && startsWith(delimiter);
  }

  @Override
  protected boolean command() throws IOException {
    if (startsWith("--")) {
      throw new ScriptException(
          line(),
          "two hyphens without a blank behind them stand here, which begin no comment",
          "Put a blank behind them; have Drizzle write its files with breakpoints: false");
    }
    String word = peekWord();
    if (OF_CLIENT.contains(word)) {
      throw ofClient(word);
    }
    if (!word.equals("DELIMITER")) {
      return false;
    }
    int where = line();
    String[] words = skipLine().strip().split("\\s+", 3);
    String given = words.length < 2 ? "" : words[1].replaceAll("^(['\"`])(.+)\\1$", "$2");
    if (given.isEmpty() || given.contains("\\")) {
      throw new ScriptException(
          where, "DELIMITER names no delimiter", "Name one after it, as in DELIMITER //");
    }
    delimiter = given;
    return true;
  }

  @Override
  protected void token() throws IOException {
    int c = peek(0);
    if (c == '\'' || c == '"' || c == '`') {
      quoted((char) c, c != '`' && escapes((char) c));
    } else if (c == '/' && peek(1) == '*') {
      take(startsWith("/*M") ? 4 : 3);
      while (peek(0) >= '0' && peek(0) <= '9') {
        take();
      }
      conditional++;
    } else if (conditional > 0 && c == '*' && peek(1) == '/') {
      take(2);
      conditional--;
    } else if (c == '\\' && conditional == 0 && peek(1) != 'N') {
      throw ofClient("\\" + (char) peek(1));
    } else {
      super.token();
    }
  }

  /** Whether a backslash takes the next character literally. */
  private boolean escapes(char quote) {
    return !mode.contains("NO_BACKSLASH_ESCAPES")
        && !(quote == '"' && (mode.contains("ANSI") || oracle()));
  }

  @Override
  protected void word(String upper) {
    compound.word(upper);
  }

  @Override
  protected void literal() {
    compound.literal();
  }

  @Override
  protected void symbol(char c) {
    compound.symbol(c);
  }

  @Override
  protected ScriptStatement finish(String statement, int begin, String firstWords)
      throws IOException {
    if (firstWords.startsWith("SET ") && !firstWords.startsWith("SET GLOBAL")) {
      Matcher assignment = MODE.matcher(statement);
      if (assignment.find()) {
        mode = mode(assignment.group(1).toUpperCase(Locale.ROOT));
      }
    }
    return super.finish(statement, begin, firstWords);
  }

  private String mode(String assigned) {
    if (assigned.contains("@@SQL_MODE")) {
      return mode + "," + assigned;
    }
    // A variable, as a dump sets at its end, holds what was there before.
    return assigned.startsWith("@") ? modeBefore : assigned;
  }

  private ScriptException ofClient(String command) {
    return new ScriptException(
        line(),
        "a command of the mysql client stands here, " + command,
        "Leave it out: only SQL is sent to the server");
  }
}
