package io.tidegate.engine.mysql;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows the words of one statement, to know whether a semicolon ends it or stands in the body of a
 * routine, trigger, event or anonymous block. Words have their meaning only where the grammar has
 * them: a column may be called {@code begin}, {@code end} or {@code event}.
 *
 * @see <a href="https://dev.mysql.com/doc/refman/8.4/en/sql-compound-statements.html">compound
 *     statements</a>
 * @see <a
 *     href="https://mariadb.com/docs/server/reference/sql-statements/programmatic-compound-statements">
 *     MariaDB's</a>
 */
final class CompoundStatement {
  private static final Set<String> ROUTINES =
      Set.of("PROCEDURE", "FUNCTION", "TRIGGER", "EVENT", "PACKAGE");

  /** What may stand between CREATE and the kind of what is made. */
  private static final Set<String> BEFORE_KIND =
      Set.of("OR", "REPLACE", "DEFINER", "AGGREGATE", "SQL", "SECURITY", "INVOKER");

  /** What may stand between a procedure's parameters and its body. */
  private static final Set<String> CHARACTERISTICS =
      Set.of(
          "COMMENT",
          "LANGUAGE",
          "SQL",
          "NOT",
          "DETERMINISTIC",
          "CONTAINS",
          "NO",
          "READS",
          "MODIFIES",
          "DATA",
          "SECURITY",
          "DEFINER",
          "INVOKER");

  /** What the body of a function may begin with; the words before it name a type. */
  private static final Set<String> FUNCTION_BODIES =
      Set.of("RETURN", "BEGIN", "IF", "CASE", "LOOP", "WHILE", "REPEAT", "FOR", "DECLARE");

  /** What a package may begin with behind its name; in Oracle's language AS or IS stands before. */
  private static final Set<String> PACKAGE_BODIES =
      Set.of("PROCEDURE", "FUNCTION", "DECLARE", "BEGIN", "SET", "END");

  /** After these words a value follows, even if it is called {@code end}. */
  private static final Set<String> BEFORE_VALUE =
      Set.of(
          "CASE",
          "WHEN",
          "THEN",
          "ELSE",
          "AND",
          "OR",
          "XOR",
          "NOT",
          "DIV",
          "MOD",
          "LIKE",
          "IN",
          "BETWEEN",
          "IS",
          "REGEXP",
          "RLIKE",
          "DISTINCT",
          "SELECT",
          "BINARY",
          "ESCAPE",
          "BY");

  private enum Part {
    /** Before its first word. */
    START,
    /** After CREATE or ALTER, until it is known what is made. */
    KIND,
    /** From there to the body. */
    HEADER,
    /** From a procedure's or function's parameters to its body. */
    CHARACTERISTICS,
    /** After the first word BEGIN, which begins a block or a transaction. */
    AFTER_BEGIN,
    /** In a body. */
    BODY,
    /** A statement without one. */
    PLAIN
  }

  private final boolean oracle;
  private final Deque<String> blocks = new ArrayDeque<>();
  private Part part = Part.START;
  private String kind = "";
  private String last = "";
  private String beforeLast = "";
  private int parentheses;
  private boolean returns;

  /** In a body: whether a statement begins at the next word. */
  private boolean statementBegins;

  /** In a body: the first word of the statement. */
  private String firstWord = "";

  /** In a body: whether the word before was the first of its statement, so that a colon makes it a label. */
  private boolean labelPossible;

  /** In a body: how many CASE of expressions are open. */
  private int cases;

  private boolean valueExpected;

  /** In a body: after END, until the semicolon. */
  private boolean ended;

  /** In a body: where in {@code DECLARE ... HANDLER FOR conditions statement}; null: not there. */
  private @Nullable Handler handler;

  private enum Handler {
    CONDITION,
    SQLSTATE,
    AFTER_CONDITION
  }

  /**
   * A new statement.
   *
   * @param oracle whether the server reads Oracle's language, which begins blocks without further words
   */
  CompoundStatement(boolean oracle) {
    this.oracle = oracle;
  }

  /** Whether a semicolon ends the statement here. */
  boolean isComplete() {
    return switch (part) {
      case BODY -> blocks.isEmpty();
      case START, KIND, HEADER, CHARACTERISTICS, AFTER_BEGIN, PLAIN -> true;
    };
  }

  /** A word, in upper case. */
  void word(String word) {
    if (last.equals(".") || last.equals("@") || isTriggersName()) {
      operand();
    } else {
      read(word);
    }
    remember(word);
  }

