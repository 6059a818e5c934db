package io.tidegate.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.servers.MongoWireServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes that start at once on an empty database. */
class MongoMigrationRaceIT {
  private static final int PROCESSES = 8;
  private static final int ROUNDS = Integer.getInteger("tidegate.race.rounds", 1);

  @Test
  void eightProcesses_runEachCommandOnce(@TempDir Path folder) throws IOException {
    try (MongoWireServer server = MongoWireServer.started();
        MongoChangelog changelog = new MongoChangelog(folder, server, 3, 3)) {
      for (int round = 0; round < ROUNDS; round++) {
        var processes =
            IntStream.range(0, PROCESSES)
                .mapToObj(i -> TidegateProcess.start(changelog.environment(), "init"))
                .toList();
        for (TidegateProcess process : processes) {
          assertThat(process.exitCode()).as("%s", process.output()).isZero();
        }
        assertThat(changelog.ran()).isEqualTo(changelog.once());
        changelog.drop();
      }
    }
  }
}
