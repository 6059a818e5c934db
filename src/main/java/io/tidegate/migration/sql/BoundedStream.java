package io.tidegate.migration.sql;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;

/** Stops reading at a bound: a compressed file does not tell its size beforehand. */
final class BoundedStream extends FilterInputStream {
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
