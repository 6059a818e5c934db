package io.tidegate.http;

import io.tidegate.agent.Bulletin;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.ProblemException;
import io.tidegate.settings.HttpSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The running endpoints, on the JDK's own server. They answer from {@link
 * io.tidegate.agent.Bulletin}. Each request has a platform thread: name look-ups of the probes can
 * block all carriers of virtual threads, and {@code /live} must answer all the same.
 *
 * @see <a
 *     href="https://docs.oracle.com/en/java/javase/25/docs/api/jdk.httpserver/module-summary.html">Java:
 *     the module jdk.httpserver and its properties</a>
 */
public final class HttpServer implements AutoCloseable {
  /** The request line and all headers together, each header with 32 bytes of its own. */
  static final int MAX_HEAD_BYTES = 8 * 1024;

  /**
   * File descriptors are shared with the probes: whoever opens connections by the thousand must not
   * take them away from the watch.
   */
  static final int MAX_CONNECTIONS = 1024;

  /**
   * Requests that arrive, or are answered, at the same time; beyond it connections are closed. A slow
   * client holds one for {@link #REQUEST} at most.
   */
  static final int MAX_REQUESTS = 256;

  /**
   * From a connection to the first byte of its request, and from there to the request's end. Idle
   * time-outs alone let a client hold a connection for ever by sending a byte now and then.
   */
  static final Duration REQUEST = Duration.ofSeconds(5);

  /** From an answer to the next request: kubelet and Prometheus keep connections. */
  static final Duration KEEP_ALIVE = Duration.ofSeconds(60);

  /** From a request to the end of its answer: a client that does not read is no better. */
  private static final Duration ANSWER = Duration.ofSeconds(60);

  static {
    limit("jdk.httpserver.maxConnections", MAX_CONNECTIONS);
    limit("sun.net.httpserver.maxIdleConnections", MAX_CONNECTIONS);
    limit("sun.net.httpserver.maxReqHeaderSize", MAX_HEAD_BYTES);
    limit("sun.net.httpserver.drainAmount", Endpoints.MAX_BODY_BYTES);
    limit("sun.net.httpserver.maxReqTime", REQUEST.toSeconds());
    limit("sun.net.httpserver.maxRspTime", ANSWER.toSeconds());
    limit("sun.net.httpserver.idleInterval", KEEP_ALIVE.toSeconds());
    limit("sun.net.httpserver.clockTick", 1000);
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final com.sun.net.httpserver.HttpServer server;
  private final ExecutorService requests;

  private HttpServer(com.sun.net.httpserver.HttpServer server) {
    this.server = server;
    requests =
        new ThreadPoolExecutor(
            0,
            MAX_REQUESTS,
            10,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().daemon().name("http-", 0).factory());
  }

  /** The JDK's server reads its limits once in the life of a process. */
  private static void limit(String property, long value) {
    System.setProperty(property, Long.toString(value));
  }

  /**
   * Starts the endpoints.
   *
   * @param bulletin what they answer from
   * @param settings where they listen
   * @throws ProblemException if the address cannot be bound
   */
  public static HttpServer start(Bulletin bulletin, HttpSettings settings) {
    HttpServer http = new HttpServer(bound(settings));
    http.server.createContext("/", new Endpoints(bulletin));
    http.server.setExecutor(http.requests);
    http.server.start();
    return http;
  }

  private static com.sun.net.httpserver.HttpServer bound(HttpSettings settings) {
    try {
      InetSocketAddress address = new InetSocketAddress(settings.host(), settings.port());
      if (address.isUnresolved()) {
        throw new UnknownHostException("the host has no address");
      }
      return com.sun.net.httpserver.HttpServer.create(address, MAX_CONNECTIONS);
    } catch (IOException e) {
      // A port in use, one that needs root, an address of another machine.
      throw new ProblemException(
          ExitCode.REFUSED,
          "cannot listen on %s port %d: %s"
              .formatted(settings.host(), settings.port(), e.getMessage()),
          "http.port",
          "Choose a free port with TIDEGATE_HTTP_PORT, or stop what listens there",
          e);
    }
  }

  /** The port it listens on, also where a free one was asked for. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** Stops listening and hangs up. */
  @Override
  public void close() {
    server.stop(0);
    requests.shutdownNow();
  }
}