  /** After FOLLOWS or PRECEDES in a trigger, between its header and its body. */
  private boolean isTriggersName() {
    return part == Part.BODY
        && kind.equals("TRIGGER")
        && blocks.isEmpty()
        && (last.equals("FOLLOWS") || last.equals("PRECEDES"));
  }

  /** A quoted text or name. */
  void literal() {
    operand();
    remember("'");
  }

  /** A character that is neither. */
  void symbol(char c) {
    switch (c) {
      case '(' -> parentheses++;
      case ')' -> closed();
      case ';' -> semicolon();
      case ':' -> colon();
      case ',' -> handler = handler == Handler.AFTER_CONDITION ? Handler.CONDITION : handler;
      default -> {}
    }
    if (c != ':') {
      labelPossible = false;
      // A label in Oracle's language stands in <<>>.
      statementBegins &= c == ';' || c == '<' || c == '>';
    }
    valueExpected = c != ')';
    remember(String.valueOf(c));
  }

  private void remember(String token) {
    beforeLast = last;
    last = token;
  }

  /** In Oracle's language a label stands in {@code <<>>}, and its statement begins behind it. */
  private boolean isLabel() {
    return statementBegins && last.equals("<") && beforeLast.equals("<");
  }

  private void operand() {
    if (isLabel()) {
      return;
    }
    if (part == Part.CHARACTERISTICS || part == Part.HEADER || part == Part.KIND) {
      return;
    }
    if (part == Part.START) {
      part = Part.PLAIN;
      return;
    }
    if (handler == Handler.CONDITION || handler == Handler.SQLSTATE) {
      handler = Handler.AFTER_CONDITION;
    }
    labelPossible = statementBegins;
    statementBegins = isTriggersName();
    valueExpected = false;
  }

  private void read(String word) {
    switch (part) {
      case START -> first(word);
      case KIND -> kind(word);
      case HEADER -> header(word);
      case CHARACTERISTICS -> characteristic(word);
      case AFTER_BEGIN -> afterBegin(word);
      case BODY -> body(word);
      case PLAIN -> {}
    }
  }

  private void first(String word) {
    switch (word) {
      case "CREATE", "ALTER" -> part = Part.KIND;
      case "BEGIN" -> part = Part.AFTER_BEGIN;
      case "DECLARE" -> {
        part = oracle ? Part.BODY : Part.PLAIN;
        if (oracle) {
          blocks.push(word);
        }
      }
      case "IF", "CASE", "LOOP", "WHILE", "REPEAT", "FOR" -> bodyWith(word);
      default -> {
        part = Part.BODY; // A label may stand before a block; a plain statement holds none.
        statementBegins = true;
        body(word);
      }
    }
  }

  /** {@code BEGIN;} and {@code BEGIN WORK;} begin a transaction. */
  private void afterBegin(String word) {
    if (word.equals("NOT") || (oracle && !word.equals("WORK"))) {
      bodyWith("BEGIN");
      if (!word.equals("NOT")) {
        body(word);
      }
    } else {
      part = Part.PLAIN;
    }
  }

  private void bodyWith(String word) {
    part = Part.BODY;
    statementBegins = true;
    body(word);
  }

  private void kind(String word) {
    if (last.equals("=")) {
      return; // The user in DEFINER = user@host.
    }
    if (ROUTINES.contains(word)) {
      kind = word;
      part = Part.HEADER;
    } else if (!BEFORE_KIND.contains(word) && !word.equals("CURRENT_USER")) {
      part = Part.PLAIN;
    }
  }

  private void header(String word) {
    switch (kind) {
      case "TRIGGER" -> {
        if (beforeLast.equals("FOR") && last.equals("EACH") && word.equals("ROW")) {
          begins();
        }
      }
      case "EVENT" -> {
        if (word.equals("DO") && !last.equals("EVENT")) {
          begins();
        }
      }
      case "FUNCTION", "PROCEDURE" -> {
        if (word.equals("SONAME")) {
          part = Part.PLAIN;
        } else if (oracle && (word.equals("AS") || word.equals("IS")) && parentheses == 0) {
          declarations();
        }
      }
      default -> {
        if (word.equals("AS") || word.equals("IS")) {
          declarations();
        } else if (!oracle && PACKAGE_BODIES.contains(word)) {
          declarations();
          body(word);
        }
      }
    }
  }

  private void begins() {
    part = Part.BODY;
    statementBegins = true;
  }

  /** They stand before BEGIN in Oracle's language, and in a package; the whole is one block. */
  private void declarations() {
    begins();
    blocks.push("DECLARE");
  }

