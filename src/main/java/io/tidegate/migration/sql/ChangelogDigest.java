package io.tidegate.migration.sql;

import io.tidegate.engine.Changelog;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A hash over all that decides what a changelog means: every file under its folder by name and bytes,
 * so that whatever it includes is covered and a new file is noticed, its contexts and labels, and the
 * version that reads it.
 */
final class ChangelogDigest {
  /** Past these, Liquibase reads the changelog as if there were no hash. */
  private static final int MOST_FILES = 50_000;

  private static final long MOST_BYTES = 256L << 20;
  private static final int BUFFER_BYTES = 64 << 10;
  private static final String RULES = "2";

  private ChangelogDigest() {}

  /** Empty where the files do not say all: parameters, {@code ${...}}, come from elsewhere. */
  static Optional<String> of(Changelog changelog, Path folder, String database) {
    try {
      MessageDigest all = MessageDigest.getInstance("SHA-256");
      add(all, RULES);
      add(all, Objects.toString(ChangelogDigest.class.getPackage().getImplementationVersion()));
      add(all, database);
      add(all, changelog.contexts());
      add(all, changelog.labels());
      add(all, folder.relativize(changelog.path().toAbsolutePath().normalize()).toString());
      MessageDigest one = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[BUFFER_BYTES];
      long left = MOST_BYTES;
      for (Path file : files(folder)) {
        add(all, folder.relativize(file).toString());
        long length = addContent(one, file, buffer, left);
        if (length < 0) {
          return Optional.empty();
        }
        left -= length;
        add(all, one.digest());
      }
      return Optional.of(HexFormat.of().formatHex(all.digest()));
    } catch (IOException | RuntimeException | NoSuchAlgorithmException e) {
      return Optional.empty(); // Liquibase reads it then, and says what is wrong with it.
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> tree =
        Files.find(
            folder,
            Integer.MAX_VALUE,
            (file, attributes) -> attributes.isRegularFile(),
            FileVisitOption.FOLLOW_LINKS)) {
      List<Path> files = tree.limit(MOST_FILES + 1L).sorted().toList();
      if (files.size() > MOST_FILES) {
        throw new IOException("more than " + MOST_FILES + " files");
      }
      return files;
    }
  }

  /**
   * Hashes a file, which may be larger than the heap.
   *
   * @return its length; negative if it has a parameter or more than so many bytes
   */
  private static long addContent(MessageDigest one, Path file, byte[] buffer, long most)
      throws IOException {
    long length = 0;
    byte last = 0;
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        for (int i = 0; i < read; i++) {
          if (last == '$' && buffer[i] == '{') {
            return -1;
          }
          last = buffer[i];
        }
        length += read;
        if (length > most) {
          return -1;
        }
        one.update(buffer, 0, read);
      }
    }
    return length;
  }

  /** Each part with its length before it, so that two parts are not taken for others. */
  private static void add(MessageDigest all, byte[] part) {
    all.update((part.length + ":").getBytes(StandardCharsets.UTF_8));
    all.update(part);
  }

  private static void add(MessageDigest all, String part) {
    add(all, part.getBytes(StandardCharsets.UTF_8));
  }
}
