package io.tidegate.target;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No class of a driver is loaded before a target uses it, as the JVM's own log tells. */
class EngineLoadingTest {
  @TempDir private static Path folder;

  private static List<String> loaded = List.of();

  @BeforeAll
  static void loadEveryEngine() throws IOException, InterruptedException {
    Path log = folder.resolve("classes");
    Path out = folder.resolve("out");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:file=" + log + "::filecount=0",
                "-cp",
                System.getProperty("java.class.path"),
                EngineLoading.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    try {
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(Files.readString(out))
        .contains("mariadb", "mongodb", "postgresql", "redis", "sqlite");
    loaded = Files.readAllLines(log);
    assertThat(loaded).anyMatch(line -> line.contains(" io.tidegate.target.EngineCatalog "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.postgresql.",
        "org.mariadb.",
        "org.sqlite.",
        "com.mongodb.",
        "org.bson.",
        "io.lettuce.",
        "io.netty.",
        "reactor.",
        "com.zaxxer.",
        "liquibase."
      })
  void driver_isNotLoadedBeforeItIsUsed(String driver) {
    assertThat(loaded)
        .noneMatch(line -> line.contains("] " + driver) || line.contains(" " + driver));
  }
}
