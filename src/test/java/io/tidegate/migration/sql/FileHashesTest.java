package io.tidegate.migration.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileHashesTest {
  /** Longer than a file's time stamp is doubted. */
  private static final long SETTLED_MILLIS = 2_500;

  @TempDir private Path folder;

  private final FileHashes hashes = new FileHashes();
  private byte[] first = {};

  @BeforeEach
  void readOnce() throws Exception {
    Files.writeString(file(), "SELECT 1");
    Thread.sleep(SETTLED_MILLIS);
    try (InputStream in = hashes.open(file())) {
      in.readAllBytes();
    }
    first = hash();
  }

  @Test
  void hash_is_that_of_the_bytes() throws IOException {
    assertThat(new FileHashes().of(file())).contains(first);
  }

  @Test
  void other_bytes_of_the_same_length_and_time_are_noticed() throws IOException {
    FileTime modified = Files.getLastModifiedTime(file());
    Files.writeString(file(), "SELECT 2");
    Files.setLastModifiedTime(file(), modified);
    assertThat(hash()).isNotEqualTo(first);
    assertThat(new FileHashes().of(file())).contains(hash());
  }

  @Test
  void another_file_in_its_place_is_noticed() throws IOException {
    Path other = Files.writeString(folder.resolve("other"), "SELECT 2");
    Files.setLastModifiedTime(other, Files.getLastModifiedTime(file()));
    Files.move(other, file(), StandardCopyOption.REPLACE_EXISTING);
    assertThat(hash()).isNotEqualTo(first);
  }

  @Test
  void parameter_is_noticed_wherever_a_part_ends() throws IOException {
    Files.writeString(file(), "SELECT ${a}");
    try (InputStream in = hashes.open(file())) {
      while (in.read() >= 0) {
        // One byte at a time.
      }
    }
    assertThat(hashes.of(file())).isEmpty();
    assertThat(new FileHashes().of(file())).isEmpty();
  }

  private Path file() {
    return folder.resolve("001.sql");
  }

  private byte[] hash() throws IOException {
    return hashes.of(file()).orElseThrow();
  }
}
