package io.tidegate.migration.sql;

import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decodes a file without replacing anything: a byte that means nothing in the file's encoding is
 * refused with its line. The encoding is that of the byte order mark, else the declared one, else
 * UTF-8.
 */
final class StrictText {
  private static final int BUFFER = 8 << 10;
  private static final int SMALLEST_BUFFER = 64;
  static final int LONGEST_MARK = 4;

  /** So much of a file tells another kind from text. */
  private static final int BEGINNING = 16;

  private StrictText() {}

  /**
   * A byte order mark, and the encoding that it stands for.
   *
   * @param bytes in hexadecimal
   */
  private record Mark(Charset charset, String bytes) {
    /** UTF-32's begins as UTF-16's does, so it comes first. */
    private static final List<Mark> ALL =
        List.of(
            new Mark(StandardCharsets.UTF_8, "efbbbf"),
            new Mark(Charset.forName("UTF-32LE"), "fffe0000"),
            new Mark(Charset.forName("UTF-32BE"), "0000feff"),
            new Mark(StandardCharsets.UTF_16LE, "fffe"),
            new Mark(StandardCharsets.UTF_16BE, "feff"));

    /** The mark that a text begins with; null if none. */
    static @Nullable Mark of(byte[] beginning) {
      String text = HexFormat.of().formatHex(beginning);
      return ALL.stream().filter(mark -> text.startsWith(mark.bytes)).findFirst().orElse(null);
    }

    int length() {
      return bytes.length() / 2;
    }
  }

  /**
   * Another kind of file that people name as SQL.
   *
   * @param bytes how it begins, in hexadecimal
   */
  private record NoText(String bytes, String what, String remedy) {
    private static final List<NoText> ALL =
        List.of(
            new NoText(
                "5047444d50", // PGDMP
                "a dump in pg_dump's own format, which only pg_restore reads",
                "Take it without -Fc, or make SQL of it: pg_restore -f FILE.sql DUMP"),
            new NoText("1f8b", "text that is compressed", "Unpack it with gunzip"),
            new NoText("28b52ffd", "text that is compressed", "Unpack it with unzstd"),
            new NoText("504b0304", "an archive", "Unpack it with unzip"),
            new NoText(
                "53514c69746520666f726d61742033", // SQLite format 3
                "a database of SQLite rather than SQL",
                "Make SQL of it: sqlite3 DATABASE .dump"));

    static void refuse(byte[] beginning, String file) {
      String text = HexFormat.of().formatHex(beginning);
      ALL.stream()
          .filter(kind -> text.startsWith(kind.bytes))
          .findFirst()
          .ifPresent(kind -> {
            throw new ProblemException(
                new Problem(ExitCode.CHANGELOG, "the file holds " + kind.what, file, kind.remedy));
          });
    }
  }

  /** Opens a text of any size, which is read without its byte order mark and as strictly. */
  static Reader open(InputStream in, @Nullable Charset declared) throws IOException {
    PushbackInputStream bytes = new PushbackInputStream(in, LONGEST_MARK);
    byte[] beginning = bytes.readNBytes(LONGEST_MARK);
    Mark mark = Mark.of(beginning);
    int from = mark == null ? 0 : mark.length();
    bytes.unread(beginning, from, beginning.length - from);
    return new InputStreamReader(bytes, charset(mark, declared).newDecoder());
  }

  /**
   * Reads a file of any size through, and hands its text on part by part.
   *
   * @param length how many bytes it has, as far as is known
   * @param declared the encoding of a file without such a mark; null: UTF-8
   * @param name names the file in a problem
   * @throws ProblemException with exit 65 if the bytes are no text in that encoding
   */
  static void decode(
      InputStream in,
      long length,
      @Nullable Charset declared,
      String name,
      Consumer<CharBuffer> text)
      throws IOException {
    // Most files are small, and there may be thousands.
    int size = Math.clamp(length + 1, SMALLEST_BUFFER, BUFFER);
    ByteBuffer bytes = ByteBuffer.allocate(size);
    bytes.position(in.readNBytes(bytes.array(), 0, BEGINNING)).flip();
    byte[] beginning = Arrays.copyOf(bytes.array(), bytes.limit());
    NoText.refuse(beginning, name);
    Mark mark = Mark.of(beginning);
    bytes.position(mark == null ? 0 : mark.length());
    bytes.compact();
    Charset charset = charset(mark, declared);
    CharsetDecoder decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    CharBuffer chars = CharBuffer.allocate(size);
    Lines lines = new Lines(name, charset, declared);
    boolean end = false;
    while (!end) {
      int read = in.read(bytes.array(), bytes.position(), bytes.remaining());
      end = read < 0;
      bytes.position(bytes.position() + Math.max(0, read)).flip();
      CoderResult result;
      do {
        result = decoder.decode(bytes, chars, end);
        if (end && result.isUnderflow()) {
          decoder.flush(chars);
        }
        chars.flip();
        lines.count(chars);
        text.accept(chars);
        chars.clear();
      } while (result.isOverflow());
      if (result.isError()) {
        throw lines.malformed();
      }
      bytes.compact();
    }
  }

  /** The encoding that a text says by its byte order mark; null: it has none. */
  static @Nullable Charset marked(byte[] beginning) {
    Mark mark = Mark.of(beginning);
    return mark == null ? null : mark.charset();
  }

  /** Whether these bytes are all of a text that is empty. */
  static boolean isOnlyMark(byte[] bytes) {
    Mark mark = Mark.of(bytes);
    return bytes.length == (mark == null ? 0 : mark.length());
  }

  private static Charset charset(@Nullable Mark mark, @Nullable Charset declared) {
    if (mark != null) {
      return mark.charset();
    }
    return declared == null ? StandardCharsets.UTF_8 : declared;
  }

  /** Counts the lines read so far, and refuses a zero byte, which no SQL text holds. */
  private static final class Lines {
    private final String file;
    private final Charset charset;
    private final boolean isDeclared;
    private int line = 1;

    Lines(String file, Charset charset, @Nullable Charset declared) {
      this.file = file;
      this.charset = charset;
      this.isDeclared = declared != null;
    }

    /** Leaves the buffer as it was. */
    void count(CharBuffer text) {
      for (int i = text.position(); i < text.limit(); i++) {
        char c = text.get(i);
        if (c == '\n') {
          line++;
        } else if (c == 0) {
          throw refused(
              "a zero byte, as in UTF-16 without a byte order mark or in raw binary data",
              "Save it as UTF-8; take a dump of binary columns with --hex-blob");
        }
      }
    }

    ProblemException malformed() {
      return refused(
          "bytes that are not " + charset.name(),
          isDeclared
              ? "Save it as UTF-8, or declare the encoding that it has"
              : "Save it as UTF-8, or declare its encoding, as tidegate.targets.<name>.encoding:"
                  + " ISO-8859-1; take a dump of binary columns with --hex-blob");
    }

    private ProblemException refused(String what, String remedy) {
      return new ProblemException(
          new Problem(
              ExitCode.CHANGELOG, "the file holds " + what, file + ", line " + line, remedy));
    }
  }
}
