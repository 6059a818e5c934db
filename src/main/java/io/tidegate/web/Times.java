package io.tidegate.web;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** How the page writes times: how long ago for the eye, exactly where the pointer rests. */
final class Times {
  private static final DateTimeFormatter EXACT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Times() {}

  /** A length of time: {@code 40 ms}, {@code 0.4 s}, {@code 12 s}, {@code 3 min 20 s}. */
  static String length(Duration duration) {
    // A clock may have been set back.
    Duration length = duration.isNegative() ? Duration.ZERO : duration;
    if (length.compareTo(Duration.ofMillis(100)) < 0) {
      return length.toMillis() + " ms";
    }
    if (length.compareTo(Duration.ofSeconds(10)) < 0) {
      return String.format(Locale.ROOT, "%.1f s", Math.floor(length.toMillis() / 100.0) / 10);
    }
    if (length.compareTo(Duration.ofMinutes(1)) < 0) {
      return length.toSeconds() + " s";
    }
    if (length.compareTo(Duration.ofHours(1)) < 0) {
      return "%d min %d s".formatted(length.toMinutes(), length.toSecondsPart());
    }
    if (length.compareTo(Duration.ofDays(1)) < 0) {
      return "%d h %d min".formatted(length.toHours(), length.toMinutesPart());
    }
    return "%d d %d h".formatted(length.toDays(), length.toHoursPart());
  }

  /** The length of time since a moment, as {@code 12 s}; the moment itself on hover. */
  static Html since(Instant then, Instant now) {
    return element(then, EXACT.format(then), length(Duration.between(then, now)));
  }

  /** A moment, as {@code 12 s ago} or {@code just now}; the moment itself on hover. */
  static Html ago(Instant then, Instant now) {
    Duration length = Duration.between(then, now);
    boolean recent = length.compareTo(Duration.ofSeconds(1)) < 0;
    return element(then, EXACT.format(then), recent ? "just now" : length(length) + " ago");
  }

  /** The length of time between two moments, as {@code 12 s}; both moments on hover. */
  static Html between(Instant from, Instant to) {
    String exact = "from %s to %s".formatted(EXACT.format(from), EXACT.format(to));
    return element(from, exact, length(Duration.between(from, to)));
  }

  private static Html element(Instant then, String exact, String text) {
    return Html.of(
        "<time datetime=\"{}\" title=\"{}\">{}</time>",
        then.truncatedTo(ChronoUnit.MILLIS),
        exact,
        text);
  }
}
