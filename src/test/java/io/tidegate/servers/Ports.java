package io.tidegate.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;

/** Free loopback ports. */
public final class Ports {
  /** Below those that the system gives to whoever asks for any port, a client's connection too. */
  private static final int LOWEST = 15_000;

  private static final int HIGHEST = 30_000;

  /** The same ports of UDP, which nobody uses: taken, they keep other processes of tests from them. */
  private static final Queue<DatagramSocket> CLAIMS = new ConcurrentLinkedQueue<>();

  private Ports() {}

  /**
   * A port on which nothing listens now. Until this process ends it is given to nobody else: not by the
   * system, nor by this class in any process.
   */
  public static int free() {
    InetAddress here = InetAddress.getLoopbackAddress();
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
      try {
        DatagramSocket claim = new DatagramSocket(port, here);
        CLAIMS.add(claim);
        new ServerSocket(port, 1, here).close();
        return port;
      } catch (BindException taken) {
        // By another process, or given before.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
