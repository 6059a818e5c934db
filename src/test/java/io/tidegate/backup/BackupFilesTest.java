package io.tidegate.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.target.Facts;
import io.tidegate.target.Facts.Fact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupFilesTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  @TempDir private Path folder;

  @Test
  void the_newest_file_counts_wherever_it_lies() throws IOException {
    write("old.dump", "rows", Duration.ofDays(9));
    write("2026/11/new.dump", "rows", Duration.ofHours(3));
    write("2026/10/older.dump", "rows", Duration.ofDays(30));

    assertThat(told("backup_directory")).isEqualTo("present");
    assertThat(told("backup_file")).isEqualTo("2026/11/new.dump");
    assertThat(told("backup_file_seconds_ago")).isEqualTo("10800");
    assertThat(told("backup_unread")).isEmpty();
  }

  @Test
  void an_empty_file_is_no_backup() throws IOException {
    write("failed.dump", "", Duration.ofMinutes(1));
    assertThat(told("backup_file")).isEmpty();
    assertThat(told("backup_file_seconds_ago")).isEmpty();

    write("older.dump", "rows", Duration.ofDays(2));
    assertThat(told("backup_file")).isEqualTo("older.dump");
  }

  @Test
  void a_clock_that_is_ahead_makes_no_negative_age() throws IOException {
    write("new.dump", "rows", Duration.ofMinutes(-5));
    assertThat(told("backup_file_seconds_ago")).isEqualTo("0");
  }

  @Test
  void a_directory_that_is_a_link_is_followed_and_one_that_is_missing_told() throws IOException {
    write("real/new.dump", "rows", Duration.ofHours(1));
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("real"));
    assertThat(in(link).get("backup_file")).isEqualTo(new Fact.Known("new.dump"));

    Facts missing = in(folder.resolve("not-there"));
    assertThat(missing.get("backup_directory")).isEqualTo(new Fact.Known("missing"));
  }

  @Test
  void what_lies_too_deep_is_not_taken_for_nothing() throws IOException {
    write("d/".repeat(20) + "new.dump", "rows", Duration.ofHours(1));
    assertThat(in(folder).get("backup_directory"))
        .isInstanceOfSatisfying(
            Fact.Unknown.class, unknown -> assertThat(unknown.reason()).contains("too deep"));

    write("old.dump", "rows", Duration.ofDays(9));
    assertThat(told("backup_file")).isEqualTo("old.dump");
    assertThat(told("backup_unread")).contains("too deep");
  }

  @Test
  void a_look_that_takes_too_long_says_so() throws IOException {
    write("a.dump", "rows", Duration.ofDays(9));
    write("b.dump", "rows", Duration.ofDays(9));
    Facts facts = BackupFiles.in(folder, NOW, Duration.ZERO);
    assertThat(facts.get("backup_unread"))
        .isEqualTo(new Fact.Known("only the first 1 files were looked at"));
  }

  private String told(String name) {
    assertThat(in(folder).get(name)).isInstanceOf(Fact.Known.class);
    return ((Fact.Known) in(folder).get(name)).value();
  }

  private static Facts in(Path directory) {
    return BackupFiles.in(directory, NOW, TIMEOUT);
  }

  private void write(String name, String text, Duration age) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, FileTime.from(NOW.minus(age)));
  }
}
