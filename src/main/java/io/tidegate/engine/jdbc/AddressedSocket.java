package io.tidegate.engine.jdbc;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;

/** A socket that a driver connects to a name, and that goes to one of the name's addresses. */
public final class AddressedSocket extends Socket {
  private final int index;

  /**
   * Not connected yet.
   *
   * @param index which address, from 0
   */
  public AddressedSocket(int index) {
    this.index = index;
  }

  @Override
  public void connect(SocketAddress endpoint) throws IOException {
    super.connect(NameAddresses.at(endpoint, index));
  }

  @Override
  public void connect(SocketAddress endpoint, int timeout) throws IOException {
    super.connect(NameAddresses.at(endpoint, index), timeout);
  }
}
