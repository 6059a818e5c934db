package io.tidegate.engine.mysql;

import io.tidegate.migration.sql.StatementSplitter;
import io.tidegate.migration.sql.StatementSplitter.ScriptException;
import io.tidegate.migration.sql.StatementSplitter.ScriptStatement;
import java.io.IOException;
import java.io.Reader;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Takes a script for MySQL and MariaDB apart, since a packet to the server has a largest size. A
 * semicolon ends a statement where the server's own parser would end it; {@code DELIMITER} is obeyed
 * as the command line client does; what stands in {@code /*!} or {@code /*M!} is no comment.
 */
final class MySqlStatementSplitter extends StatementSplitter {
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

  /** Reads a file of the client's, which the driver must not do for a server that asks for any. */
  private static final Pattern LOADS_FROM_CLIENT =
      Pattern.compile("LOAD (DATA|XML) (LOW_PRIORITY |CONCURRENT )?LOCAL\\b.*");

  /** Never executed by any server, so that mariadb-dump hides words for the client there. */
  private static final String NO_VERSION = "999999";

  private final ScriptSettings settings;
  private String delimiter = ";";
  private int conditional;
  private CompoundStatement compound;

  /** Whether a {@code USE} begins here that the end of its line ends. */
  private boolean atUse;

  /** Whether that line was taken. */
  private boolean useTaken;

  /**
   * Reads from there; the caller closes it.
   *
   * @param mode the session's {@code sql_mode}
   */
  MySqlStatementSplitter(Reader in, String mode) {
    super(in);
    this.settings = new ScriptSettings(mode);
    this.compound = new CompoundStatement(settings.oracle());
  }

  @Override
  protected void begin() {
    compound = new CompoundStatement(settings.oracle());
    conditional = 0;
  }

  /**
   * Two hyphens begin a comment only with a blank behind them, since {@code 5--3} is 8; but where a
   * statement would begin, the client passes over such a line in any case.
   */
  @Override
  protected boolean atComment() throws IOException {
    int c = peek(0);
    if (c == '#') {
      return true;
    }
    if (c == '-') {
      return peek(1) == '-' && (peek(2) <= ' ' || isBetweenStatements());
    }
    return c == '/' && peek(1) == '*' && !atConditional();
  }

  private boolean atConditional() throws IOException {
    return (startsWith("/*!") && !startsWith("/*!" + NO_VERSION))
        || (startsWith("/*M!") && !startsWith("/*M!" + NO_VERSION));
  }

  @Override
  protected boolean passDelimiter() throws IOException {
    if (useTaken) {
      useTaken = false;
      return true;
    }
    if (atOtherDelimiter()) {
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
    return atOtherDelimiter();
  }

  /** Compared with its case, as the client does. */
  private boolean atOtherDelimiter() throws IOException {
    return !delimiter.equals(";") && atExactly(delimiter, 0);
  }

  private boolean atExactly(String expected, int ahead) throws IOException {
    for (int i = 0; i < expected.length(); i++) {
      if (peek(ahead + i) != expected.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  @Override
  protected boolean command() throws IOException {
    String word = peekWord();
    if (OF_CLIENT.contains(word)) {
      throw ofClient(word);
    }
    if (word.equals("DELIMITER")) {
      delimiter();
      return true;
    }
    atUse = word.equals("USE") && lineGoesOnWithoutDelimiter(word.length());
    return false;
  }

  private void delimiter() throws IOException {
    int where = line();
    String[] words = skipLine().strip().split("\\s+", 3);
    String given = words.length < 2 ? "" : words[1].replaceAll("^(['\"`])(.+)\\1$", "$2");
    if (given.isEmpty()) {
      throw new ScriptException(
          where, "DELIMITER names no delimiter", "Name one after it, as in DELIMITER //");
    }
    if (given.contains("\\")) {
      throw new ScriptException(
          where, "a delimiter may not contain a backslash", "Take another one, as in DELIMITER //");
    }
    delimiter = given;
  }

  /** Whether something, but no delimiter, stands from there to the end of the line. */
  private boolean lineGoesOnWithoutDelimiter(int from) throws IOException {
    boolean something = false;
    for (int i = from; peek(i) >= 0 && peek(i) != '\n'; i++) {
      if (atExactly(delimiter, i) || peek(i) == ';') {
        return false;
      }
      something |= peek(i) > ' ';
    }
    return something;
  }

  @Override
  protected void token() throws IOException {
    int c = peek(0);
    if (atUse) {
      takeWord();
      takeLine();
      atUse = false;
      useTaken = true;
    } else if (c == '\'' || c == '"' || c == '`') {
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
    return settings.backslash() && !(quote == '"' && settings.doubleQuotesName());
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
    if (LOADS_FROM_CLIENT.matcher(firstWords).matches()) {
      throw new ScriptException(
          begin,
          "LOAD DATA LOCAL reads a file of the client's, which is never sent",
          "Write its rows as INSERT, or load them with loadData in a Liquibase changelog");
    }
    String sent = firstWords.startsWith("SET ") ? settings.set(statement, begin) : statement;
    if (!settings.sendsUtf8() && sent.chars().anyMatch(c -> c > 127)) {
      throw new ScriptException(
          begin,
          "the file has set another character set than UTF-8 before, so that what this text means"
              + " cannot be known",
          "Where it reads right as it is, write SET NAMES utf8mb4; take a dump anew with"
              + " --default-character-set=utf8mb4");
    }
    return super.finish(sent, begin, firstWords);
  }

  private ScriptException ofClient(String command) {
    return new ScriptException(
        line(),
        "a command of the mysql client stands here, " + command,
        "Leave it out: only SQL is sent to the server");
  }
}
