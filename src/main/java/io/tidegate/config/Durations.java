package io.tidegate.config;

import io.tidegate.config.ValueType.RefusedValue;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as people write them: {@code 500ms}, {@code 5s}, {@code 1m30s}, {@code 2h}, {@code
 * 7d}, or ISO-8601 ({@code PT5M}). A bare number is refused: half of all tools mean seconds by it, the others
 * milliseconds.
 */
final class Durations {
  /** Anything longer is a slip of the pen, but for ages: nothing else here is meant to last a day. */
  static final Duration LONGEST = Duration.ofHours(24);

  private static final String REMEDY = "Write a number with its unit, as in 500ms, 5s, 10m or 1h";
  private static final Pattern PARTS = Pattern.compile("(?:[0-9]{1,9}(?:ms|s|m|h|d))+");
  private static final Pattern PART = Pattern.compile("([0-9]+)(ms|s|m|h|d)");

  private Durations() {}

  static Duration parse(String text, Duration least) throws RefusedValue {
    return parse(text, least, LONGEST);
  }

  static Duration parse(String text, Duration least, Duration longest) throws RefusedValue {
    String bare = text.strip().toLowerCase(Locale.ROOT).replace(" ", "");
    if (bare.startsWith("-") || (bare.startsWith("p") && bare.contains("-"))) {
      throw new RefusedValue("is negative", REMEDY);
    }
    if (bare.matches("[0-9.]+")) {
      throw new RefusedValue("is a number without a unit", REMEDY);
    }
    Duration duration = bare.startsWith("p") ? iso(bare) : units(bare);
    if (duration.compareTo(least) < 0) {
      throw new RefusedValue("is shorter than " + show(least), "Write at least " + show(least));
    }
    if (duration.compareTo(longest) > 0) {
      throw new RefusedValue(
          longest.equals(LONGEST)
              ? "is longer than 24 hours"
              : "is longer than %d days".formatted(longest.toDays()),
          "Write at most " + show(longest));
    }
    return duration;
  }

  private static Duration units(String text) throws RefusedValue {
    if (!PARTS.matcher(text).matches()) {
      throw new RefusedValue("is not a duration", REMEDY);
    }
    Duration sum = Duration.ZERO;
    Matcher part = PART.matcher(text);
    while (part.find()) {
      long count = Long.parseLong(part.group(1));
      sum =
          sum.plus(
              switch (part.group(2)) {
                case "ms" -> Duration.ofMillis(count);
                case "s" -> Duration.ofSeconds(count);
                case "m" -> Duration.ofMinutes(count);
                case "d" -> Duration.ofDays(count);
                default -> Duration.ofHours(count);
              });
    }
    return sum;
  }

  private static Duration iso(String text) throws RefusedValue {
    try {
      return Duration.parse(text);
    } catch (DateTimeParseException e) {
      throw new RefusedValue("is not a duration", REMEDY);
    }
  }

  /** The shortest spelling: {@code 5m}, {@code 200ms}. */
  static String show(Duration duration) {
    long millis = duration.toMillis();
    if (millis == 0) {
      return "0s";
    }
    if (millis % 3_600_000 == 0) {
      return millis / 3_600_000 + "h";
    }
    if (millis % 60_000 == 0) {
      return millis / 60_000 + "m";
    }
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }
}
