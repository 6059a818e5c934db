package io.tidegate.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.migration.sql.Changelogs;
import io.tidegate.migration.sql.Contender;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changelogs of absurd size, and such that lead out of their folder, end a run with one line. */
class HostileChangelogIT {
  private static final int CHANGELOG_INVALID = 65;

  /** Generous, since other tests may use the machine. */
  private static final Duration BOUND = Duration.ofMinutes(3);

  @TempDir private Path folder;

  @Test
  void hundred_thousand_changesets_are_refused() throws IOException {
    Path file = folder.resolve("large.sql");
    Files.writeString(
        file,
        "--liquibase formatted sql\n"
            + IntStream.range(0, 100_000)
                .mapToObj(i -> "--changeset a:%d\nSELECT %d;\n".formatted(i, i))
                .collect(Collectors.joining()));
    assertRefused(file, "the changelog has 100000 changesets, and at most 50000 are taken");
  }

  @Test
  void hundred_thousand_files_are_refused() throws IOException {
    Path changes = Files.createDirectory(folder.resolve("changes"));
    for (int i = 0; i < 100_000; i++) {
      Files.createFile(changes.resolve(i + ".sql"));
    }
    assertRefused(changes, "the changelog has 100000 changesets, and at most 50000 are taken");
  }

  @Test
  void changelog_of_200_mib_is_refused_in_every_format() throws IOException {
    for (String name : List.of("c.sql", "c.xml", "c.yaml", "c.json")) {
      assertRefused(large(folder.resolve(name)), "the file is larger than 64 MiB (67108864 bytes)");
    }
  }

  @Test
  void file_of_200_mib_in_a_folder_is_refused() throws IOException {
    Path changes = Files.createDirectory(folder.resolve("changes"));
    large(changes.resolve("001.sql"));
    assertRefused(changes, "the file is larger than 128 MiB (134217728 bytes)");
  }

  @Test
  void link_that_leads_out_of_the_folder_is_refused() throws IOException {
    Path outside = Changelogs.write(folder, "outside/001.sql", "CREATE TABLE outside (id int);");
    Path changes = Files.createDirectory(folder.resolve("changes"));
    Path link = Files.createSymbolicLink(changes.resolve("001.sql"), outside);
    assertRefused(changes, "001.sql is a symbolic link that leads out");
    Files.delete(link);

    Files.createSymbolicLink(changes.resolve("sub"), outside.getParent());
    Path all =
        Changelogs.write(changes, "all.yaml", "databaseChangeLog:\n  - includeAll: {path: sub}\n");
    assertRefused(all, "leads out of the changelog's folder");
    Path one =
        Changelogs.write(
            changes, "one.yaml", "databaseChangeLog:\n  - include: {file: sub/001.sql}\n");
    assertRefused(one, "leads out of the changelog's folder");
  }

  private static Path large(Path path) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(200L << 20);
    }
    return path;
  }

  /** Within a bound, with little memory, in one line. */
  private void assertRefused(Path changelog, String text) {
    Map<String, String> environment =
        new HashMap<>(Contender.environment("sqlite:///" + folder.resolve("app.db"), changelog));
    environment.put("JDK_JAVA_OPTIONS", "-Xmx128m");
    environment.put("TIDEGATE_LOG_FORMAT", "json");
    long start = System.nanoTime();
    try (TidegateProcess process = TidegateProcess.start(environment, "init")) {
      assertThat(process.exitCode()).as(process.output()).isEqualTo(CHANGELOG_INVALID);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUND);
      assertThat(process.output()).contains(text).doesNotContain("\tat ", "OutOfMemory");
      assertThat(process.output().lines().filter(line -> line.contains(text))).hasSize(1);
    }
  }
}
