package io.tidegate.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.servers.MongoWireServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A migrator that is killed or stopped at any moment leaves nothing run twice or left out. */
class MongoMigrationKillIT {
  private static final int KILLS = Integer.getInteger("tidegate.kills.mongodb", 8);
  private static final int DONE = 0;
  private static final int CHANGELOG = 65;
  private static final Pattern INTERRUPTED =
      Pattern.compile("changeset (\\S+\\.json), begun .*: command (\\d+) of");

  @Test
  void kill_atAnyMoment_runsNothingTwiceAndLeavesNothingOut(@TempDir Path folder)
      throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (MongoWireServer server = MongoWireServer.started();
        MongoChangelog changelog = new MongoChangelog(folder, server, 10, 10)) {
      for (int kill = 0; kill < KILLS; kill++) {
        try (TidegateProcess process = TidegateProcess.start(changelog.environment(), "init")) {
          reach(changelog, process, random.nextInt(100));
          LockSupport.parkNanos(random.nextInt(5_000_000));
          process.kill();
          process.exitCode();
        }
        changelog.letTheLeaseRunOut();
        finish(changelog);
        assertThat(changelog.ran()).as("seed %d", seed).isEqualTo(changelog.once());
        changelog.drop();
      }
    }
  }

  @Test
  void stoppedHolder_thatWakesAfterAnotherTookOver_changesNothingMore(@TempDir Path folder)
      throws IOException, InterruptedException {
    try (MongoWireServer server = MongoWireServer.started();
        MongoChangelog changelog = new MongoChangelog(folder, server, 10, 10);
        TidegateProcess first = TidegateProcess.start(changelog.environment(), "init")) {
      reach(changelog, first, 20);
      signal("-STOP", first);
      // Its lease of 15 s has to run out in truth: what counts is that it slept over it.
      try (TidegateProcess second = TidegateProcess.start(changelog.environment(), "init")) {
        assertThat(second.exitCode()).as("%s", second.output()).isIn(DONE, CHANGELOG);
      } finally {
        signal("-CONT", first);
      }
      // It may end, or take the lease again in its turn: what counts is what was run, and how
      // often.
      assertThat(first.exitCode()).as("%s", first.output()).isIn(DONE, CHANGELOG, 69, 75);
      finish(changelog);
      assertThat(changelog.ran()).isEqualTo(changelog.once());
    }
  }

  private static void reach(MongoChangelog changelog, TidegateProcess process, int count) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(1))
        .pollDelay(Duration.ZERO)
        .until(() -> changelog.count() >= count || !process.running());
  }

  /** Runs it until it is done, and resolves what it names as a person would who looks. */
  private static void finish(MongoChangelog changelog) {
    for (int i = 0; i < 3; i++) {
      try (TidegateProcess process = TidegateProcess.start(changelog.environment(), "init")) {
        int exit = process.exitCode();
        if (exit == DONE) {
          return;
        }
        assertThat(exit).as("%s", process.output()).isEqualTo(CHANGELOG);
        Matcher named = INTERRUPTED.matcher(process.output());
        assertThat(named.find()).as("%s", process.output()).isTrue();
        resolve(changelog, named.group(1), named.group(2));
      }
    }
    throw new AssertionError("does not go on after it was resolved");
  }

  private static void resolve(MongoChangelog changelog, String changeset, String command) {
    boolean there = changelog.ran().containsKey(changeset + "/" + command);
    try (TidegateProcess status = TidegateProcess.start(changelog.environment(), "status")) {
      status.exitCode();
      assertThat(status.output()).contains("interrupted " + changeset);
    }
    try (TidegateProcess resolve =
        TidegateProcess.start(
            changelog.environment(),
            "resolve",
            "db",
            changeset,
            there ? "--applied" : "--not-applied",
            "--reason",
            "looked for the document")) {
      assertThat(resolve.exitCode()).as("%s", resolve.output()).isZero();
    }
  }

  private static void signal(String signal, TidegateProcess process)
      throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor())
        .isZero();
  }
}
