package io.tidegate.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.jul.LevelChangePropagator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Sets up the log in code: no file is looked for or parsed. Everything passes {@link
 * io.tidegate.secret.Redactor}, and every event is one line, whatever its text holds.
 */
public final class Logs {
  private static final String OWN = "io.tidegate";

  /**
   * Libraries that report at WARN what the agent reports itself and better: each failed connection
   * of a pool or client, a port in use.
   */
  private static final List<String> REPEATERS =
      List.of(
          "com.zaxxer.hikari",
          "io.lettuce",
          "io.micronaut.http.server.netty.NettyHttpServer",
          // An attempt that the end of a command cut off: its line would follow the last one.
          "io.netty.util.concurrent.DefaultPromise.rejectedExecution",
          "org.mongodb.driver",
          "org.mariadb.jdbc",
          "org.postgresql");

  private Logs() {}

  /** Where the log goes. */
  public enum Output {
    /** As containers expect. */
    STDOUT,
    /** For commands whose standard output is data. */
    STDERR
  }

  /**
   * How the log is written.
   *
   * @param format for whom
   * @param level the least that is written
   */
  public record LogSettings(LogFormat format, LogLevel level) {
    /** What holds where nothing is declared. */
    public static final LogSettings DEFAULT = new LogSettings(LogFormat.AUTO, LogLevel.INFO);

    /** For whom the log is. */
    public enum LogFormat {
      /** Text on a terminal, JSON otherwise. */
      AUTO,
      TEXT,
      JSON
    }

    /** The least that is written. */
    public enum LogLevel {
      ERROR,
      WARN,
      INFO,
      DEBUG
    }
  }

  /** Sets up the log anew; what was set up before is gone. */
  public static void configure(LogSettings settings, Output output) {
    boolean text =
        switch (settings.format()) {
          case TEXT -> true;
          case JSON -> false;
          case AUTO -> Terminal.at(output);
        };
    configure(settings, text, output == Output.STDOUT ? System.out : System.err);
  }

  static void configure(LogSettings settings, boolean text, OutputStream out) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    boolean traces = settings.level() == LogSettings.LogLevel.DEBUG;
    install(context, text ? new TextLines(traces) : new JsonLines(traces), out);
    levels(context, Level.toLevel(settings.level().name()));
    bridge(context);
  }

  static void install(LoggerContext context, Encoder<ILoggingEvent> encoder, OutputStream out) {
    context.reset();
    encoder.setContext(context);
    encoder.start();
    OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    appender.setContext(context);
    appender.setName("log");
    appender.setEncoder(encoder);
    appender.setOutputStream(new Unclosed(out));
    appender.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
  }

  private static void levels(LoggerContext context, Level own) {
    boolean debug = own == Level.DEBUG;
    Level libraries = own == Level.ERROR ? Level.ERROR : Level.WARN;
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(libraries);
    context.getLogger(OWN).setLevel(own);
    quieten(context, debug ? Level.WARN : Level.OFF);
  }

  static void quieten(LoggerContext context, Level repeaters) {
    for (String repeater : REPEATERS) {
      context.getLogger(repeater).setLevel(repeaters);
    }
  }

  /** Sends java.util.logging here, and its levels there: a line not wanted is then never made. */
  private static void bridge(LoggerContext context) {
    LevelChangePropagator propagator = new LevelChangePropagator();
    propagator.setContext(context);
    propagator.setResetJUL(true);
    propagator.start();
    context.addListener(propagator);
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  /** Whether a person reads along. */
  static final class Terminal {
    private Terminal() {}

    /**
     * Asks the kernel what the stream is; false where there is no {@code /proc}. {@code
     * Console.isTerminal} would not do: it asks for standard input as well, which {@code docker run
     * -t} does not connect.
     */
    static boolean at(Logs.Output output) {
      Path stream = Path.of("/proc/self/fd", output == Logs.Output.STDOUT ? "1" : "2");
      try {
        String device = Files.readSymbolicLink(stream).toString();
        return device.startsWith("/dev/pts/")
            || device.startsWith("/dev/tty")
            || device.equals("/dev/console");
      } catch (IOException | UnsupportedOperationException _) {
        return false;
      }
    }
  }

  /** A stream of the process, which outlives the appender: setting up the log anew must not close it. */
  static final class Unclosed extends FilterOutputStream {

    Unclosed(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
