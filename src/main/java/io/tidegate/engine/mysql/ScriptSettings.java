package io.tidegate.engine.mysql;

import io.tidegate.engine.mysql.SetStatement.Assignment;
import io.tidegate.migration.sql.StatementSplitter.ScriptException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a script has set for its session so far, as far as it decides what the text behind it means:
 * the {@code sql_mode}, and the character set that the client says it sends.
 */
final class ScriptSettings {
  private static final String MODE = "@@SQL_MODE";
  private static final String CLIENT = "@@CHARACTER_SET_CLIENT";

  private static final String RESULTS = "CHARACTER_SET_RESULTS";

  private static final Pattern DOUBLE_QUOTES_NAMES =
      Pattern.compile("ANSI|ORACLE|DB2|MAXDB|MSSQL|POSTGRESQL");

  private static final Pattern CHANGES_READING =
      Pattern.compile("NO_BACKSLASH_ESCAPES|" + DOUBLE_QUOTES_NAMES);

  private final String modeBefore;

  /** Values of variables, as {@link TextExpression} knows them. */
  private final Map<String, String> known = new HashMap<>();

  /**
   * Nothing is set yet.
   *
   * @param mode the session's {@code sql_mode}
   */
  ScriptSettings(String mode) {
    modeBefore = mode.toUpperCase(Locale.ROOT);
    known.put(MODE, modeBefore);
    known.put("@@GLOBAL.SQL_MODE", modeBefore);
    known.put(CLIENT, "UTF8MB4");
  }

  boolean oracle() {
    return mode().contains("ORACLE");
  }

  /** Whether a backslash takes the next character of a text literally. */
  boolean backslash() {
    return !mode().contains("NO_BACKSLASH_ESCAPES");
  }

  /** Whether double quotes enclose a name rather than a text. */
  boolean doubleQuotesName() {
    return DOUBLE_QUOTES_NAMES.matcher(mode()).find();
  }

  /** Whether the script says that it is in UTF-8, as it is sent. */
  boolean sendsUtf8() {
    return isUtf8(known.getOrDefault(CLIENT, ""));
  }

  /**
   * Keeps what a statement sets, and gives the statement as it has to be sent. All are sent in UTF-8,
   * so that another character set of the client gives way to that, but not what goes with it.
   *
   * @param line where the statement begins
   */
  String set(String statement, int line) {
    StringBuilder sent = new StringBuilder();
    int copied = 0;
    for (Assignment next : SetStatement.assignments(statement, backslash())) {
      if (next.isOfServer()) {
        continue;
      }
      if (next.name().equals("SQL_MODE")) {
        known.put(MODE, mode(next.value(), line));
      } else if (next.name().startsWith("@")) {
        keep(next.name(), TextExpression.value(next.value(), known));
      }
      String characters = characters(next, known);
      if (characters != null && !next.name().equals(RESULTS)) {
        known.put(CLIENT, characters);
      }
      if (characters != null && !isUtf8(characters)) {
        sent.append(statement, copied, next.from()).append(inUtf8(next));
        copied = next.to();
      }
    }
    return sent.append(statement.substring(copied)).toString();
  }

  /** Whether it sets another character set of the client than UTF-8, at which the driver hangs up. */
  static boolean setsOtherCharacters(String statement) {
    return SetStatement.assignments(statement, true).stream()
        .filter(next -> !next.isOfServer())
        .map(next -> characters(next, Map.of()))
        .anyMatch(characters -> characters != null && !isUtf8(characters));
  }

  private String mode() {
    return known.getOrDefault(MODE, modeBefore);
  }

  private void keep(String name, @Nullable String value) {
    if (value == null) {
      known.remove(name);
    } else {
      known.put(name, value);
    }
  }

  private String mode(List<SqlToken> assigned, int line) {
    String value = TextExpression.value(assigned, known);
    if (value != null) {
      return value.equals("DEFAULT") ? modeBefore : value;
    }
    if (assigned.size() == 1 && assigned.getFirst().text().startsWith("@")) {
      // What nothing in the file has set is NULL, which the server refuses.
      return modeBefore;
    }
    boolean same =
        assigned.stream().anyMatch(token -> TextExpression.nameOf(token).equals(MODE))
            && assigned.stream().noneMatch(token -> CHANGES_READING.matcher(token.upper()).find());
    if (!same) {
      throw new ScriptException(
          line,
          "what sql_mode becomes here cannot be told, and it decides where a text ends",
          "Write the modes themselves, as in SET sql_mode = 'STRICT_TRANS_TABLES'");
    }
    return mode();
  }

  /** The character set that the client says it sends or reads; null: none is set, or it cannot be told. */
  private static @Nullable String characters(Assignment set, Map<String, String> known) {
    return switch (set.name()) {
      case "NAMES", "CHARACTER SET" ->
          set.value().isEmpty() ? null : TextExpression.value(set.value().subList(0, 1), known);
      case "CHARACTER_SET_CLIENT", RESULTS -> TextExpression.value(set.value(), known);
      default -> null;
    };
  }

  private static boolean isUtf8(String characters) {
    return characters.startsWith("UTF8") || characters.equals("DEFAULT");
  }

  /** What the assignment does, but for what the client says it sends and reads. */
  private static String inUtf8(Assignment set) {
    String client = "SESSION character_set_client = utf8mb4";
    String both = client + ", SESSION character_set_results = utf8mb4, SESSION ";
    return switch (set.name()) {
      case "NAMES" -> both + connection(set.value());
      case "CHARACTER SET" -> both + "collation_connection = @@collation_database";
      case RESULTS -> "SESSION character_set_results = utf8mb4";
      default -> client;
    };
  }

  /** Of {@code latin1} or {@code latin1 COLLATE latin1_bin}. */
  private static String connection(List<SqlToken> names) {
    return names.size() == 3 && !names.get(2).is("DEFAULT")
        ? "collation_connection = " + names.get(2).text()
        : "character_set_connection = " + names.getFirst().text();
  }
}
