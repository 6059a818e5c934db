package io.tidegate.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.servers.MongoWireServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The clock of a holder of the lease jumps by hours while it migrates: only the server's clock counts,
 * so that it neither loses its lease nor does one whose clock is wrong take it. The clock is that of
 * libfaketime, a package of the operating system: see {@code .ci/packaged}. Skipped without it. {@code
 * -Dtidegate.clock.jump=-6h} sets it back instead.
 */
class MongoClockIT {
  private static final String JUMP = System.getProperty("tidegate.clock.jump", "+6h");
  private static final Pattern TIME = Pattern.compile("\"time\":\"([^\"]+)\"");

  @TempDir private Path folder;
  @TempDir private Path clocks;

  @Test
  void holder_whoseClockJumps_keepsItsLease() throws IOException {
    Path clock = Files.writeString(clocks.resolve("clock"), "+0");
    try (MongoWireServer server = MongoWireServer.started();
        MongoChangelog changelog = new MongoChangelog(folder, server, 10, 10);
        TidegateProcess holder = TidegateProcess.start(by(clock, changelog), "init")) {
      awaitUntil(() -> changelog.count() >= 20 || !holder.running());
      holder.pause();
      Files.writeString(clock, JUMP);
      try (TidegateProcess jumped = TidegateProcess.start(by(clock, changelog), "init");
          TidegateProcess right = TidegateProcess.start(changelog.environment(), "init")) {
        for (TidegateProcess other : List.of(jumped, right)) {
          awaitUntil(() -> other.output().contains("waiting for the migration lock"));
        }
        holder.resume();
        assertThat(holder.exitCode()).as(holder.output()).isZero();
        assertThat(holder.output()).contains("10 applied now");
        assertThat(hoursOff(holder)).isBetween(5L, 7L);
        assertThat(jumped.exitCode()).as(jumped.output()).isZero();
        assertThat(hoursOff(jumped)).isBetween(5L, 7L);
        assertThat(right.exitCode()).as(right.output()).isZero();
        assertThat(jumped.output() + right.output()).doesNotContain("10 applied now");
      }
      assertThat(changelog.ran()).isEqualTo(changelog.once());
    }
  }

  /** By a clock that is as far off as the file says, now and later. */
  private static Map<String, String> by(Path clock, MongoChangelog changelog) throws IOException {
    Map<String, String> environment = new HashMap<>(changelog.environment());
    environment.put("LD_PRELOAD", library().toString());
    environment.put("FAKETIME_TIMESTAMP_FILE", clock.toString());
    environment.put("FAKETIME_CACHE_DURATION", "1"); // Seconds, over before a stopped one goes on.
    environment.put("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    return environment;
  }

  private static Path library() throws IOException {
    try (Stream<Path> architectures = Files.list(Path.of("/usr/lib"))) {
      Optional<Path> library =
          architectures
              .map(folder -> folder.resolve("faketime/libfaketime.so.1"))
              .filter(Files::exists)
              .findFirst();
      if (!Boolean.getBoolean("tidegate.packaged.required")) {
        Assumptions.assumeTrue(library.isPresent(), "there is no libfaketime: see .ci/packaged");
      }
      return library.orElseThrow();
    }
  }

  private static long hoursOff(TidegateProcess process) {
    Matcher time = TIME.matcher(process.output());
    Instant last = Instant.now();
    while (time.find()) {
      last = Instant.parse(time.group(1));
    }
    return Duration.between(last, Instant.now()).abs().plusMinutes(30).toHours();
  }

  private static void awaitUntil(Callable<Boolean> condition) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(1))
        .pollDelay(Duration.ZERO)
        .until(condition);
  }
}
