package io.tidegate.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** A client of the endpoints of one agent. */
public final class Endpoints {
  private final HttpClient client = HttpClient.newHttpClient();
  private final int port;

  /** Takes the agent's port on the loopback address. */
  public Endpoints(int port) {
    this.port = port;
  }

  /** The status code of a path; 0 while nothing listens. */
  public int code(String path) {
    try {
      return get(path).statusCode();
    } catch (UncheckedIOException e) {
      return 0;
    }
  }

  /** The body of a path. */
  public String body(String path) {
    return get(path).body();
  }

  private HttpResponse<String> get(String path) {
    try {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
              .timeout(Duration.ofMinutes(1))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
