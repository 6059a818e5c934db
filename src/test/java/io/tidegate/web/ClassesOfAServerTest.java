package io.tidegate.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands load that answer nobody. */
final class ClassesOfAServerTest {
  @TempDir private Path folder;

  @Test
  void withoutAServer_noneIsLoaded() throws Exception {
    Path classes = folder.resolve("classes");
    try (ServerProcess parts = ServerProcess.ofParts("-Xlog:class+load:file=" + classes)) {
      assertThat(parts.says()).isEqualTo("no server");
      assertThat(parts.exit()).isZero();
    }
    List<String> loaded =
        Files.readAllLines(classes).stream().filter(line -> line.contains("source: ")).toList();
    assertThat(loaded).isNotEmpty();
    assertThat(loaded)
        .noneMatch(line -> line.matches(".* io\\.tidegate\\.web\\.(?!ServerProcess).*"))
        .noneMatch(line -> line.contains(" io.micronaut."))
        .noneMatch(line -> line.contains(" io.netty."))
        .noneMatch(line -> line.contains(" io.micrometer."));
  }

  @Test
  void metrics_are_made_with_the_first_scrape() throws Exception {
    Path classes = folder.resolve("classes");
    try (ServerProcess server = ServerProcess.listening("-Xlog:class+load:file=" + classes);
        HttpClient client = HttpClient.newHttpClient()) {
      int port = server.port();
      assertThat(status(client, port, "/ready")).isEqualTo(200);
      assertThat(Files.readString(classes)).doesNotContain(" io.micrometer.");
      assertThat(status(client, port, "/metrics")).isEqualTo(200);
      assertThat(Files.readString(classes)).contains(" io.micrometer.");
    }
  }

  private static int status(HttpClient client, int port, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
    return client.send(request, BodyHandlers.discarding()).statusCode();
  }
}
