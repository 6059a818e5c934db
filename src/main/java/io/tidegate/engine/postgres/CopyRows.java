package io.tidegate.engine.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The rows that follow {@code COPY ... FROM stdin} in a script, read as they are asked for. */
final class CopyRows extends InputStream {
  private final Lines lines;
  private byte[] row = new byte[0];
  private int at;
  private boolean over;

  /** Gives one line after the other. */
  interface Lines {
    /** The next line with its end; empty behind the last, and not asked again then. */
    String next() throws IOException;
  }

  CopyRows(Lines lines) {
    this.lines = lines;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (at == row.length && !over) {
      row = lines.next().getBytes(StandardCharsets.UTF_8);
      at = 0;
      over = row.length == 0;
    }
    if (over) {
      return -1;
    }
    int count = Math.min(length, row.length - at);
    System.arraycopy(row, at, bytes, offset, count);
    at += count;
    return count;
  }
}
