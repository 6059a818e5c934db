package io.tidegate.servers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.tidegate.engine.network.PemFiles;
import io.tidegate.target.TlsPolicy.TlsSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/**
 * An API server of Kubernetes as far as reading and making objects goes: real TLS, bearer tokens, and rights as
 * a Role grants them. Its errors have the shape of {@code meta/v1 Status}. It is not Kubernetes: it
 * holds what it is given and controls nothing. All that it answers by itself is kept for {@code
 * .ci/manifests}, which holds it to the published schema.
 */
public final class KubernetesApi implements AutoCloseable {
  /** The one namespace that it has. */
  public static final String NAMESPACE = "shop";

  /** Where to keep what was answered; absent: nowhere. */
  private static final String SERVED = "tidegate.served";

  private static final Pattern PATH =
      Pattern.compile(
          "/(?:api|apis/([^/]+))/(v[0-9a-z]+)/namespaces/([^/]+)/([^/]+)(?:/([^/]+)(?:/(scale))?)?");

  private final List<HttpsServer> servers = new CopyOnWriteArrayList<>();
  private final SSLContext tls;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch end = new CountDownLatch(1);
  private final Map<String, String> objects = new ConcurrentHashMap<>();
  private final Map<String, HttpHandler> instead = new ConcurrentHashMap<>();
  private final Set<String> rights = new ConcurrentSkipListSet<>();
  private final Set<String> used = new ConcurrentSkipListSet<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<String> created = new CopyOnWriteArrayList<>();
  private final AtomicInteger starting = new AtomicInteger();
  private volatile String token;

  /** Listens on a free port of 127.0.0.1 with a certificate for it. */
  public KubernetesApi(Set<String> rights, String token) {
    this(rights, token, TestCertificates.get().server(), TestCertificates.get().serverKey());
  }

  /** The same with another certificate. */
  public KubernetesApi(Set<String> rights, String token, Path certificate, Path key) {
    this.rights.addAll(rights);
    this.token = token;
    try {
      tls = SSLContext.getInstance("TLS");
      var identity = new TlsSettings(TlsSettings.Mode.VERIFY_FULL, null, certificate, key);
      tls.init(PemFiles.identity(identity), null, null);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    listenOn(0);
  }

  /** Listens on one more port; 0: on a free one. */
  public void listenOn(int onPort) {
    try {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), onPort);
      HttpsServer server = HttpsServer.create(address, 0);
      server.setHttpsConfigurator(new HttpsConfigurator(tls));
      server.setExecutor(threads);
      server.createContext("/", this::handle);
      server.start();
      servers.add(server);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The port that it listens on since its start. */
  public int port() {
    return servers.getFirst().getAddress().getPort();
  }

  /**
   * Keeps an object under its path below the namespace, {@code pods/web-1}, or a list's, {@code pods}; or
   * the kinds of a group under their whole path, {@code /apis/apps/v1}, which everybody may read.
   */
  public void put(String path, String json) {
    objects.put(path, json);
  }

  /** No longer keeps an object. */
  public void remove(String path) {
    objects.remove(path);
  }

  /** Only this token is accepted from now on. */
  public void accept(String only) {
    token = only;
  }

  /** Takes a right away: {@code get pods}. */
  public void revoke(String right) {
    rights.remove(right);
  }

  /**
   * So many requests are refused with 403, as by a server that starts and has not read the rights yet;
   * meanwhile it does not answer /readyz with 200 either.
   */
  public void starting(int refusals) {
    starting.set(refusals);
  }

  /** Gives a right back. */
  public void grant(String right) {
    rights.add(right);
  }

  /** Requests for this resource are answered by something else. */
  public void instead(String plural, HttpHandler handler) {
    instead.put(plural, handler);
  }

  /** All resources are answered as usual again. */
  public void asUsual() {
    instead.clear();
  }

  /** The rights that requests needed so far. */
  public Set<String> used() {
    return Set.copyOf(used);
  }

  /** The requests so far: {@code GET /api/v1/...}. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /** The objects that were made so far, as they were sent. */
  public List<String> created() {
    return List.copyOf(created);
  }

  /** Answers nothing at all until this server ends. */
  public void stall(HttpExchange exchange) throws IOException {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    exchange.close();
  }

  /** Answers the head and the first byte of the body, and no more. */
  public void stallInBody(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 1000);
    exchange.getResponseBody().write('{');
    exchange.getResponseBody().flush();
    stall(exchange);
  }

  /** Answers so, which need not be what Kubernetes would answer. */
  public static void answer(HttpExchange exchange, int code, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    requests.add(exchange.getRequestMethod() + " " + path);
    String sent = exchange.getRequestHeaders().getFirst("Authorization");
    boolean known = ("Bearer " + token).equals(sent);
    if (starting.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      refuse(exchange, 403, "Forbidden", "RBAC: not read yet");
      return;
    }
    if (path.equals("/readyz") && known) {
      answer(exchange, 200, "ok");
      return;
    }
    String kinds = objects.get(path);
    if (kinds != null && known) {
      serve(exchange, 200, kinds);
      return;
    }
    Matcher matcher = PATH.matcher(path);
    if (!matcher.matches()) {
      refuse(exchange, 404, "NotFound", "the server could not find the requested resource");
      return;
    }
    String resource =
        matcher.group(1) == null ? matcher.group(4) : matcher.group(4) + "." + matcher.group(1);
    boolean made = exchange.getRequestMethod().equals("POST");
    String right =
        (made ? "create " : matcher.group(5) == null ? "list " : "get ")
            + resource
            + (matcher.group(6) == null ? "" : " --subresource=scale");
    used.add(right);
    HttpHandler other = instead.get(matcher.group(4));
    if (other != null) {
      other.handle(exchange);
    } else if (!known) {
      refuse(exchange, 401, "Unauthorized", "Unauthorized");
    } else if (!NAMESPACE.equals(matcher.group(3)) || !rights.contains(right)) {
      refuse(exchange, 403, "Forbidden", resource + " is forbidden");
    } else if (made) {
      String object = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      created.add(object);
      serve(exchange, 201, object);
    } else {
      String below = path.substring(path.indexOf(matcher.group(4), matcher.start(3)));
      String object = objects.get(below);
      if (object == null) {
        refuse(exchange, 404, "NotFound", below + " not found");
      } else {
        serve(exchange, 200, object);
      }
    }
  }

  /** Answers with a {@code Status}. */
  public static void refuse(HttpExchange exchange, int code, String reason, String message)
      throws IOException {
    serve(exchange, code, KubernetesObjects.status(code, reason, message));
  }

  private static void serve(HttpExchange exchange, int code, String body) throws IOException {
    String folder = System.getProperty(SERVED);
    if (folder != null) {
      UUID content = UUID.nameUUIDFromBytes(body.getBytes(StandardCharsets.UTF_8));
      Files.writeString(Files.createDirectories(Path.of(folder)).resolve(content + ".json"), body);
    }
    answer(exchange, code, body);
  }

  @Override
  public void close() {
    end.countDown();
    servers.forEach(server -> server.stop(0));
    threads.shutdownNow();
  }
}
