package io.tidegate.policy.sqlite;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A name and its value, as a setting of some app.
 *
 * @param words the words of the name, in capitals: {@code ConnectionStrings__AppDb} has CONNECTION,
 *     STRINGS, APP, DB
 * @param value bounded, without blanks and quotes around it
 */
record NamedValue(List<String> words, String value) {
  /** What stands further behind in a value is not looked at. */
  private static final int LONGEST = 1 << 16;

  private static final Pattern BREAK = Pattern.compile("[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])");

  static NamedValue of(String name, String value) {
    String bounded = value.substring(0, Math.min(value.length(), LONGEST)).strip();
    List<String> words =
        Arrays.stream(BREAK.split(name.substring(0, Math.min(name.length(), 1000))))
            .filter(word -> !word.isEmpty())
            .map(word -> word.toUpperCase(Locale.ROOT))
            .toList();
    return new NamedValue(words, unquoted(bounded));
  }

  boolean has(Collection<String> any) {
    return words.stream().anyMatch(any::contains);
  }

  boolean endsWith(Collection<String> any) {
    return !words.isEmpty() && any.contains(words.getLast());
  }

  String lowerCaseValue() {
    return value.toLowerCase(Locale.ROOT);
  }

  /** Whether SQLite's name, or one of those that mean it, is in the value at all. */
  boolean mentionsSqlite() {
    String lower = lowerCaseValue();
    return lower.contains("sqlite") || lower.contains("spatialite") || lower.contains("sqljs");
  }

  private static String unquoted(String text) {
    boolean quoted =
        text.length() >= 2
            && (text.charAt(0) == '"' || text.charAt(0) == '\'')
            && text.charAt(0) == text.charAt(text.length() - 1);
    return quoted ? text.substring(1, text.length() - 1).strip() : text;
  }
}
