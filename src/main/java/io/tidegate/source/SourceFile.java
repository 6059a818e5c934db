package io.tidegate.source;

import io.tidegate.policy.Severity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file's text, read whole.
 *
 * @param name as people know it
 * @param path where it is; null: standard input
 */
public record SourceFile(String name, @Nullable Path path, String text) {
  /** The rendered manifests of a large cluster are a few megabytes. */
  public static final int LARGEST_BYTES = 16 * 1024 * 1024;

  /** A file that another one names is written by hand. */
  public static final int LARGEST_BESIDE = 1024 * 1024;

  private static final Pattern DEVELOPMENT =
      Pattern.compile(
          "(?i)(?:^|[./_-])(?:dev|devel|development|local|test|tests|testing|e2e|ci|override|debug"
              + "|sandbox|devcontainer|testdata|fixtures|cypress|playwright)(?=[./_-])");

  private static final String SPLIT = "Name the files that deploy something, or split it";

  /**
   * Reads a file.
   *
   * @throws UnreadableFileException if there is none, it is too large, or is no UTF-8 text
   */
  public static SourceFile read(Path path, String name) throws UnreadableFileException {
    Location location = Location.start(name);
    if (!Files.exists(path)) {
      throw new UnreadableFileException(
          Severity.ERROR, location, "there is no such file", "Correct the path");
    }
    if (!Files.isRegularFile(path)) {
      throw new UnreadableFileException(
          Severity.ERROR, location, "is not a file", "Name a file or a directory");
    }
    try {
      if (Files.size(path) > LARGEST_BYTES) {
        throw tooLarge(location);
      }
      try (InputStream in = Files.newInputStream(path)) {
        return read(in, path, name);
      }
    } catch (AccessDeniedException e) {
      throw new UnreadableFileException(
          Severity.ERROR, location, "may not be read", "Make it readable");
    } catch (IOException e) {
      throw new UnreadableFileException(
          Severity.ERROR, location, "cannot be read", "Check the file system");
    }
  }

  /**
   * Reads a stream, up to the largest size.
   *
   * @throws UnreadableFileException if it is too large or no UTF-8 text
   */
  public static SourceFile read(InputStream in, @Nullable Path path, String name)
      throws UnreadableFileException, IOException {
    byte[] bytes = in.readNBytes(LARGEST_BYTES + 1);
    if (bytes.length > LARGEST_BYTES) {
      throw tooLarge(Location.start(name));
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return new SourceFile(name, path, text.startsWith("\uFEFF") ? text.substring(1) : text);
    } catch (CharacterCodingException e) {
      throw new UnreadableFileException(
          Severity.ERROR, Location.start(name), "is not UTF-8 text", "Save it as UTF-8");
    }
  }

  private static UnreadableFileException tooLarge(Location location) {
    return new UnreadableFileException(
        Severity.ERROR,
        location,
        "is larger than %d MB and is not read".formatted(LARGEST_BYTES / 1024 / 1024),
        SPLIT);
  }

  /** A small text file beside this one; empty where there is none that can be read. */
  public Optional<SourceFile> beside(String other) {
    Path there = pathBeside(other);
    if (there == null || !there.toFile().isFile() || there.toFile().length() > LARGEST_BESIDE) {
      return Optional.empty();
    }
    try {
      return Optional.of(read(there, nameBeside(other)));
    } catch (UnreadableFileException e) {
      return Optional.empty();
    }
  }

  /** Where a path leads from the directory of this file; null where it means nothing here. */
  public @Nullable Path pathBeside(String other) {
    if (path == null || other.isEmpty() || other.startsWith("~") || other.contains("${")) {
      return null;
    }
    try {
      return path.toAbsolutePath().resolveSibling(other).normalize();
    } catch (InvalidPathException e) {
      return null;
    }
  }

  /** How a file is shown that this one names. */
  public String nameBeside(String other) {
    int slash = name.lastIndexOf('/');
    String folder = slash < 0 || other.startsWith("/") ? "" : name.substring(0, slash + 1);
    try {
      String shown = Path.of(folder + other).normalize().toString();
      boolean inside = folder.startsWith("./") && !shown.startsWith("..");
      return inside ? "./" + shown : shown;
    } catch (InvalidPathException e) {
      return folder + other;
    }
  }

  /**
   * Whether a file looks like it is for a developer's own machine, where a lost database is a nuisance
   * and not a loss: by a word in its name or in that of its directory.
   */
  public static boolean isForDevelopment(String fileName) {
    int slash = fileName.lastIndexOf('/');
    int above = slash < 0 ? -1 : fileName.lastIndexOf('/', slash - 1);
    return DEVELOPMENT.matcher(fileName.substring(above + 1)).find();
  }

  /** Its lines, without line breaks. */
  public List<String> lines() {
    return text.lines().toList();
  }

  /** The name only: the text may hold secrets. */
  @Override
  public String toString() {
    return "SourceFile[" + name + "]";
  }

  /**
   * Where something is written.
   *
   * @param file as named on the command line, or relative to what was named
   * @param line from 1
   * @param column from 1
   */
  public record Location(String file, int line, int column) {

    /** The start of a file. */
    public static Location start(String file) {
      return new Location(file, 1, 1);
    }

    /** As compilers write it. */
    @Override
    public String toString() {
      return file + ":" + line + ":" + column;
    }
  }

  /**
   * A piece of text with its place.
   *
   * @param value what it means; keeps {@code ${NAME}} where a value is not known
   * @param raw as written
   */
  public record SourceText(String value, String raw, Location location) {

    static SourceText of(YamlNode.Scalar scalar) {
      return new SourceText(scalar.text(), scalar.raw(), scalar.location());
    }

    /** A text that stands as written. */
    public static SourceText of(String value, Location location) {
      return new SourceText(value, value, location);
    }

    /** The same place, another value. */
    public SourceText with(String other) {
      return new SourceText(other, raw, location);
    }

    /** Whether nothing in it is left to be filled in later. */
    public boolean isKnown() {
      return !value.contains("${") && !value.contains("$(") && !value.contains("{{");
    }
  }

  /**
   * Something said about a file itself rather than by a rule: it cannot be read, or part of it is not
   * checked.
   *
   * @param severity an error where the file was not checked, so that nobody takes silence for a verdict
   * @param what one sentence without a full stop; never quotes the file
   * @param remedy one sentence without a full stop
   */
  public record Note(Severity severity, Location location, String what, String remedy) {}

  /** A file that cannot be checked. */
  public static final class UnreadableFileException extends Exception {
    private final Note note;

    /** Takes what {@link Note} takes. */
    public UnreadableFileException(
        Severity severity, Location location, String what, String remedy) {
      super(what);
      note = new Note(severity, location, what, remedy);
    }

    /** What is noted about the file. */
    public Note note() {
      return note;
    }
  }
}