  private void closed() {
    parentheses = Math.max(0, parentheses - 1);
    if (part == Part.HEADER
        && parentheses == 0
        && (kind.equals("PROCEDURE") || kind.equals("FUNCTION"))) {
      part = Part.CHARACTERISTICS;
    }
  }

  private void characteristic(String word) {
    if (oracle) {
      if (word.equals("AS") || word.equals("IS")) {
        declarations();
      }
      return;
    }
    if (kind.equals("FUNCTION")) {
      if (word.equals("RETURNS")) {
        returns = true;
      } else if (returns && parentheses == 0 && FUNCTION_BODIES.contains(word)) {
        bodyWith(word);
      } else if (returns) {
        labelPossible = true; // A label before the block, behind the type.
      }
    } else if (!CHARACTERISTICS.contains(word)) {
      bodyWith(word);
    }
  }

  private void colon() {
    if (labelPossible) {
      begins();
      labelPossible = false;
    }
  }

  private void semicolon() {
    statementBegins = true;
    ended = false;
    cases = 0;
    handler = null;
    parentheses = 0;
  }

  private void body(String word) {
    if (ended) {
      return;
    }
    if (handler != null && !atHandlersStatement(word)) {
      return;
    }
    if (isLabel()) {
      return;
    }
    if (statementBegins || beginsRoutineOfPackage(word)) {
      statement(word);
    } else {
      inside(word);
    }
    valueExpected = BEFORE_VALUE.contains(word);
  }

  /** Outside Oracle's language, where its body has no AS before it. */
  private boolean beginsRoutineOfPackage(String word) {
    return !oracle
        && kind.equals("PACKAGE")
        && (firstWord.equals("PROCEDURE") || firstWord.equals("FUNCTION"))
        && parentheses == 0
        && FUNCTION_BODIES.contains(word);
  }

  /** A statement, or what goes on with one, begins with this word. */
  private void statement(String word) {
    statementBegins = false;
    labelPossible = false;
    firstWord = word;
    switch (word) {
      case "BEGIN" -> {
        if (oracle && "DECLARE".equals(blocks.peek())) {
          blocks.pop();
        }
        blocks.push(word);
        statementBegins = true;
      }
      case "LOOP", "REPEAT" -> {
        blocks.push(word);
        statementBegins = true;
      }
      case "IF", "CASE", "WHILE", "FOR" -> blocks.push(word);
      case "ELSE", "NOT", "ATOMIC", "EXCEPTION" -> statementBegins = true;
      case "FOLLOWS", "PRECEDES" -> statementBegins = kind.equals("TRIGGER") && blocks.isEmpty();
      case "END" -> {
        blocks.poll();
        ended = true;
      }
      default -> labelPossible = true;
    }
  }

  private void inside(String word) {
    labelPossible = false;
    String block = blocks.isEmpty() ? "" : blocks.getFirst();
    switch (word) {
      case "CASE" -> cases++;
      case "END" -> end();
      case "THEN" -> statementBegins = cases == 0 && Set.of("IF", "CASE", "BEGIN").contains(block);
      case "DO" -> statementBegins = block.equals("WHILE") || block.equals("FOR");
      case "LOOP" -> statementBegins = oracle && (block.equals("WHILE") || block.equals("FOR"));
      case "AS", "IS" -> {
        if (oracle && (firstWord.equals("PROCEDURE") || firstWord.equals("FUNCTION"))) {
          declarations(); // One in a package.
        }
      }
      case "HANDLER" -> {
        if (Set.of("CONTINUE", "EXIT", "UNDO").contains(last)) {
          handler = Handler.CONDITION;
        }
      }
      default -> {}
    }
  }

  /** The end of a CASE among values, or of REPEAT, which has no semicolon before it. */
  private void end() {
    if (valueExpected) {
      return;
    }
    if (cases > 0) {
      cases--;
    } else if (firstWord.equals("UNTIL")) {
      blocks.poll();
      ended = true;
    }
  }

  /** Passes over the conditions of a handler; true where its statement begins. */
  private boolean atHandlersStatement(String word) {
    if (handler == Handler.AFTER_CONDITION) {
      handler = null;
      statementBegins = true;
      return true;
    }
    handler =
        switch (word) {
          case "FOR", "NOT" -> Handler.CONDITION;
          case "SQLSTATE", "VALUE" -> Handler.SQLSTATE;
          default -> Handler.AFTER_CONDITION;
        };
    return false;
  }
}
