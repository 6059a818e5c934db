package io.tidegate.migration.risk;

import io.tidegate.migration.risk.Effect.Action;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a statement does by the keywords that it begins with, for those that the parser cannot read.
 * One over several tables, or with several parts, is taken apart first.
 */
final class LeadingKeywords {
  private static final String NAME =
      "(?:(?<schema>\"[^\"]+\"|`[^`]+`|\\[[^\\]]+]|[\\w$[^\\x00-\\x7F]]+)\\s*\\.\\s*)?"
          + "(?<table>\"[^\"]+\"|`[^`]+`|\\[[^\\]]+]|[\\w$[^\\x00-\\x7F]]+)";
  private static final String COLUMN =
      "(?<column>\"[^\"]+\"|`[^`]+`|\\[[^\\]]+]|[\\w$[^\\x00-\\x7F]]+)";
  private static final String IF_EXISTS = "(?:IF\\s+EXISTS\\s+)?";
  private static final String ALTER =
      "ALTER\\s+TABLE\\s+" + IF_EXISTS + "(?:ONLY\\s+)?" + NAME + "\\s*\\*?\\s+";
  private static final String NO_COLUMN =
      "(?!(?:CONSTRAINT|INDEX|KEY|PRIMARY|FOREIGN|CHECK|PARTITION|EXPRESSION|IDENTITY)\\b)";

  /** Of these, a condition is looked for as a word, outside of texts. */
  private static final Pattern ROWS = pattern("(?:DELETE\\s+FROM|UPDATE)\\s+(?:ONLY\\s+)?" + NAME);

  private static final Pattern CONDITION =
      Pattern.compile("\\b(?:WHERE|USING|JOIN|LIMIT)\\b", Pattern.CASE_INSENSITIVE);
  private static final Pattern OTHERS_FIRST =
      Pattern.compile("(?:WITH|INSERT|COPY)\\b", Pattern.CASE_INSENSITIVE);
  private static final Pattern CHANGES_ROWS =
      Pattern.compile("\\s*+(?:DELETE\\s+FROM|UPDATE)\\s", Pattern.CASE_INSENSITIVE);

  private static final List<Leading> ALL =
      List.of(
          new Leading(Action.DROP_TABLE, pattern("DROP\\s+TABLE\\s+" + IF_EXISTS + NAME)),
          new Leading(Action.DROP_TABLE, pattern("CREATE\\s+OR\\s+REPLACE\\s+TABLE\\s+" + NAME)),
          new Leading(Action.DROP_SCHEMA, pattern("DROP\\s+SCHEMA\\s+" + IF_EXISTS + NAME)),
          new Leading(Action.DROP_DATABASE, pattern("DROP\\s+DATABASE\\s+" + IF_EXISTS + NAME)),
          new Leading(Action.TRUNCATE, pattern("TRUNCATE\\s+(?:TABLE\\s+)?(?:ONLY\\s+)?" + NAME)),
          new Leading(Action.TRUNCATE, pattern(ALTER + "DROP\\s+SYSTEM\\s+VERSIONING\\b")),
          new Leading(
              Action.CREATE_INDEX,
              pattern(
                  "CREATE\\s+(?:UNIQUE\\s+)?INDEX\\s+(?!CONCURRENTLY\\b)[^(]*?\\bON\\s+(?:ONLY\\s+)?"
                      + NAME)),
          new Leading(
              Action.DROP_COLUMN,
              pattern(ALTER + "DROP\\s+(?:COLUMN\\s+|" + NO_COLUMN + ")" + IF_EXISTS + COLUMN)),
          new Leading(Action.RENAME_TABLE, pattern(ALTER + "RENAME\\s+TO\\s+" + COLUMN)),
          new Leading(
              Action.RENAME_COLUMN,
              pattern(
                  ALTER
                      + "RENAME\\s+(?:COLUMN\\s+|"
                      + NO_COLUMN
                      + ")"
                      + COLUMN
                      + "\\s+TO\\s+(?<to>\\S+)")),
          new Leading(
              Action.SET_NOT_NULL,
              pattern(ALTER + "ALTER\\s+(?:COLUMN\\s+)?" + COLUMN + "\\s+SET\\s+NOT\\s+NULL\\b")),
          new Leading(
              Action.CHANGE_TYPE,
              pattern(
                  ALTER
                      + "(?:ALTER\\s+(?:COLUMN\\s+)?"
                      + COLUMN
                      + "\\s+(?:SET\\s+DATA\\s+)?TYPE\\s|(?:MODIFY|CHANGE)\\s)")));

