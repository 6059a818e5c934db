package io.tidegate.migration.sql;

import io.tidegate.digest.Sha256;
import io.tidegate.target.Changelog;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
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

  /** So many files are hashed sooner than another thread is at work. */
  private static final int SHARE = 500;

  private static final String RULES = "4";

  private ChangelogDigest() {}

  /** Empty where the files do not say all: parameters, {@code ${...}}, come from elsewhere. */
  static Optional<String> of(Changelog changelog, Path folder, String database) {
    try {
      MessageDigest all = Sha256.digest();
      add(all, RULES);
      add(all, Objects.toString(ChangelogDigest.class.getPackage().getImplementationVersion()));
      add(all, database);
      add(all, changelog.contexts());
      add(all, changelog.labels());
      add(all, Objects.toString(changelog.encoding()));
      add(all, folder.relativize(changelog.path().toAbsolutePath().normalize()).toString());
      hashes(files(folder), folder.toString().length()).forEach(all::update);
      return Optional.of(HexFormat.of().formatHex(all.digest()));
    } catch (IOException | RuntimeException e) {
      return Optional.empty(); // Liquibase reads it then, and says what is wrong with it.
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        folder,
        Set.of(FileVisitOption.FOLLOW_LINKS),
        Integer.MAX_VALUE,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile()) {
              files.add(file);
            }
            if (files.size() > MOST_FILES) {
              throw new IOException("more than " + MOST_FILES + " files");
            }
            return FileVisitResult.CONTINUE;
          }
        });
    Collections.sort(files);
    return files;
  }

  /** A hash of each file, in their order; of many files by all processors. */
  private static List<byte[]> hashes(List<Path> files, int prefix) {
    int share = Math.max(SHARE, files.size() / Runtime.getRuntime().availableProcessors() + 1);
    List<List<Path>> shares = new ArrayList<>();
    for (int from = 0; from < files.size(); from += share) {
      shares.add(files.subList(from, Math.min(files.size(), from + share)));
    }
    AtomicLong left = new AtomicLong(MOST_BYTES);
    Stream<List<Path>> all = shares.size() > 1 ? shares.parallelStream() : shares.stream();
    return all.flatMap(each -> hashes(each, prefix, left).stream()).toList();
  }

  private static List<byte[]> hashes(List<Path> files, int prefix, AtomicLong left) {
    try {
      MessageDigest one = Sha256.digest();
      byte[] buffer = new byte[BUFFER_BYTES];
      List<byte[]> hashes = new ArrayList<>(files.size());
      for (Path file : files) {
        add(one, file.toString().substring(prefix));
        addContent(one, file, buffer, left);
        hashes.add(one.digest());
      }
      return hashes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Hashes a file, which may be larger than the heap.
   *
   * @param left how many bytes all files may still have
   * @throws IOException also if it has a parameter, or too many bytes
   */
  private static void addContent(MessageDigest one, Path file, byte[] buffer, AtomicLong left)
      throws IOException {
    byte last = 0;
    // A stream over a channel takes half as long again to open.
    try (InputStream in = new FileInputStream(file.toFile())) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        for (int i = 0; i < read; i++) {
          if (last == '$' && buffer[i] == '{') {
            throw new IOException("a parameter, whose value comes from elsewhere");
          }
          last = buffer[i];
        }
        if (left.addAndGet(-read) < 0) {
          throw new IOException("more than " + MOST_BYTES + " bytes");
        }
        one.update(buffer, 0, read);
      }
    }
  }

  /** A text with its length before it, so that two texts are not taken for others. */
  private static void add(MessageDigest all, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    all.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
    all.update(bytes);
  }
}
