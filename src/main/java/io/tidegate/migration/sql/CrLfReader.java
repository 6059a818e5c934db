package io.tidegate.migration.sql;

import java.io.IOException;
import java.io.PushbackReader;
import java.io.Reader;

/**
 * A text as the clients of MariaDB and SQLite read a file: of {@code \r\n} they send the {@code \n} alone, in
 * strings too.
 */
public final class CrLfReader extends Reader {
  private final PushbackReader in;

  /** Reads from there. */
  public CrLfReader(Reader in) {
    this.in = new PushbackReader(in, 1);
  }

  @Override
  public int read(char[] to, int from, int length) throws IOException {
    int read = in.read(to, from, length);
    if (read <= 0) {
      return read;
    }
    int end = from + read;
    if (to[end - 1] == '\r') {
      int next = in.read();
      if (next == '\n') {
        to[end - 1] = '\n';
      } else if (next >= 0) {
        in.unread(next);
      }
    }
    int kept = from;
    for (int i = from; i < end; i++) {
      boolean leftOut = to[i] == '\r' && i + 1 < end && to[i + 1] == '\n';
      if (!leftOut) {
        to[kept++] = to[i];
      }
    }
    return kept - from;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
