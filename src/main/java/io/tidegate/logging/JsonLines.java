package io.tidegate.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.tidegate.secret.Redactor;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/** For programs: an object a line with time, level, message, logger, and the event's own pairs. */
final class JsonLines extends LineEncoder {
  /** ISO 8601 in UTC, always with milliseconds, so that lines sort as text. */
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

  private static final Set<String> FIXED =
      Set.of("time", "level", "message", "logger", "error", "trace");

  JsonLines(boolean traces) {
    super(traces);
  }

  @Override
  String line(ILoggingEvent event, List<KeyValuePair> pairs) {
    StringBuilder line = new StringBuilder(240);
    line.append("{\"time\":\"").append(TIME.format(event.getInstant())).append('"');
    field(line, "level", event.getLevel().levelStr.toLowerCase(Locale.ROOT));
    field(line, "message", message(event));
    field(line, "logger", event.getLoggerName());
    Set<String> taken = new HashSet<>(FIXED);
    for (KeyValuePair pair : pairs) {
      String key = pair.key;
      while (!taken.add(key)) {
        key += "_";
      }
      value(line, key, pair.value);
    }
    field(line, "error", error(event));
    field(line, "trace", trace(event));
    return line.append('}').toString();
  }

  private static void field(StringBuilder line, String key, @Nullable String value) {
    if (value != null) {
      LogTextEscaper.json(LogTextEscaper.json(line.append(','), key).append(':'), value);
    }
  }

  private static void value(StringBuilder line, String key, @Nullable Object value) {
    switch (value) {
      case null -> LogTextEscaper.json(line.append(','), key).append(":null");
      case Integer number -> LogTextEscaper.json(line.append(','), key).append(':').append(number);
      case Long number -> LogTextEscaper.json(line.append(','), key).append(':').append(number);
      case Boolean flag -> LogTextEscaper.json(line.append(','), key).append(':').append(flag);
      default -> field(line, key, named(key, value.toString()));
    }
  }

  /** Masks the value where the key alone gives it away, as it does in text. */
  private static String named(String key, String value) {
    String together = key + "=" + value;
    return Redactor.redact(together).equals(together)
        ? value
        : Redactor.redact(together).substring(key.length() + 1);
  }
}
