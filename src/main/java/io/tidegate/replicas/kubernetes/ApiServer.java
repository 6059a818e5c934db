package io.tidegate.replicas.kubernetes;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One conversation with the API server, with a deadline for all of it. It reads single objects and
 * one list, and makes events.
 */
final class ApiServer implements AutoCloseable {
  /** etcd takes objects of 1.5 MiB; a list of autoscalers may be longer. */
  static final int MAX_BYTES = 4 * 1024 * 1024;

  private static final Duration PAUSE = Duration.ofMillis(50);

  /** What a name may have in it; anything else could lead to another path. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{0,252}");

  private final URI root;
  private final ServiceAccount account;
  private final String namespace;
  private final HttpClient client;
  private final Duration timeout;
  private final long start = System.nanoTime();

  /** Whether the server was seen ready: from then on it means what it refuses. */
  private boolean ready;

  /** Takes the server's {@code https} address, and how long all requests together may take. */
  ApiServer(URI root, ServiceAccount account, Duration timeout) throws ReplicaLookupException {
    this.root = root;
    this.account = account;
    this.namespace = account.namespace();
    this.timeout = timeout;
    this.client =
        HttpClient.newBuilder()
            .sslContext(account.tls())
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(HttpClient.Builder.NO_PROXY)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .build();
  }

  String namespace() {
    return namespace;
  }

  /** One object of this pod's namespace. */
  ApiObject get(Resource resource, String name)
      throws ReplicaLookupException, InterruptedException {
    requireName(resource.kind(), name);
    HttpResponse<byte[]> answer = send(resource, resource.path(namespace, name));
    if (answer.statusCode() == 404) {
      throw ReplicaLookupException.lasting(
          "namespace %s has no %s %s (404)%s"
              .formatted(
                  namespace,
                  resource.kind(),
                  name,
                  resource.equals(Resource.POD)
                      ? "; set POD_NAME to metadata.name by the downward API"
                      : ""));
    }
    return parsed(resource, answer);
  }

  /**
   * The subresource by which objects of a kind are scaled; null: the kind has none.
   *
   * @param group the API group; empty: the core one
   * @see <a
   *     href="https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#scale-subresource">
   *     Scale subresource</a>
   */
  @Nullable Resource scale(String group, String version, String kind)
      throws ReplicaLookupException, InterruptedException {
    requireName("API group", group.isEmpty() ? "core" : group);
    requireName("version", version);
    Resource kinds = Resource.kinds(group, version);
    List<ApiObject> resources = list(kinds).list("resources");
    for (ApiObject resource : resources) {
      String plural = resource.text("name");
      if (resource.text("kind").equals(kind)
          && NAME.matcher(plural).matches()
          && resources.stream().anyMatch(one -> one.text("name").equals(plural + "/scale"))) {
        return kinds.scale(plural);
      }
    }
    return null;
  }

  private static void requireName(String kind, String name) throws ReplicaLookupException {
    if (!NAME.matcher(name).matches()) {
      throw ReplicaLookupException.lasting(
          "no %s can have the name %s".formatted(kind, shown(name)));
    }
  }

  /** All objects of this pod's namespace. */
  ApiObject list(Resource resource) throws ReplicaLookupException, InterruptedException {
    return parsed(resource, send(resource, resource.path(namespace)));
  }

