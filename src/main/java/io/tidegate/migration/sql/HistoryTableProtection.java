package io.tidegate.migration.sql;

import io.tidegate.migration.sql.SqlSession.HistoryPlace;
import io.tidegate.migration.sql.StatementSplitter.ScriptException;
import io.tidegate.migration.sql.StatementSplitter.ScriptStatement;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a statement of a plain file that would take away, make anew or fill the tables in which it is
 * kept what ran, or drop the database or schema in which they are. The dump of a database that was
 * migrated does so.
 */
final class HistoryTableProtection {
  private static final Set<String> NAMES =
      Set.of(
          "databasechangelog", "databasechangeloglock", "tidegate_intent", "tidegate_fingerprint");

  private static final String WITHOUT_THEM =
      "Leave out all that concerns databasechangelog, databasechangeloglock, tidegate_intent and"
          + " tidegate_fingerprint; a dump is taken without them by -T <table> of pg_dump, or"
          + " --ignore-table=<database>.<table> of mysqldump and mariadb-dump, once for each";

  /** Words between the first one and the name of a table. */
  private static final Set<String> BEFORE_NAME =
      Set.of(
          "TABLE",
          "TABLES",
          "IF",
          "NOT",
          "EXISTS",
          "ONLY",
          "UNLOGGED",
          "OR",
          "REPLACE",
          "INTO",
          "IGNORE",
          "LOW_PRIORITY",
          "HIGH_PRIORITY",
          "DELAYED",
          "ABORT",
          "FAIL",
          "ROLLBACK");

  private final HistoryPlace place;
  private final Set<String> history;

  /** The database, schema or file that unqualified names lead to. */
  private String here;

  /**
   * Protects those of the usual names, and more.
   *
   * @param history the names of a history and of what belongs to it, in lower case
   */
  HistoryTableProtection(HistoryPlace place, Set<String> history) {
    this.place = place;
    this.history = history;
    this.here = home();
  }

  /**
   * Takes the next statement of the file.
   *
   * @throws ScriptException if it is one of those
   */
  void check(ScriptStatement statement) {
    Tokens tokens = new Tokens(statement.text());
    switch (tokens.keyword()) {
      case "USE" -> here = tokens.name().last();
      case "DROP" -> dropped(tokens, statement);
      case "CREATE" -> created(tokens, statement);
      case "TRUNCATE" -> tables(tokens, statement);
      case "INSERT", "REPLACE" -> table(tokens, statement);
      case "COPY" -> {
        if (statement.data() != null) {
          table(tokens, statement);
        }
      }
      default -> {} // Leaves them as they are.
    }
  }

  private void dropped(Tokens tokens, ScriptStatement statement) {
    switch (tokens.keyword()) {
      case "TABLE", "TABLES" -> tables(tokens, statement);
      case "DATABASE", "SCHEMA" -> places(tokens, statement);
      default -> {}
    }
  }

  private void created(Tokens tokens, ScriptStatement statement) {
    String kind = tokens.keyword();
    boolean replaced = kind.equals("OR");
    while (Set.of("OR", "REPLACE", "UNLOGGED").contains(kind)) {
      kind = tokens.keyword();
    }
    switch (kind) {
      case "TABLE" -> table(tokens, statement);
      case "DATABASE", "SCHEMA" -> {
        if (replaced) {
          places(tokens, statement);
        }
      }
      default -> {}
    }
  }

  private void tables(Tokens tokens, ScriptStatement statement) {
    do {
      table(tokens, statement);
    } while (tokens.passComma());
  }

  private void table(Tokens tokens, ScriptStatement statement) {
    Name name = tokens.name();
    String where = name.qualifier() == null ? here : name.qualifier();
    String last = name.last().toLowerCase(Locale.ROOT);
    if ((NAMES.contains(last) || history.contains(last)) && where.equalsIgnoreCase(home())) {
      throw new ScriptException(
          statement.line(),
          "the table %s is where it is kept what ran, and this would change it: %s"
              .formatted(name.last(), StatementText.shown(statement.text())),
          WITHOUT_THEM);
    }
  }

  /** A schema that is not there yet has nothing to lose. */
  private void places(Tokens tokens, ScriptStatement statement) {
    if (!place.exists()) {
      return;
    }
    do {
      if (tokens.name().last().equalsIgnoreCase(home())) {
        throw new ScriptException(
            statement.line(),
            "%s is where it is kept what ran, and this would drop it: %s"
                .formatted(home(), StatementText.shown(statement.text())),
            place.schema() == null
                ? "Leave it out, with the CREATE DATABASE after it; a dump is taken without by leaving"
                    + " out --add-drop-database"
                : "Drop what is in it by name instead, or begin with an empty database; a dump is taken"
                    + " without by leaving out --clean");
      }
    } while (tokens.passComma());
  }

  private String home() {
    if (place.schema() != null) {
      return place.schema();
    }
    return place.catalog() == null ? "main" : place.catalog();
  }

  /** A name as it is written, without its quotes. */
  private record Name(@Nullable String qualifier, String last) {}

  /** The words, names and symbols of a statement, one after the other. */
  private static final class Tokens {
    /** What MySQL and MariaDB execute is no comment; only its frame is left out. */
    private static final Pattern TOKEN =
        Pattern.compile(
            "--[^\\n]*+|#[^\\n]*+|/\\*(?!M?!).*?\\*/|/\\*M?!\\d*+|\\*/"
                + "|(?<quoted>\"[^\"]*+(?:\"\"[^\"]*+)*+\"|`[^`]*+(?:``[^`]*+)*+`|\\[[^\\]]*+])"
                + "|(?<word>[\\p{L}_][\\p{L}\\p{N}_$]*+)"
                + "|(?<symbol>\\S)",
            Pattern.DOTALL);

    private final Matcher matcher;
    private boolean there;

    Tokens(String statement) {
      this.matcher = TOKEN.matcher(statement);
      pass();
    }

    /** Goes on to the next that is not a comment. */
    private void pass() {
      do {
        there = matcher.find();
      } while (there && quoted() == null && word() == null && matcher.group("symbol") == null);
    }

    private @Nullable String quoted() {
      return there ? matcher.group("quoted") : null;
    }

    private @Nullable String word() {
      return there ? matcher.group("word") : null;
    }

    /** Passes a word, and gives it in upper case; empty if none stands here. */
    String keyword() {
      String word = word();
      if (word == null) {
        return "";
      }
      pass();
      return word.toUpperCase(Locale.ROOT);
    }

    boolean passComma() {
      return pass(",");
    }

    private boolean pass(String symbol) {
      boolean here = there && symbol.equals(matcher.group("symbol"));
      if (here) {
        pass();
      }
      return here;
    }

    /** Passes what stands before a name, and the name; its last part is empty if there is none. */
    Name name() {
      String word = word();
      while (word != null && BEFORE_NAME.contains(word.toUpperCase(Locale.ROOT))) {
        pass();
        word = word();
      }
      String qualifier = null;
      String last = part();
      while (pass(".")) {
        qualifier = last;
        last = part();
      }
      return new Name(qualifier, last);
    }

    private String part() {
      String quoted = quoted();
      String part = quoted == null ? word() : quoted.substring(1, quoted.length() - 1);
      if (part == null) {
        return "";
      }
      pass();
      return part;
    }
  }
}
