package io.tidegate.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A cache of the program's classes, made by one run of it over SQLite: the hundreds of processes that
 * the tests start each need half the time then.
 */
final class ClassCache {
  private static final List<String> FLAGS = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
  private static final Path JAR = Path.of("target", "tidegate.jar").toAbsolutePath();
  private static final Path CACHE = Path.of("target", "tidegate.aot").toAbsolutePath();
  private static final long PATIENCE_MINUTES = 5;

  private ClassCache() {}

  /** The command that starts the program, without arguments of its own. */
  static synchronized List<String> command() {
    try {
      if (!Files.exists(CACHE)
          || Files.getLastModifiedTime(CACHE).compareTo(Files.getLastModifiedTime(JAR)) < 0) {
        make();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    // A cache that is not of this jar and this JVM is ignored by the JVM itself.
    return java("-XX:AOTCache=" + CACHE, "-Xlog:aot*=off", "-Xlog:cds*=off");
  }

  private static List<String> java(String... flags) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    command.addAll(List.of(flags));
    command.addAll(List.of("-jar", JAR.toString()));
    return command;
  }

  private static void make() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("tidegate-classes-");
    // Beside its place, so that it takes it in one step: another process of tests may be reading.
    Path made = CACHE.resolveSibling("tidegate-%d.aot".formatted(ProcessHandle.current().pid()));
    List<String> command = java("-XX:AOTCacheOutput=" + made);
    command.add("init");
    Path log = folder.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().clear();
    builder.environment().put("TIDEGATE_TARGETS_FILE_URL", "sqlite:///" + folder + "/app.db");
    builder
        .environment()
        .put(
            "TIDEGATE_TARGETS_FILE_CHANGELOG",
            Path.of("src/test/resources/training/changelog.yaml").toAbsolutePath().toString());
    Process process = builder.start();
    if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IllegalStateException(Files.readString(log));
    }
    Files.move(made, CACHE, StandardCopyOption.ATOMIC_MOVE);
  }
}
