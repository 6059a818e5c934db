package io.tidegate.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.tidegate.json.JsonWriter;
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
    JsonWriter json = JsonWriter.onOneLine().beginObject();
    json.property("time", TIME.format(event.getInstant()));
    field(json, "level", event.getLevel().levelStr.toLowerCase(Locale.ROOT));
    field(json, "message", message(event));
    field(json, "logger", event.getLoggerName());
    Set<String> taken = new HashSet<>(FIXED);
    for (KeyValuePair pair : pairs) {
      String key = pair.key;
      while (!taken.add(key)) {
        key += "_";
      }
      value(json.name(Redactor.redact(key)), key, pair.value);
    }
    field(json, "error", error(event));
    field(json, "trace", trace(event));
    return json.endObject().toString();
  }

  private static void field(JsonWriter json, String name, @Nullable String value) {
    if (value != null) {
      json.property(name, Redactor.redact(value));
    }
  }

  private static void value(JsonWriter json, String key, @Nullable Object value) {
    switch (value) {
      case null -> json.nullValue();
      case Integer number -> json.value(number);
      case Long number -> json.value(number);
      case Boolean flag -> json.value(flag);
      default -> json.value(masked(key, value.toString()));
    }
  }

  /** Masks the value where the key alone gives it away, as it does in text. */
  private static String masked(String key, String value) {
    String together = key + "=" + value;
    return Redactor.redact(together).equals(together)
        ? Redactor.redact(value)
        : Redactor.redact(together).substring(key.length() + 1);
  }
}
