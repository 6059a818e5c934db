package io.tidegate.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.servers.MongoWireServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

  /** As in a rolling deployment; then the older release starts once more, as in a rollback. */
  @Test
  void processesOfTwoReleases_leaveTheNewerOnes(@TempDir Path older, @TempDir Path newer)
      throws IOException {
    try (MongoWireServer server = MongoWireServer.started();
        MongoChangelog former = new MongoChangelog(older, server, 3, 2);
        MongoChangelog latter = new MongoChangelog(newer, server, 5, 2)) {
      for (TidegateProcess process : race(former, latter)) {
        assertThat(process.exitCode()).as("%s", process.output()).isZero();
      }
      assertThat(latter.ran()).isEqualTo(latter.once());

      TidegateProcess back = TidegateProcess.start(former.environment(), "init");
      assertThat(back.exitCode()).as("%s", back.output()).isZero();
      assertThat(back.output())
          .contains("0 applied now, 3 before (and 2 unknown to this changelog)");
      assertThat(latter.ran()).isEqualTo(latter.once());
    }
  }

  /** One name and two contents: the release that comes second is refused, and has changed nothing. */
  @Test
  void processesOfTwoBranches_keepTheFirstOfTwoChangesetsOfOneName(
      @TempDir Path one, @TempDir Path other) throws IOException {
    try (MongoWireServer server = MongoWireServer.started();
        MongoChangelog first = new MongoChangelog(one, server, 4, 2);
        MongoChangelog second = new MongoChangelog(other, server, 4, 3)) {
      List<TidegateProcess> processes = race(first, second);
      List<Integer> exits = processes.stream().map(TidegateProcess::exitCode).toList();
      String said =
          processes.stream().map(TidegateProcess::output).collect(Collectors.joining("\n\n"));
      // All changesets differ, so that whoever is first is so with the first one.
      assertThat(exits).as(said).isIn(List.of(0, 65, 0, 65), List.of(65, 0, 65, 0));
      assertThat(said).contains("000.json", "changed");
      assertThat(first.ran()).isEqualTo(exits.getFirst() == 0 ? first.once() : second.once());
    }
  }

  /** Two of each, in turn, started at once. */
  private static List<TidegateProcess> race(MongoChangelog one, MongoChangelog other) {
    return Stream.of(one, other, one, other)
        .map(changelog -> TidegateProcess.start(changelog.environment(), "init"))
        .toList();
  }
}
