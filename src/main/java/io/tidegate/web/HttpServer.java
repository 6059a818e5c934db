package io.tidegate.web;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.ApplicationContextBuilder;
import io.micronaut.http.server.netty.NettyEmbeddedServer;
import io.tidegate.agent.Snapshot.SnapshotSource;
import io.tidegate.config.Settings.HttpSettings;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.ProblemException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The running endpoints: a Micronaut application with a context of its own. They answer from {@link
 * SnapshotSource} on two event loops, since no handler ever waits.
 */
public final class HttpServer implements AutoCloseable {
  /** A request has no use for more: everything is a GET. */
  static final int MAX_REQUEST_BYTES = 8 * 1024;

  /** All headers of a request together. */
  static final int MAX_HEADER_BYTES = 8 * 1024;

  /** The request line. */
  static final int MAX_LINE_BYTES = 2 * 1024;

  private static final int EVENT_LOOPS = 2;

  private final ApplicationContext context;
  private final NettyEmbeddedServer server;

  private HttpServer(ApplicationContext context, NettyEmbeddedServer server) {
    this.context = context;
    this.server = server;
  }

  /** Micronaut's own settings: all that it gets to read. */
  private static Map<String, Object> properties(HttpSettings settings) {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("micronaut.server.host", settings.host());
    properties.put("micronaut.server.port", settings.port() == 0 ? -1 : settings.port());
    properties.put("micronaut.server.max-request-size", MAX_REQUEST_BYTES);
    properties.put("micronaut.server.max-request-buffer-size", MAX_REQUEST_BYTES);
    properties.put("micronaut.server.thread-selection", "MANUAL");
    properties.put("micronaut.server.multipart.enabled", false);
    properties.put("micronaut.server.idle-timeout", RequestDeadline.KEEP_ALIVE);
    properties.put("micronaut.server.read-idle-timeout", RequestDeadline.KEEP_ALIVE);
    properties.put("micronaut.server.write-idle-timeout", RequestDeadline.KEEP_ALIVE);
    properties.put("micronaut.server.netty.max-header-size", MAX_HEADER_BYTES);
    properties.put("micronaut.server.netty.max-initial-line-length", MAX_LINE_BYTES);
    properties.put("micronaut.netty.event-loops.default.num-threads", EVENT_LOOPS);
    // Bodies are introspected, not annotated for Serde: the sources that Serde 3.0 generates do not
    // compile without warnings.
    properties.put("micronaut.serde.included-introspection-packages", List.of("io.tidegate.web"));
    // A stable shape: a field without a value is null, not missing.
    properties.put("micronaut.serde.serialization.inclusion", "ALWAYS");
    return properties;
  }

  /**
   * A context that is made from the classes and from the given properties, and from nothing else.
   * Whatever else Micronaut would read (variables such as {@code MICRONAUT_SERVER_PORT}, system
   * properties, {@code application.yml}) is meant for the app beside Tidegate, not for Tidegate.
   */
  private static ApplicationContextBuilder sealed(Map<String, Object> properties) {
    return ApplicationContext.builder()
        .deduceEnvironment(false)
        .deduceCloudEnvironment(false)
        .deducePackage(false)
        .bootstrapEnvironment(false)
        .enableDefaultPropertySources(false)
        .environmentPropertySource(false)
        .configImport(false)
        .banner(false)
        .eagerInitSingletons(false)
        .properties(properties);
  }

  /**
   * Starts the endpoints.
   *
   * @param snapshots what they answer from
   * @param settings where they listen
   * @throws ProblemException if the address cannot be bound
   */
  public static HttpServer start(SnapshotSource snapshots, HttpSettings settings) {
    return start(snapshots, settings, Clock.systemUTC());
  }

  /** The same with the clock by which the page counts how long ago something was. */
  static HttpServer start(SnapshotSource snapshots, HttpSettings settings, Clock clock) {
    ApplicationContext context = sealed(properties(settings)).singletons(snapshots, clock).start();
    try {
      NettyEmbeddedServer server = context.getBean(NettyEmbeddedServer.class);
      server.start();
      return new HttpServer(context, server);
    } catch (RuntimeException e) {
      context.close();
      String why = why(e);
      if (why == null) {
        throw e;
      }
      throw new ProblemException(
          ExitCode.REFUSED,
          "cannot listen on %s port %d: %s".formatted(settings.host(), settings.port(), why),
          "http.port",
          "Choose a free port with TIDEGATE_HTTP_PORT, or stop what listens there",
          e);
    }
  }

  /** The port it listens on, also where a free one was asked for. */
  public int port() {
    return server.getPort();
  }

  /** Stops listening and hangs up. */
  @Override
  public void close() {
    context.close();
  }

  /** Why the address cannot be had; null where that is not the trouble. */
  private static @Nullable String why(RuntimeException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
        return "the host has no address";
      }
      // A port in use, one that needs root, an address of another machine.
      if (cause instanceof IOException) {
        return String.valueOf(cause.getMessage());
      }
    }
    return null;
  }
}
