package io.tidegate.config;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One thing that can be declared.
 *
 * @param pattern its name without {@code tidegate.}; a part that the user chooses stands in angle
 *     brackets: {@code targets.<name>.url}
 * @param valueType what its value looks like
 * @param fallback the value that holds where nothing is declared; null: none
 * @param secret whether the value is a secret
 * @param doc one sentence, for the reference
 */
record Key<T extends @Nullable Object>(
    String pattern,
    ValueType<T> valueType,
    @Nullable Default<T> fallback,
    boolean secret,
    String doc) {

  /** What may stand before a key in YAML and flags. */
  static final String PREFIX = "tidegate.";

  static final String VARIABLE_PREFIX = "TIDEGATE_";

  /** What a user may choose as a part of a key. */
  private static final String CHOSEN = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";

  /** The key with the part that the user chooses filled in. */
  String of(String chosen) {
    return isChosen() ? head() + chosen + tail() : pattern;
  }

  /** Whether a part of it is the user's to choose. */
  boolean isChosen() {
    return pattern.indexOf('<') >= 0;
  }

  /** What stands before the part that the user chooses. */
  String head() {
    return pattern.substring(0, pattern.indexOf('<'));
  }

  /** What stands after the part that the user chooses. */
  String tail() {
    return pattern.substring(pattern.indexOf('>') + 1);
  }

  /** Whether a normalised key is this one. */
  boolean matches(String key) {
    if (!isChosen()) {
      return pattern.equals(key);
    }
    return key.startsWith(head())
        && key.endsWith(tail())
        && key.length() > head().length() + tail().length()
        && Pattern.matches(CHOSEN, chosen(key));
  }

  /** The part of a matching key that the user chose. */
  String chosen(String key) {
    return key.substring(head().length(), key.length() - tail().length());
  }

  /** The environment variable, with the chosen part as {@code <NAME>}. */
  String variable() {
    return toVariable(pattern);
  }

  /** The environment variable with the part that the user chooses filled in. */
  String variable(String chosen) {
    return toVariable(of(chosen));
  }

  /** Lower case with dashes: {@code Password_File} is {@code password-file}. */
  static String normal(String text) {
    return text.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** {@code targets.my-db.url} as {@code TIDEGATE_TARGETS_MY_DB_URL}. */
  static String toVariable(String key) {
    return VARIABLE_PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /**
   * The key that a variable means, or null if it is not this key's. Where several keys take a
   * variable, the one with the longest tail is meant.
   */
  @Nullable String fromVariable(String variable) {
    if (!isChosen()) {
      return toVariable(pattern).equals(variable) ? pattern : null;
    }
    String before = toVariable(head());
    String after = toVariable(tail()).substring(VARIABLE_PREFIX.length());
    if (!variable.startsWith(before)
        || !variable.endsWith(after)
        || variable.length() <= before.length() + after.length()) {
      return null;
    }
    String chosen = variable.substring(before.length(), variable.length() - after.length());
    String key = of(normal(chosen));
    return chosen.matches("[A-Z0-9_]+") && matches(key) ? key : null;
  }

  /**
   * The value that holds where nothing is declared.
   *
   * @param name what a user writes for a value that is null; null: {@code value} itself
   */
  record Default<T extends @Nullable Object>(T value, @Nullable String name) {

    /** How a user would write it. */
    String written() {
      if (value instanceof Duration duration) {
        return Durations.show(duration);
      }
      if (value instanceof Enum<?> constant) {
        return ValueType.spelling(constant);
      }
      return name != null ? name : String.valueOf(value);
    }
  }
}
