package io.tidegate.engine.postgres;

import io.tidegate.engine.jdbc.AddressFailover.AddressedSocket;
import io.tidegate.engine.network.Keepalive;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Properties;
import javax.net.SocketFactory;

/**
 * Sockets to the address of a name that is tried, which notice a lost server. Public, with this constructor, since the driver makes it by
 * name; the driver itself knows keepalive only with the system's times.
 */
public final class KeepaliveSocketFactory extends SocketFactory {
  private static final String INDEX = "tidegate.address";

  private final int index;

  /** Takes the connection's properties. */
  public KeepaliveSocketFactory(Properties properties) {
    index = Integer.parseInt(properties.getProperty(INDEX, "0"));
  }

  /** Says which of a name's addresses its sockets go to. */
  static void put(Properties properties, int index) {
    properties.setProperty(INDEX, Integer.toString(index));
  }

  /** Not connected yet: so does the driver ask for them. */
  @Override
  public Socket createSocket() throws IOException {
    Socket socket = new AddressedSocket(index);
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
