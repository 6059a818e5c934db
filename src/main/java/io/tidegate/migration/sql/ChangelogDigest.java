package io.tidegate.migration.sql;

import io.tidegate.digest.Sha256;
import io.tidegate.target.Changelog;
import java.io.IOException;
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

  /** So many files are hashed sooner than another thread is at work. */
  private static final int SHARE = 500;

  private static final String RULES = "5";

  private ChangelogDigest() {}

  /** Empty where the files do not say all: parameters, {@code ${...}}, come from elsewhere. */
  static Optional<String> of(Changelog changelog, Path folder, String database, FileHashes known) {
    try {
      MessageDigest all = Sha256.digest();
      add(all, RULES);
      add(all, Objects.toString(ChangelogDigest.class.getPackage().getImplementationVersion()));
      add(all, database);
      add(all, changelog.contexts());
      add(all, changelog.labels());
      add(all, Objects.toString(changelog.encoding()));
      add(all, folder.relativize(changelog.path().toAbsolutePath().normalize()).toString());
      hashes(files(folder), folder.toString().length(), known).forEach(all::update);
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
          private long bytes;

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile()) {
              files.add(file);
            }
            bytes += attributes.size();
            if (files.size() > MOST_FILES || bytes > MOST_BYTES) {
              throw new IOException("too much to read");
            }
            return FileVisitResult.CONTINUE;
          }
        });
    Collections.sort(files);
    return files;
  }

  /** A hash of each file's name and bytes, in their order; of many files by all processors. */
  private static List<byte[]> hashes(List<Path> files, int prefix, FileHashes known) {
    int share = Math.max(SHARE, files.size() / Runtime.getRuntime().availableProcessors() + 1);
    List<List<Path>> shares = new ArrayList<>();
    for (int from = 0; from < files.size(); from += share) {
      shares.add(files.subList(from, Math.min(files.size(), from + share)));
    }
    Stream<List<Path>> all = shares.size() > 1 ? shares.parallelStream() : shares.stream();
    return all.flatMap(each -> ofShare(each, prefix, known).stream()).toList();
  }

  private static List<byte[]> ofShare(List<Path> files, int prefix, FileHashes known) {
    try {
      MessageDigest one = Sha256.digest();
      List<byte[]> hashes = new ArrayList<>(files.size());
      for (Path file : files) {
        add(one, file.toString().substring(prefix));
        one.update(known.of(file).orElseThrow(() -> new IOException("a parameter in " + file)));
        hashes.add(one.digest());
      }
      return hashes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A text with its length before it, so that two texts are not taken for others. */
  private static void add(MessageDigest all, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    all.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
    all.update(bytes);
  }
}
