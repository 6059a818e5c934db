package io.tidegate.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.tidegate.json.JsonWriter;
import io.tidegate.secret.Redactor;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/** For people: local time, the level's letter, the message. Key-value pairs are for programs. */
final class TextLines extends LineEncoder {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

  TextLines(boolean traces) {
    super(traces);
  }

  @Override
  String line(ILoggingEvent event, List<KeyValuePair> pairs) {
    StringBuilder line = new StringBuilder(160);
    line.append(TIME.format(event.getInstant().atZone(ZoneId.systemDefault())))
        .append(' ')
        .append(event.getLevel().levelStr.charAt(0))
        .append(' ')
        .append(text(message(event)));
    @Nullable String error = error(event);
    if (error != null) {
      line.append(": ").append(text(error));
    }
    @Nullable String trace = trace(event);
    if (trace != null) {
      line.append(" [").append(text(trace)).append(']');
    }
    return line.toString();
  }

  private static String text(String text) {
    return JsonWriter.printable(Redactor.redact(text));
  }
}
