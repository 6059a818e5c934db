package io.tidegate.engine.redis;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;

/**
 * A socket that reads until a moment. A socket's own time limit is for each read, so that a server
 * which sends a byte now and then would never reach it; TLS reads through here too, its handshake
 * included.
 */
final class TimedSocket extends Socket {
  private Deadline deadline;

  TimedSocket(Deadline deadline) {
    super(Proxy.NO_PROXY);
    this.deadline = deadline;
  }

  /** The moment for what is read from now on. */
  void until(Deadline later) {
    deadline = later;
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new Timed(super.getInputStream());
  }

  private final class Timed extends FilterInputStream {
    Timed(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      limit();
      return super.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      limit();
      return super.read(bytes, offset, length);
    }

    private void limit() throws IOException {
      if (deadline.isOver()) {
        throw new SocketTimeoutException("the attempt's time is over");
      }
      setSoTimeout(deadline.leftMillis());
    }
  }
}
