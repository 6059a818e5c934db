package io.tidegate.config;

import io.tidegate.config.ValueType.RefusedValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads a small text file whole, or says why it cannot be read. Never says what is in it. */
final class FileText {
  private FileText() {}

  /**
   * The text of a UTF-8 file.
   *
   * @param shown the file in messages
   * @param mostBytes a larger file is refused
   */
  static String read(Path file, String shown, int mostBytes) throws RefusedValue {
    byte[] bytes;
    try {
      if (Files.isDirectory(file)) {
        throw new RefusedValue("names %s, a directory".formatted(shown), "Name a file");
      }
      try (InputStream in = Files.newInputStream(file)) {
        bytes = in.readNBytes(mostBytes + 1);
      }
    } catch (NoSuchFileException e) {
      throw new RefusedValue(
          "names %s, which does not exist".formatted(shown),
          "Correct the path, or mount the file there");
    } catch (IOException e) {
      throw new RefusedValue(
          "names %s, which cannot be read".formatted(shown),
          "Make it readable for the user that Tidegate runs as");
    }
    if (bytes.length > mostBytes) {
      throw new RefusedValue(
          "names %s, which is larger than %d bytes".formatted(shown, mostBytes),
          "Check that it is the right file");
    }
    return decode(shown, bytes);
  }

  private static String decode(String shown, byte[] bytes) throws RefusedValue {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new RefusedValue(
          "names %s, which is not UTF-8".formatted(shown), "Save the file as UTF-8");
    }
  }

  /** A secret's text: without the line break at its end, and not empty. */
  static String secret(Path file) throws RefusedValue {
    String shown = shown(file);
    String text = read(file, shown, Declarations.LONGEST_VALUE);
    if (text.endsWith("\n")) {
      text = text.substring(0, text.length() - 1);
    }
    if (text.endsWith("\r")) {
      text = text.substring(0, text.length() - 1);
    }
    if (text.isEmpty()) {
      throw new RefusedValue("names %s, which is empty".formatted(shown), "Put the value into it");
    }
    return text;
  }

  /**
   * The path, unless it may be a secret that someone put where the path of its file belongs: only a
   * path into an existing directory is one for sure.
   */
  private static String shown(Path file) {
    Path folder = file.getParent();
    boolean isPath =
        file.isAbsolute()
            && folder != null
            && folder.getNameCount() > 0
            && Files.isDirectory(folder);
    return isPath ? file.toString() : "a file";
  }
}
