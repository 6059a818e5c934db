package io.tidegate.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is meant for the app beside Tidegate does not reach the framework. */
final class SealedContextTest {
  /** Each would move the port, the path or the log, or open an endpoint, if it were read. */
  private static final String YAML =
      """
      micronaut:
        server:
          port: 1
          context-path: /elsewhere
      endpoints:
        all:
          enabled: true
          sensitive: false
      """;

  @TempDir private Path folder;

  @Test
  void variablesFilesAndProperties_changeNothing() throws Exception {
    for (String name :
        new String[] {
          "application.yml", "application-test.yml", "application-k8s.yml", "bootstrap.yml"
        }) {
      Files.writeString(folder.resolve(name), YAML);
    }
    Files.writeString(folder.resolve("application.properties"), "micronaut.server.port=1\n");
    String file = folder.resolve("application.yml").toString();
    Map<String, String> variables =
        Map.of(
            "MICRONAUT_SERVER_PORT", "1",
            "MICRONAUT_SERVER_CONTEXT_PATH", "/elsewhere",
            "SERVER_PORT", "1",
            "MICRONAUT_ENVIRONMENTS", "k8s,cloud,test",
            "MICRONAUT_CONFIG_FILES", file,
            "ENDPOINTS_ALL_ENABLED", "true",
            "KUBERNETES_SERVICE_HOST", "127.0.0.1");
    try (ServerProcess server =
            ServerProcess.listeningBeside(
                folder,
                variables,
                "-Dmicronaut.server.port=1",
                "-Dmicronaut.server.context-path=/elsewhere",
                "-Dmicronaut.environments=test",
                "-Dmicronaut.bootstrap.context=true",
                "-Dmicronaut.config.files=" + file);
        HttpClient client = HttpClient.newHttpClient()) {
      int port = server.port();
      assertThat(port).isNotEqualTo(1);
      for (String path : new String[] {"/ready", "/live", "/status", "/metrics", "/"}) {
        HttpRequest request =
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
        assertThat(client.send(request, BodyHandlers.discarding()).statusCode())
            .as(path)
            .isEqualTo(200);
      }
    }
  }
}
