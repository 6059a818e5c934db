package io.tidegate.engine.mysql;

import io.tidegate.engine.jdbc.AddressFailover.AddressedSocket;
import java.net.InetAddress;
import java.net.Socket;
import org.mariadb.jdbc.Configuration;
import org.mariadb.jdbc.util.ConfigurableSocketFactory;

/**
 * Sockets to the address of a name that is tried. Public, with this constructor, since the driver
 * makes it by name.
 */
public final class AddressSocketFactory extends ConfigurableSocketFactory {
  static final String INDEX = "tidegateAddress";

  private int index;

  /** Makes one. */
  public AddressSocketFactory() {}

  @Override
  public void setConfiguration(Configuration configuration, String host) {
    index = Integer.parseInt(configuration.nonMappedOptions().getProperty(INDEX, "0"));
  }

  /** Not connected yet: so does the driver ask for them. */
  @Override
  public Socket createSocket() {
    return new AddressedSocket(index);
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
