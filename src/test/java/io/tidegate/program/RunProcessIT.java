package io.tidegate.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.servers.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run} goes on in a JVM with flags of its own, which takes the first one's place. */
class RunProcessIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Path JAR = Path.of("target", "tidegate.jar").toAbsolutePath();

  @TempDir Path folder;
  private final int port = Ports.free();
  private final Endpoints endpoints = new Endpoints(port);
  private Path flags;

  @BeforeEach
  void writeFiles() throws IOException {
    Files.createFile(folder.resolve("app.db"));
    flags = folder.resolve("run.args");
    Files.write(flags, List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar " + JAR));
  }

  @Test
  void run_isReplacedUnderItsProcessId_andObeysSignals() throws IOException {
    try (TidegateProcess run = start("-Dtidegate.run.flags=" + flags, "run")) {
      eventually().until(() -> endpoints.code("/live") == 200);
      assertThat(commandLine(run)).contains("@" + flags).endsWith("run");
      assertThat(openedTwice(run)).as("files of the first JVM").isEmpty();

      run.signal("-QUIT");
      eventually().until(() -> run.output().contains("Full thread dump"));
      run.terminate();
      assertThat(run.exitCode()).isEqualTo(143);
      assertThat(run.output()).contains("exit 143");
    }
  }

  @Test
  void theDefaultCommandWithOptions_isReplacedToo() {
    try (TidegateProcess run = start("-Dtidegate.run.flags=" + flags, "--deadline", "90s")) {
      eventually().until(() -> endpoints.code("/live") == 200);
      assertThat(commandLine(run)).contains("@" + flags).endsWith("--deadline", "90s");
    }
  }

  @Test
  void commandsThatExit_areNotReplaced() throws IOException {
    Files.writeString(flags, "-no-such-flag");
    try (TidegateProcess init = start("-Dtidegate.run.flags=" + flags, "init")) {
      assertThat(init.exitCode()).as(init.output()).isEqualTo(0);
    }
  }

  @Test
  void flagsThatEveryJvmReads_makeNoLoop() {
    Map<String, String> variables =
        Map.of(
            "_JAVA_OPTIONS", "-Dtidegate.run.flags=" + flags,
            "JDK_JAVA_OPTIONS", "-Dtidegate.run.flags=" + flags);
    try (TidegateProcess run = TidegateProcess.start(environment(variables), "run")) {
      eventually().until(() -> endpoints.code("/live") == 200);
      assertThat(commandLine(run)).contains("@" + flags);
    }
  }

  @Test
  void withoutTheFile_runGoesOnAsItIs() throws IOException {
    Files.delete(flags);
    try (TidegateProcess run = start("-Dtidegate.run.flags=" + flags, "run")) {
      eventually().until(() -> endpoints.code("/live") == 200);
      assertThat(commandLine(run)).doesNotContain("@" + flags);
    }
  }

  @Test
  void sigtermAtAnyMoment_endsTheProcess() throws InterruptedException {
    for (int millis = 50; millis <= 800; millis += 50) {
      try (TidegateProcess run = start("-Dtidegate.run.flags=" + flags, "run")) {
        Thread.sleep(millis); // Whichever of the two JVMs runs then.
        // One that falls into the very instant of the exec is lost with the first JVM.
        eventually()
            .pollInterval(Duration.ofSeconds(3))
            .pollDelay(Duration.ZERO)
            .until(() -> {
              run.terminate();
              return !run.running();
            });
        // A JVM that is told to end before it has begun calls that an error of its own.
        boolean began = !run.output().contains("initialization of");
        assertThat(run.exitCode()).as("SIGTERM after %d ms", millis).isEqualTo(began ? 143 : 1);
      }
    }
  }

  private TidegateProcess start(String option, String... args) {
    return TidegateProcess.start(environment(Map.of("JDK_JAVA_OPTIONS", option)), args);
  }

  private Map<String, String> environment(Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("TIDEGATE_TARGETS_FILE_URL", "sqlite:///" + folder + "/app.db");
    environment.put("TIDEGATE_REPLICAS", "1");
    environment.put("TIDEGATE_HTTP_HOST", "127.0.0.1");
    environment.put("TIDEGATE_HTTP_PORT", Integer.toString(port));
    return environment;
  }

  private static List<String> commandLine(TidegateProcess process) {
    return ProcessHandle.of(process.pid())
        .flatMap(handle -> handle.info().arguments())
        .map(List::of)
        .orElse(List.of());
  }

  private static List<String> openedTwice(TidegateProcess process) throws IOException {
    try (Stream<Path> descriptors =
        Files.list(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
      List<String> files =
          descriptors
              .map(RunProcessIT::target)
              .filter(file -> file.endsWith(".jar") || file.endsWith("/modules"))
              .toList();
      return files.stream().filter(file -> files.indexOf(file) != files.lastIndexOf(file)).toList();
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return ""; // It was closed meanwhile.
    }
  }

  private static ConditionFactory eventually() {
    return Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions();
  }
}
