package io.tidegate.config;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a key's value looks like: how it is read, and how it is described in the reference and in the
 * JSON schema of the YAML file.
 *
 * @param description for the reference, with the unit
 * @param schema the JSON schema of a value in YAML, where a number may also stand in quotes
 * @param parser takes the text, gives the value or throws {@link RefusedValue}
 */
record ValueType<T extends @Nullable Object>(String description, String schema, Parser<T> parser) {

  /** YAML takes a password such as 1234 for a number. */
  private static final String SCALAR = "{\"type\": [\"string\", \"number\", \"boolean\"]}";

  /** A list means the same as its values with commas. */
  private static final String SCALAR_OR_LIST =
      "{\"type\": [\"string\", \"number\", \"boolean\", \"array\"], \"items\": " + SCALAR + "}";

  private static final String NAME = "{\"type\": \"string\", \"minLength\": 1}";

  /** As {@link Durations} reads them. */
  private static final String DURATION = "([0-9]{1,9} ?(ms|s|m|h|d) ?)+|PT?[0-9][0-9.DTHMS]*";

  /** Reads a value that is not empty. */
  @FunctionalInterface
  interface Parser<T extends @Nullable Object> {
    T parse(String text) throws RefusedValue;
  }

  static final ValueType<String> TEXT = new ValueType<>("text", SCALAR, text -> text);

  static final ValueType<String> LINE =
      new ValueType<>("text on one line", SCALAR_OR_LIST, text -> oneLine(text.strip()));

  static final ValueType<Path> PATH = new ValueType<>("path", NAME, ValueType::path);

  static final ValueType<LocalDate> DATE =
      new ValueType<>("date, `2026-12-31`", pattern("[0-9]{4}-[0-9]{2}-[0-9]{2}"), ValueType::date);

  static final ValueType<Boolean> FLAG =
      new ValueType<>(
          "`true` or `false`",
          "{\"enum\": [true, false, \"true\", \"false\"]}",
          text ->
              switch (text.strip().toLowerCase(Locale.ROOT)) {
                case "true" -> true;
                case "false" -> false;
                default ->
                    throw new RefusedValue("is neither true nor false", "Write true or false");
              });

  /** A whole number between two bounds, both allowed. */
  static ValueType<Integer> number(int least, int most) {
    String bounds = "from " + least + " to " + most;
    return new ValueType<>(
        "number " + bounds,
        "{\"anyOf\": [{\"type\": \"integer\", \"minimum\": "
            + least
            + ", \"maximum\": "
            + most
            + "}, "
            + pattern("[0-9]{1,9}")
            + "]}",
        text -> {
          String digits = text.strip();
          if (digits.matches("-?[0-9]{1,9}")) {
            int number = Integer.parseInt(digits);
            if (number >= least && number <= most) {
              return number;
            }
          }
          throw new RefusedValue("is not a number " + bounds, "Write a whole number " + bounds);
        });
  }

  /** One of an enum's constants, in lower case with dashes. */
  static <E extends Enum<E>> ValueType<E> choice(Class<E> type) {
    List<String> spellings =
        Arrays.stream(type.getEnumConstants()).map(ValueType::spelling).toList();
    String names = String.join(", ", spellings);
    return new ValueType<>(
        "one of " + names,
        "{\"enum\": [\"" + String.join("\", \"", spellings) + "\"]}",
        text ->
            Arrays.stream(type.getEnumConstants())
                .filter(constant -> spelling(constant).equals(Key.normal(text.strip())))
                .findFirst()
                .orElseThrow(() ->
                    new RefusedValue(
                        "is none of the values that are known", "Write one of " + names)));
  }

  /** A duration with its unit, of a least length. */
  static ValueType<Duration> duration(Duration least) {
    return new ValueType<>("duration", pattern(DURATION), text -> Durations.parse(text, least));
  }

  /** A duration of days, where others last a day at most. */
  static ValueType<Duration> age() {
    return new ValueType<>(
        "duration, up to `366d`",
        pattern(DURATION),
        text -> Durations.parse(text, Duration.ofMinutes(1), Duration.ofDays(366)));
  }

  /** The same, or {@code none}, which gives null. */
  static ValueType<@Nullable Duration> optionalDuration(Duration least) {
    return new ValueType<>(
        "duration or `none`",
        pattern(DURATION + "|none"),
        text -> text.strip().equalsIgnoreCase("none") ? null : Durations.parse(text, least));
  }

  /** An encoding by one of its names; UTF-8, which is what holds where none is named, gives null. */
  static ValueType<@Nullable Charset> charset() {
    return new ValueType<>(
        "encoding, as `ISO-8859-1`",
        NAME,
        text -> {
          try {
            Charset charset = Charset.forName(text.strip());
            return charset.equals(StandardCharsets.UTF_8) ? null : charset;
          } catch (IllegalArgumentException e) {
            throw new RefusedValue(
                "is not a known encoding", "Write its name, as UTF-8 or ISO-8859-1");
          }
        });
  }

  private static String pattern(String regex) {
    return "{\"type\": \"string\", \"pattern\": \"^(" + regex + ")$\"}";
  }

  private static Path path(String text) throws RefusedValue {
    try {
      return Path.of(oneLine(text.strip()));
    } catch (InvalidPathException e) {
      throw new RefusedValue("is not a path", "Write the path of a file or directory");
    }
  }

  private static String oneLine(String text) throws RefusedValue {
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new RefusedValue("holds a line break or another control character", "Take it out");
    }
    return text;
  }

  private static LocalDate date(String text) throws RefusedValue {
    try {
      return LocalDate.parse(text.strip());
    } catch (DateTimeParseException e) {
      throw new RefusedValue("is not a date", "Write year, month and day, as in 2026-12-31");
    }
  }

  /** A constant as users write it. */
  static String spelling(Enum<?> constant) {
    return Key.normal(constant.name());
  }

  /** A value that cannot be used. Its text never holds the value, which may be a secret. */
  static final class RefusedValue extends Exception {
    private final String what;
    private final String remedy;

    /** Takes the predicate of a sentence ("is not a date") and what to do; both without full stop. */
    RefusedValue(String what, String remedy) {
      super(what);
      this.what = what;
      this.remedy = remedy;
    }

    String what() {
      return what;
    }

    String remedy() {
      return remedy;
    }
  }
}