  /** Makes an object in this pod's namespace, by one attempt. */
  void create(Resource resource, byte[] object)
      throws ReplicaLookupException, InterruptedException {
    int status =
        attempt(
                resource,
                request(resource.path(namespace))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofByteArray(object)))
            .statusCode();
    if (status != 201) {
      throw ReplicaLookupException.lasting(answered(resource, Integer.toString(status)));
    }
  }

  private ApiObject parsed(Resource resource, HttpResponse<byte[]> answer)
      throws ReplicaLookupException {
    switch (answer.statusCode()) {
      case 200 -> {}
      case 401 ->
          throw ReplicaLookupException.refused(
              "the API server does not accept the service account's token (401),"
                  + " which was read again for each attempt");
      case 403 ->
          throw ReplicaLookupException.refused(
              "the service account may not `%s` in namespace %s (403)"
                  .formatted(resource.right(), namespace));
      case 429, 500, 502, 503, 504 ->
          throw ReplicaLookupException.passing(
              answered(resource, Integer.toString(answer.statusCode())));
      default ->
          throw ReplicaLookupException.lasting(
              answered(resource, Integer.toString(answer.statusCode())));
    }
    ApiObject json = ApiObject.parse(answer.body());
    if (json == null || !json.text("kind").equals(resource.kind())) {
      throw ReplicaLookupException.lasting(
          answered(resource, "what is no %s in JSON".formatted(resource.kind())));
    }
    return json;
  }

  /**
   * Asks again what may be answered otherwise, as long as there is time: a server that is starting does
   * not listen yet, and then refuses valid tokens and granted rights until it has read them. For each
   * attempt the token is read anew, since it may just have been replaced. What it answered last says more
   * than that the time was up before it answered again.
   */
  private HttpResponse<byte[]> send(Resource resource, String path)
      throws ReplicaLookupException, InterruptedException {
    HttpResponse<byte[]> answer = null;
    while (true) {
      try {
        answer = attempt(resource, request(path));
        if (isFinal(resource, answer.statusCode()) || !pause()) {
          return answer;
        }
      } catch (ReplicaLookupException e) {
        if (!e.isPassing()) {
          throw e;
        }
        if (!pause()) {
          if (answer == null) {
            throw e;
          }
          return answer;
        }
      }
    }
  }

  private boolean isFinal(Resource resource, int status)
      throws ReplicaLookupException, InterruptedException {
    return switch (status) {
      case 401, 403 -> refusesForGood(resource);
      case 429, 500, 502, 503, 504 -> false;
      default -> true;
    };
  }

  /**
   * Whether the server had read all tokens and rights before it refused. It says so at /readyz, which
   * also fails while it has not.
   *
   * @see <a href="https://kubernetes.io/docs/reference/using-api/health-checks/">Health endpoints</a>
   */
  private boolean refusesForGood(Resource resource)
      throws ReplicaLookupException, InterruptedException {
    boolean before = ready;
    ready = ready || attempt(resource, request("/readyz")).statusCode() == 200;
    return before;
  }

  /** Waits a little before the next attempt; false: there is no time for one. */
  private boolean pause() throws InterruptedException {
    if (left().compareTo(PAUSE.multipliedBy(2)) < 0) {
      return false;
    }
    Thread.sleep(PAUSE);
    return true;
  }

  private Duration left() {
    return timeout.minusNanos(System.nanoTime() - start);
  }

  private HttpRequest.Builder request(String path) throws ReplicaLookupException {
    return HttpRequest.newBuilder(root.resolve(path))
        .header("Accept", "application/json")
        .header("Authorization", "Bearer " + account.token())
        .header("User-Agent", "tidegate");
  }

  private HttpResponse<byte[]> attempt(Resource resource, HttpRequest.Builder request)
      throws ReplicaLookupException, InterruptedException {
    // The time-out of a request does not cover its body: that of the future does.
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(
            request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BYTES));
    try {
      return answer.get(Math.max(1, left().toNanos()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw ReplicaLookupException.passing(
          "the API server at %s gave no whole answer to `%s` within %d ms"
              .formatted(root.getAuthority(), resource.right(), timeout.toMillis()));
    } catch (ExecutionException e) {
      throw failed(resource, e.getCause() == null ? e : e.getCause());
    } finally {
      answer.cancel(true);
    }
  }

  private ReplicaLookupException failed(Resource resource, Throwable cause) {
    if (cause instanceof SSLException) {
      return ReplicaLookupException.lasting(
          "the API server at %s does not prove itself by the CA in %s: %s"
              .formatted(root.getAuthority(), account.folder().resolve("ca.crt"), reason(cause)));
    }
    if (cause instanceof IOException && reason(cause).contains("body exceeds capacity")) {
      return ReplicaLookupException.lasting(
          answered(resource, "more than %d bytes".formatted(MAX_BYTES)));
    }
    return ReplicaLookupException.passing(
        "the API server at %s could not be asked: %s"
            .formatted(root.getAuthority(), reason(cause)));
  }

  /** The first message on the way down, since the client wraps what happened once or twice. */
  private static String reason(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return "its name has no address";
      }
      String message = cause.getMessage();
      if (message != null && !message.isBlank()) {
        return shown(message);
      }
    }
    return thrown instanceof ConnectException
        ? "nothing listens there"
        : thrown.getClass().getSimpleName();
  }

  private static String answered(Resource resource, String what) {
    return "the API server answered `%s` with %s".formatted(resource.right(), what);
  }

  /** Text that others worded: on one line, and short. */
  private static String shown(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
    return line.length() > 200 ? line.substring(0, 200) + "..." : line;
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
  }
}
