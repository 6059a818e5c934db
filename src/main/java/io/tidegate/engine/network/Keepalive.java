package io.tidegate.engine.network;

import java.io.IOException;
import java.net.Socket;
import java.net.StandardSocketOptions;
import jdk.net.ExtendedSocketOptions;

/**
 * How soon a client notices that its server is gone while it waits for an answer that may take hours:
 * the system's own two hours would let a run hang after the network was away for a moment.
 */
public final class Keepalive {
  /** The server is asked after so long a silence. */
  public static final int IDLE_SECONDS = 10;

  /** And again after so long. */
  public static final int INTERVAL_SECONDS = 5;

  /** It is given up after so many questions without an answer. */
  public static final int COUNT = 3;

  private Keepalive() {}

  /** Turns it on; where the system knows no such times, with the system's own. */
  public static void on(Socket socket) throws IOException {
    socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    if (socket.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
      socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, IDLE_SECONDS);
      socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, INTERVAL_SECONDS);
      socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, COUNT);
    }
  }
}
