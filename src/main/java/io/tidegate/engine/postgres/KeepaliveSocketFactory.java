package io.tidegate.engine.postgres;

import io.tidegate.engine.jdbc.Keepalive;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/**
 * Sockets that notice a lost server. Public, with this constructor, since the driver makes it by
 * name; the driver itself knows keepalive only with the system's times.
 */
public final class KeepaliveSocketFactory extends SocketFactory {
  /** Makes one. */
  public KeepaliveSocketFactory() {}

  /** Not connected yet: so does the driver ask for them. */
  @Override
  public Socket createSocket() throws IOException {
    Socket socket = new Socket();
    try {
      Keepalive.on(socket);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public Socket createSocket(String host, int port) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(
      InetAddress address, int port, InetAddress localAddress, int localPort) {
    throw new UnsupportedOperationException();
  }
}
