package io.tidegate.migration.sql;

import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.io.FileNotFoundException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import liquibase.resource.DirectoryResourceAccessor;
import liquibase.resource.PathResource;
import liquibase.resource.Resource;

/**
 * The folder that a changelog and all it includes stand in. A path that leads out of it, by dots or
 * by a symbolic link, is refused, and so is a file of absurd size.
 */
final class ChangelogRoot extends DirectoryResourceAccessor {
  /** Larger files are data, not schema: they would not fit in a small container's memory. */
  static final long LARGEST_FILE_BYTES = 64L << 20;

  /** A larger file is no changelog that names others. */
  private static final long LARGEST_SEARCHED_BYTES = 1L << 20;

  /** A plain SQL file is never in memory as a whole. */
  static final long LARGEST_PLAIN_FILE_BYTES = 128L << 20;

  private final Path root;

  /** The files that Liquibase read, in that order. */
  private final Set<Path> opened = new LinkedHashSet<>();

  ChangelogRoot(Path directory) throws IOException {
    super(directory.toRealPath());
    this.root = directory.toRealPath();
  }

  @Override
  public List<Resource> getAll(String named) throws IOException {
    String path = PathRoot.withoutScheme(named);
    checkSpelling(path);
    return super.getAll(path);
  }

  @Override
  public List<Resource> search(String named, SearchOptions options) throws IOException {
    String startPath = PathRoot.withoutScheme(named);
    checkSpelling(startPath);
    // A mounted ConfigMap keeps its files in ..data and links to them: listed once, by the link.
    return super.search(startPath, options).stream()
        .filter(resource -> !hasDottedFolder(resource.getPath()))
        .toList();
  }

  @Override
  protected Resource createResource(Path file, String logicalPath) {
    return new Inside(file, logicalPath);
  }

  /** The file among those read so far that names this path; the root if none is found. */
  String namedBy(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    return opened.stream()
        .filter(file -> contains(file, name))
        .map(file -> root.relativize(file).toString())
        .reduce((first, last) -> last)
        .orElse(root.toString());
  }

  private static boolean contains(Path file, String name) {
    try {
      return Files.size(file) <= LARGEST_SEARCHED_BYTES && Files.readString(file).contains(name);
    } catch (IOException e) {
      return false; // What is not text names nothing.
    }
  }

  /** Opens a plain SQL file, which may be larger than a file that Liquibase reads. */
  InputStream openPlain(String name) throws IOException {
    Resource resource = getExisting(name);
    return resource instanceof Inside file
        ? file.open(LARGEST_PLAIN_FILE_BYTES)
        : resource.openInputStream();
  }

  @Override
  public void close() {
    // Nothing is open between two calls.
  }

  private void checkSpelling(String path) {
    if (path.contains("://") || path.startsWith("//")) {
      throw refused(path, "is a remote address");
    }
    for (Path part : Path.of(path)) {
      if (part.toString().equals("..")
          && !root.resolve(path.startsWith("/") ? path.substring(1) : path)
              .normalize()
              .startsWith(root)) {
        throw refused(path, "leads out of the changelog's folder");
      }
    }
    if (path.startsWith("/") && Files.exists(Path.of(path))) {
      throw refused(path, "is absolute");
    }
  }

  private static boolean hasDottedFolder(String path) {
    return List.of(path.split("/")).stream().anyMatch(part -> part.startsWith(".."));
  }

  private ProblemException refused(String path, String why) {
    return new ProblemException(
        new Problem(
            ExitCode.CHANGELOG,
            "the path " + path + " " + why + ", so it is not read",
            root.toString(),
            "Keep every file that the changelog names inside that folder, by a relative path"));
  }

  /** Those among the files read so far that are named as files of SQL. */
  List<Path> openedSqlFiles() {
    return opened.stream()
        .filter(file -> file.toString().toLowerCase(Locale.ROOT).endsWith(".sql"))
        .toList();
  }

  /** A file inside the root, which is checked again where it really is when it is opened. */
  private final class Inside extends PathResource {
    private final Path file;
    private final String logicalPath;

    Inside(Path file, String logicalPath) {
      super(logicalPath, file);
      this.file = file;
      this.logicalPath = logicalPath;
    }

    @Override
    public InputStream openInputStream() throws IOException {
      opened.add(file);
      return open(LARGEST_FILE_BYTES);
    }

    private InputStream open(long largest) throws IOException {
      if (!Files.exists(file)) {
        throw new FileNotFoundException(logicalPath + " does not exist");
      }
      if (!file.toRealPath().startsWith(root)) {
        throw refused(logicalPath, "is a symbolic link that leads out of the changelog's folder");
      }
      if (Files.size(file) > largest) {
        throw tooLarge(logicalPath, largest);
      }
      return new BoundedStream(
          super.openInputStream(), largest, () -> tooLarge(logicalPath, largest));
    }

    @Override
    public Resource resolve(String other) {
      return through(resolvePath(other));
    }

    @Override
    public Resource resolveSibling(String other) {
      return through(resolveSiblingPath(other));
    }

    @Override
    public boolean isWritable() {
      return false;
    }

    private Resource through(String path) {
      checkSpelling(path);
      String relative = path.startsWith("/") ? path.substring(1) : path;
      return new Inside(root.resolve(relative).normalize(), relative);
    }
  }

  static ProblemException tooLarge(String path, long largest) {
    return new ProblemException(
        new Problem(
            ExitCode.CHANGELOG,
            "the file is larger than %d MiB (%d bytes)".formatted(largest >> 20, largest),
            path,
            "Load data of that size by a program of its own, or split the file"));
  }

  /** Stops reading at a bound: a compressed file does not tell its size beforehand. */
  static final class BoundedStream extends FilterInputStream {
    private final Supplier<? extends RuntimeException> tooLong;
    private long left;

    BoundedStream(InputStream in, long bytes, Supplier<? extends RuntimeException> tooLong) {
      super(in);
      this.left = bytes;
      this.tooLong = tooLong;
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      if (b >= 0) {
        count(1);
      }
      return b;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int n = super.read(buffer, offset, length);
      if (n > 0) {
        count(n);
      }
      return n;
    }

    @Override
    public boolean markSupported() {
      return false;
    }

    private void count(int n) {
      left -= n;
      if (left < 0) {
        throw tooLong.get();
      }
    }
  }
}
