package io.tidegate.web;

import io.tidegate.agent.Snapshot;
import io.tidegate.agent.Snapshot.SnapshotSource;
import io.tidegate.config.Settings.HttpSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;

/** A server on a free port whose snapshots a test can change. */
final class Running implements AutoCloseable {
  static final HttpSettings FREE_PORT = new HttpSettings("127.0.0.1", 0);

  private volatile Told told = Told.watching();
  final HttpServer server;
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(20)).build();

  Running() {
    server = HttpServer.start(snapshots(), FREE_PORT, Clock.fixed(Told.NOW, ZoneOffset.UTC));
  }

  private SnapshotSource snapshots() {
    return new SnapshotSource() {
      @Override
      public Snapshot snapshot() {
        return told.snapshot();
      }

      @Override
      public Duration sinceHeartbeat() {
        return told.sinceHeartbeat();
      }
    };
  }

  void tell(Told told) {
    this.told = told;
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send("GET", path);
  }

  HttpResponse<String> send(String method, String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path))
            .timeout(Duration.ofSeconds(30))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpClient client() {
    return client;
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
