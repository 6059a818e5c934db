package io.tidegate.config;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
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
  private static final Pattern CHOSEN = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");

  /** The second part that a user chooses, of the keys that have two. */
  private static final String SECOND = "<placeholder>";

  /** The key with the part that the user chooses filled in. */
  String of(String chosen) {
    return isChosen() ? head() + chosen + tail() : pattern;
  }

  /** The key with both parts that the user chooses filled in. */
  String of(String chosen, String second) {
    return of(chosen).replace(SECOND, second);
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
    if (!key.startsWith(head())) {
      return false;
    }
    String rest = key.substring(head().length());
    int second = tail().indexOf(SECOND);
    if (second < 0) {
      return isFilled(rest, tail());
    }
    String between = between();
    int at = rest.indexOf(between);
    return at >= 0
        && CHOSEN.matcher(rest.substring(0, at)).matches()
        && isFilled(
            rest.substring(at + between.length()), tail().substring(second + SECOND.length()));
  }

  private static boolean isFilled(String chosen, String end) {
    return chosen.endsWith(end)
        && CHOSEN.matcher(chosen.substring(0, chosen.length() - end.length())).matches();
  }

  /** What stands between the two parts that the user chooses. */
  private String between() {
    return tail().substring(0, tail().indexOf(SECOND));
  }

  /** The part of a matching key that the user chose. */
  String chosen(String key) {
    return key.substring(head().length(), key.length() - tail().length());
  }

  /** The second part of a matching key of that target; empty if it is not this key's. */
  Optional<String> second(String key, String chosen) {
    String end = tail().substring(between().length() + SECOND.length());
    String begin = head() + chosen + between();
    return matches(key) && key.startsWith(begin)
        ? Optional.of(key.substring(begin.length(), key.length() - end.length()))
        : Optional.empty();
  }

  /** A normalised key with only letters, digits and dashes as its second part. */
  String withNormalSecond(String key) {
    int at = key.startsWith(head()) ? key.indexOf(between(), head().length()) : -1;
    int second = at + between().length();
    return at < 0
        ? key
        : key.substring(0, second) + key.substring(second).replaceAll("[^a-z0-9-]", "-");
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
    if (tail().contains(SECOND)) {
      String between = toVariable(between()).substring(VARIABLE_PREFIX.length());
      int at = variable.indexOf(between, before.length());
      return variable.startsWith(before) && at > 0 && variable.matches("[A-Z0-9_]+")
          ? known(
              head()
                  + normal(variable.substring(before.length(), at))
                  + between()
                  + normal(variable.substring(at + between.length())))
          : null;
    }
    String after = toVariable(tail()).substring(VARIABLE_PREFIX.length());
    if (!variable.startsWith(before)
        || !variable.endsWith(after)
        || variable.length() <= before.length() + after.length()) {
      return null;
    }
    String chosen = variable.substring(before.length(), variable.length() - after.length());
    return chosen.matches("[A-Z0-9_]+") ? known(of(normal(chosen))) : null;
  }

  private @Nullable String known(String key) {
    return matches(key) ? key : null;
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
