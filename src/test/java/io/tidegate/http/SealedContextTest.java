package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a context reads and loads, seen from a process of its own: variables cannot be set in this
 * one, and classes that are loaded stay loaded.
 */
final class SealedContextTest {
  @TempDir private Path folder;

  @Test
  void withoutAServer_noneIsLoadedOrStarted() throws Exception {
    assertThat(run("context", List.of("-Xlog:class+load:file=" + folder.resolve("classes"))))
        .contains("beans ok");
    List<String> loaded =
        Files.readAllLines(folder.resolve("classes")).stream()
            .filter(line -> line.contains("source: "))
            .toList();
    assertThat(loaded).isNotEmpty();
    assertThat(loaded)
        .noneMatch(line -> line.matches(".* io\\.tidegate\\.http\\.(?!ContextProcess).*"))
        .noneMatch(line -> line.contains(" io.micronaut.http.server.netty.Netty"))
        .noneMatch(line -> line.contains(" io.netty.bootstrap."))
        .noneMatch(line -> line.contains(" io.netty.channel.nio."))
        .noneMatch(line -> line.contains(" io.micrometer.core.instrument.MeterRegistry "));
  }

  @Test
  void theEnvironmentOfTheApp_changesNothing() throws Exception {
    Files.writeString(folder.resolve("application.yml"), "micronaut.server.port: 1\n");
    assertThat(
            run(
                "server",
                List.of(
                    "-Dmicronaut.server.port=1",
                    "-Dmicronaut.environments=test",
                    "-Dmicronaut.config.files=" + folder.resolve("application.yml"))))
        .contains("listens")
        .doesNotContain("port 1\n");
  }

  private String run(String what, List<String> options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp"));
    command.add(folder + ":" + System.getProperty("java.class.path"));
    command.addAll(List.of(ContextProcess.class.getName(), what));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("MICRONAUT_SERVER_PORT", "1");
    builder.environment().put("SERVER_PORT", "1");
    builder.environment().put("MICRONAUT_ENVIRONMENTS", "k8s,cloud");
    builder
        .environment()
        .put("MICRONAUT_CONFIG_FILES", folder.resolve("application.yml").toString());
    Process process = builder.start();
    try {
      String said;
      try (var out = process.getInputStream()) {
        said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(said).isTrue();
      assertThat(process.exitValue()).as(said).isZero();
      return said;
    } finally {
      process.destroyForcibly();
    }
  }
}