  /** What stands before a list of tables or of parts. */
  private static final Pattern BEFORE_LIST =
      pattern(
          "(?:"
              + ALTER
              + "|DROP\\s+TABLE\\s+"
              + IF_EXISTS
              + "|TRUNCATE\\s+(?:TABLE\\s+)?(?:ONLY\\s+)?)");

  private static final Pattern TOKEN =
      Pattern.compile(
          "'(?:[^'\\\\]|''|\\\\.)*+'|\"(?:[^\"\\\\]|\\\\.)*+\"|`[^`]*`|--[^\\n]*|/\\*.*?\\*/|[()\\[\\],]",
          Pattern.DOTALL);

  private LeadingKeywords() {}

  /** A statement for each table or part of its list; one where it has no list. */
  static List<String> parts(String statement) {
    Matcher before = BEFORE_LIST.matcher(statement);
    if (!before.find()) {
      return List.of(statement);
    }
    List<String> parts = new ArrayList<>();
    Matcher token = TOKEN.matcher(statement).region(before.end(), statement.length());
    int depth = 0;
    int from = before.end();
    while (token.find()) {
      depth += change(token.group());
      if (depth == 0 && token.group().equals(",")) {
        parts.add(before.group() + statement.substring(from, token.start()).strip());
        from = token.end();
      }
    }
    parts.add(before.group() + statement.substring(from).strip());
    return parts;
  }

  /** What stands in no text, quotes or parentheses. */
  private static String outside(String statement) {
    StringBuilder outside = new StringBuilder();
    Matcher token = TOKEN.matcher(statement);
    int depth = 0;
    int from = 0;
    while (token.find()) {
      if (depth <= 0) {
        outside.append(statement, from, token.start()).append(' ');
      }
      from = token.end();
      depth += change(token.group());
    }
    return depth > 0 ? outside.toString() : outside + statement.substring(from);
  }

  private static int change(String token) {
    return switch (token) {
      case "(", "[" -> 1;
      case ")", "]" -> -1;
      default -> 0;
    };
  }

  /** The statements in parentheses that change rows, and the one behind them. */
  private static List<String> inner(String statement) {
    List<String> inner = new ArrayList<>();
    Deque<Integer> opened = new ArrayDeque<>();
    Matcher token = TOKEN.matcher(statement);
    Matcher changes = CHANGES_ROWS.matcher(statement);
    while (token.find()) {
      int change = change(token.group());
      if (change > 0) {
        opened.push(token.end());
      } else if (change < 0 && !opened.isEmpty()) {
        int begin = opened.pop();
        if (changes.region(begin, token.start()).lookingAt()) {
          inner.add(statement.substring(begin, token.start()).strip());
        }
        if (opened.isEmpty() && changes.region(token.end(), statement.length()).lookingAt()) {
          inner.add(statement.substring(token.end()).strip());
        }
      }
    }
    return inner;
  }

  private record Leading(Action action, Pattern pattern) {}

  /** Of one that begins with others in parentheses, what any of them does; else at most one effect. */
  static List<Effect> classify(String statement) {
    if (OTHERS_FIRST.matcher(statement).lookingAt()) {
      return inner(statement).stream().flatMap(each -> classify(each).stream()).toList();
    }
    for (Leading leading : ALL) {
      Matcher found = leading.pattern().matcher(statement);
      if (found.find()) {
        return List.of(effect(leading.action(), found));
      }
    }
    Matcher rows = ROWS.matcher(statement);
    if (rows.find() && !CONDITION.matcher(outside(statement)).find()) {
      boolean deletes = statement.regionMatches(true, 0, "DELETE", 0, "DELETE".length());
      return List.of(effect(deletes ? Action.DELETE_ALL : Action.UPDATE_ALL, rows));
    }
    return List.of();
  }

  private static Effect effect(Action action, Matcher found) {
    TableName table = TableName.of(found.group("schema"), found.group("table"));
    String column = TableName.plain(group(found, "column"));
    return switch (action) {
      case DROP_SCHEMA, DROP_DATABASE -> Effect.of(action, TableName.of(table.name(), ""));
      case RENAME_TABLE -> new Effect(action, table, "", column);
      default -> new Effect(action, table, column, TableName.plain(group(found, "to")));
    };
  }

  private static @Nullable String group(Matcher found, String name) {
    return found.namedGroups().containsKey(name) ? found.group(name) : null;
  }

  private static Pattern pattern(String regex) {
    return Pattern.compile(
        "\\A" + regex, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CHARACTER_CLASS);
  }
}
