package io.tidegate.backup;

import io.tidegate.target.Facts;
import io.tidegate.target.Facts.Fact;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the newest file in a directory and those below it. An empty file is none: it is what a
 * dump that failed leaves behind.
 */
public final class BackupFiles {
  private static final int DEEPEST = 16;
  private static final int MOST = 100_000;
  private static final Set<FileVisitOption> NO_LINKS = EnumSet.noneOf(FileVisitOption.class);

  private BackupFiles() {}

  /**
   * The facts of this package.
   *
   * @param now by the clock of the machine that writes the files, as far as it can be had
   * @param timeout after which what was seen so far counts
   */
  public static Facts in(Path directory, Instant now, Duration timeout) {
    Search search = new Search(System.nanoTime() + timeout.toNanos());
    try {
      // It may be a link itself; those below are not followed.
      Path root = directory.toRealPath();
      Files.walkFileTree(root, NO_LINKS, DEEPEST, search);
      return search.facts(root, now);
    } catch (NoSuchFileException e) {
      return new Facts(Map.of("backup_directory", new Fact.Known("missing")));
    } catch (IOException e) {
      return new Facts(Map.of("backup_directory", new Fact.Unknown(reason(directory, e))));
    }
  }

  private static String reason(Path path, IOException e) {
    return e instanceof AccessDeniedException
        ? "%s may not be read by the user that Tidegate runs as".formatted(shown(path))
        : "%s cannot be read (%s)".formatted(shown(path), e.getClass().getSimpleName());
  }

  /** A name may hold anything; what is made of it stays on one line. */
  private static String shown(Path path) {
    return path.toString().replaceAll("\\p{Cntrl}", "?");
  }

  /** One walk, to its end or to its limits. */
  private static final class Search extends SimpleFileVisitor<Path> {
    private final long end;
    private int seen;
    private String unread = "";
    private @Nullable Path newest;
    private FileTime time = FileTime.fromMillis(Long.MIN_VALUE);

    Search(long end) {
      this.end = end;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (attributes.isDirectory()) {
        unread = shown(file) + " lies too deep";
      } else if (attributes.isRegularFile()
          && attributes.size() > 0
          && attributes.lastModifiedTime().compareTo(time) > 0) {
        newest = file;
        time = attributes.lastModifiedTime();
      }
      if (++seen < MOST && System.nanoTime() < end) {
        return FileVisitResult.CONTINUE;
      }
      unread = "only the first %d files were looked at".formatted(seen);
      return FileVisitResult.TERMINATE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      // A file that has just gone is the sign of a backup that tidies up, not of one unseen.
      if (!(e instanceof NoSuchFileException)) {
        unread = reason(file, e);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) {
      return e == null ? FileVisitResult.CONTINUE : visitFileFailed(directory, e);
    }

    Facts facts(Path root, Instant now) {
      Path file = newest;
      if (file == null && !unread.isEmpty()) {
        return new Facts(Map.of("backup_directory", new Fact.Unknown(unread)));
      }
      long seconds = Math.max(0, Duration.between(time.toInstant(), now).toSeconds());
      String name = file == null ? "" : root.relativize(file).toString();
      return new Facts(
          Map.of(
              "backup_directory",
              new Fact.Known("present"),
              "backup_file",
              new Fact.Known(name),
              "backup_file_seconds_ago",
              new Fact.Known(file == null ? "" : Long.toString(seconds)),
              "backup_unread",
              new Fact.Known(unread)));
    }
  }
}
