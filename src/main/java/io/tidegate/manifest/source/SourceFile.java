package io.tidegate.manifest.source;

import io.tidegate.policy.Severity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

  private static final String SPLIT = "Name the files that deploy something, or split it";

  /**
   * Reads a file.
   *
   * @throws Unreadable if there is none, it is too large, or is no UTF-8 text
   */
  public static SourceFile read(Path path, String name) throws Unreadable {
    Place place = Place.start(name);
    if (!Files.exists(path)) {
      throw new Unreadable(Severity.ERROR, place, "there is no such file", "Correct the path");
    }
    if (!Files.isRegularFile(path)) {
      throw new Unreadable(Severity.ERROR, place, "is not a file", "Name a file or a directory");
    }
    try {
      if (Files.size(path) > LARGEST_BYTES) {
        throw tooLarge(place);
      }
      try (InputStream in = Files.newInputStream(path)) {
        return read(in, path, name);
      }
    } catch (AccessDeniedException e) {
      throw new Unreadable(Severity.ERROR, place, "may not be read", "Make it readable");
    } catch (IOException e) {
      throw new Unreadable(Severity.ERROR, place, "cannot be read", "Check the file system");
    }
  }

  /**
   * Reads a stream, up to the largest size.
   *
   * @throws Unreadable if it is too large or no UTF-8 text
   */
  public static SourceFile read(InputStream in, @Nullable Path path, String name)
      throws Unreadable, IOException {
    byte[] bytes = in.readNBytes(LARGEST_BYTES + 1);
    if (bytes.length > LARGEST_BYTES) {
      throw tooLarge(Place.start(name));
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return new SourceFile(name, path, text.startsWith("\uFEFF") ? text.substring(1) : text);
    } catch (CharacterCodingException e) {
      throw new Unreadable(
          Severity.ERROR, Place.start(name), "is not UTF-8 text", "Save it as UTF-8");
    }
  }

  private static Unreadable tooLarge(Place place) {
    return new Unreadable(
        Severity.ERROR,
        place,
        "is larger than %d MB and is not read".formatted(LARGEST_BYTES / 1024 / 1024),
        SPLIT);
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
}
