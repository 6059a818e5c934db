package io.tidegate.engine.redis;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads replies of RESP2. What a reply announces is not believed: its length, its number of elements
 * and its depth are held against limits before anything is made for them.
 *
 * @see <a href="https://redis.io/docs/latest/develop/reference/protocol-spec/">Redis: the protocol</a>
 */
final class RespReader {
  /** Of one reply. INFO has some KiB, the slots of a large cluster some hundred. */
  static final int MAX_BYTES = 4 << 20;

  /** Of one reply: every value and every array counts. */
  static final int MAX_PARTS = 1 << 17;

  static final int MAX_DEPTH = 32;

  private final InputStream in;
  private int bytesLeft;
  private int partsLeft;
  private @Nullable String refusal;

  RespReader(InputStream in) {
    this.in = new BufferedInputStream(in);
  }

  /** An error anywhere in it makes it a refusal. */
  Reply read() throws IOException {
    bytesLeft = MAX_BYTES;
    partsLeft = MAX_PARTS;
    refusal = null;
    List<@Nullable Object> elements = new ArrayList<>();
    part(elements, 0);
    return refusal == null ? new Reply.Value(elements) : new Reply.Refused(refusal);
  }

  /** Text, a number, null, or a list of these. The outermost array's elements are the reply's own. */
  private void part(List<@Nullable Object> into, int depth) throws IOException {
    int kind = next();
    if (--partsLeft < 0) {
      throw tooMuch();
    }
    switch (kind) {
      case '+' -> into.add(line());
      case ':' -> into.add(number());
      case '-' -> {
        String message = line();
        refusal = refusal == null ? message : refusal;
      }
      case '$' -> into.add(text());
      case '*' -> {
        List<@Nullable Object> elements = depth == 0 ? into : new ArrayList<>();
        boolean there = elements(elements, depth);
        if (depth > 0) {
          into.add(there ? elements : null);
        }
      }
      default -> throw strange();
    }
  }

  /** Whether there is an array at all. */
  private boolean elements(List<@Nullable Object> elements, int depth) throws IOException {
    int count = size(partsLeft);
    if (depth == MAX_DEPTH) {
      throw tooMuch();
    }
    for (int i = 0; i < count; i++) {
      part(elements, depth + 1);
    }
    return count >= 0;
  }

  private @Nullable String text() throws IOException {
    int length = size(bytesLeft);
    if (length < 0) {
      return null;
    }
    bytesLeft -= length;
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException();
    }
    if (next() != '\r' || next() != '\n') {
      throw strange();
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** An announced size; negative for what is not there. */
  private int size(int most) throws IOException {
    long size = number();
    if (size < -1) {
      throw strange();
    }
    if (size > most) {
      throw tooMuch();
    }
    return (int) size;
  }

  private long number() throws IOException {
    String line = line();
    try {
      return Long.parseLong(line);
    } catch (NumberFormatException _) {
      throw strange();
    }
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int one = next();
    while (one != '\r') {
      line.write(one);
      one = next();
    }
    if (next() != '\n') {
      throw strange();
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  private int next() throws IOException {
    if (--bytesLeft < 0) {
      throw tooMuch();
    }
    int one = in.read();
    if (one < 0) {
      throw new EOFException();
    }
    return one;
  }

  private static ProtocolException strange() {
    return new ProtocolException("answers with something that is no reply of Redis");
  }

  private static ProtocolException tooMuch() {
    return new ProtocolException(
        "answers with more than %d MiB, %d elements or %d levels of them"
            .formatted(MAX_BYTES >> 20, MAX_PARTS, MAX_DEPTH));
  }
}
