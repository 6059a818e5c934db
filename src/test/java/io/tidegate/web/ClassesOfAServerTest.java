package io.tidegate.web;

import static org.assertj.core.api.Assertions.assertThat;

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
        .noneMatch(line -> line.matches(".* io\\.tidegate\\.http\\.(?!ServerProcess).*"))
        .noneMatch(line -> line.contains(" io.micronaut."))
        .noneMatch(line -> line.contains(" io.netty."))
        .noneMatch(line -> line.contains(" io.micrometer."));
  }
}
