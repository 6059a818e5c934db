package io.tidegate.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/** One event, one line. */
abstract class LineEncoder extends EncoderBase<ILoggingEvent> {
  private static final byte[] NOTHING = {};

  /** A cycle of causes is cut by Logback itself; the bound is for chains that never end. */
  private static final int DEEPEST = 10;

  /** Whether stack traces are written: only at debug level. */
  private final boolean traces;

  LineEncoder(boolean traces) {
    this.traces = traces;
  }

  abstract String line(ILoggingEvent event, List<KeyValuePair> pairs);

  @Override
  public final byte[] encode(ILoggingEvent event) {
    List<KeyValuePair> pairs = event.getKeyValuePairs();
    return (line(event, pairs == null ? List.of() : pairs) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }

  /** The message with its arguments. A broken call of a logger must not break the log. */
  static String message(ILoggingEvent event) {
    return String.valueOf(event.getFormattedMessage());
  }

  /** What was thrown and what caused it, in words; null: nothing. */
  static @Nullable String error(ILoggingEvent event) {
    @Nullable IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown == null) {
      return null;
    }
    StringBuilder text = new StringBuilder(own(thrown));
    @Nullable IThrowableProxy cause = thrown.getCause();
    for (int depth = 0; cause != null && depth < DEEPEST; depth++, cause = cause.getCause()) {
      text.append("; caused by ").append(own(cause));
    }
    return text.toString();
  }

  /** The frames of what was thrown, and of its causes; null where none are wanted. */
  @Nullable String trace(ILoggingEvent event) {
    @Nullable IThrowableProxy thrown = event.getThrowableProxy();
    if (!traces || thrown == null) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    frames(text, thrown);
    @Nullable IThrowableProxy cause = thrown.getCause();
    for (int depth = 0; cause != null && depth < DEEPEST; depth++, cause = cause.getCause()) {
      frames(text.append("; caused by ").append(name(cause)).append(" at "), cause);
    }
    return text.toString();
  }

  private static void frames(StringBuilder text, IThrowableProxy thrown) {
    String between = "";
    for (var frame : thrown.getStackTraceElementProxyArray()) {
      text.append(between).append(frame.getSTEAsString().replaceFirst("^at ", ""));
      between = " < ";
    }
  }

  private static String own(IThrowableProxy thrown) {
    String name = name(thrown);
    return thrown.getMessage() == null ? name : name + ": " + thrown.getMessage();
  }

  private static String name(IThrowableProxy thrown) {
    return thrown.getClassName().replaceFirst("^.*\\.", "");
  }
}
