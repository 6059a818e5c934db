package io.tidegate.config;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One thing that can be declared.
 *
 * @param pattern its name without {@code tidegate.}; a part that the user chooses stands in angle
 *     brackets: {@code targets.<name>.url}
 * @param valueType what its value looks like
 * @param fallback the value that holds where nothing is declared, as text; null: none
 * @param secret whether the value is a secret
 * @param doc one sentence, for the reference
 */
record Key<T extends @Nullable Object>(
    String pattern, ValueType<T> valueType, @Nullable String fallback, boolean secret, String doc) {

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
    return KeyName.variable(pattern);
  }

  /**
   * The key that a variable means, or null if it is not this key's. Where several keys take a
   * variable, the one with the longest tail is meant.
   */
  @Nullable String fromVariable(String variable) {
    if (!isChosen()) {
      return KeyName.variable(pattern).equals(variable) ? pattern : null;
    }
    String before = KeyName.variable(head());
    String after = KeyName.variable(tail()).substring(KeyName.VARIABLE_PREFIX.length());
    if (!variable.startsWith(before)
        || !variable.endsWith(after)
        || variable.length() <= before.length() + after.length()) {
      return null;
    }
    String chosen = variable.substring(before.length(), variable.length() - after.length());
    String key = of(KeyName.normal(chosen));
    return chosen.matches("[A-Z0-9_]+") && matches(key) ? key : null;
  }
}
