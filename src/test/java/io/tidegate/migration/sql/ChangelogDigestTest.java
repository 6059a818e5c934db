package io.tidegate.migration.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.migration.sql.Fingerprint.ChangelogDigest;
import io.tidegate.target.Changelog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of so many files that several threads hash them; what of few is noticed, NothingToDoSuite shows. */
final class ChangelogDigestTest {
  private static final int FILES = 1_201;

  @TempDir private Path folder;

  @BeforeEach
  void fill() throws IOException {
    for (int i = 0; i < FILES; i++) {
      Files.writeString(file(i), "SELECT " + i);
    }
  }

  @Test
  void same_asLongAsNothingChanges() throws IOException {
    Optional<String> before = digest();
    assertThat(before).isPresent();
    assertThat(digest()).isEqualTo(before);
    Files.writeString(file(FILES / 2), "SELECT 0");
    assertThat(digest()).isPresent().isNotEqualTo(before);
    Files.writeString(file(FILES / 2), "SELECT " + FILES / 2);
    assertThat(digest()).isEqualTo(before);
  }

  @Test
  void another_whenFilesChangePlaces_orAreRenamed_orGo() throws IOException {
    Optional<String> before = digest();
    Files.writeString(file(3), "SELECT " + (FILES - 3));
    Files.writeString(file(FILES - 3), "SELECT 3");
    Optional<String> exchanged = digest();
    assertThat(exchanged).isPresent().isNotEqualTo(before);
    Files.move(file(FILES - 1), folder.resolve("9999-renamed.sql"));
    Optional<String> renamed = digest();
    assertThat(renamed).isPresent().isNotEqualTo(exchanged);
    Files.delete(file(0));
    assertThat(digest()).isPresent().isNotEqualTo(renamed);
  }

  @Test
  void none_whereAFileHasAParameter() throws IOException {
    Files.writeString(file(FILES - 1), "SELECT ${later}");
    assertThat(digest()).isEmpty();
  }

  private Path file(int number) {
    return folder.resolve("%04d.sql".formatted(number));
  }

  private Optional<String> digest() {
    return ChangelogDigest.of(new Changelog(folder, "", ""), folder, "PostgreSQL");
  }
}
