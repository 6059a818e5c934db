package io.tidegate.engine.jdbc;

import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Target;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * The addresses of a name, of which JDBC drivers take the first only: that it is dead is an ordinary
 * failover. Each try is told which address to take, so that the driver still knows the name, against
 * which a certificate is checked.
 */
public final class AddressFailover {
  private AddressFailover() {}

  /** One try to connect. */
  public interface Try {
    /**
     * Connects.
     *
     * @param index which of a name's addresses to take, from 0; see {@link AddressFailover#at}
     */
    Connection open(int index, Limits limits) throws SQLException;
  }

  /**
   * Tries the addresses of the target's names one after the other, until one can be reached. They
   * share the time for connecting.
   *
   * @throws SQLException of the last one, or of the first that answers and refuses
   */
  public static Connection open(Target target, Limits limits, Try attempt) throws SQLException {
    int most = 1;
    for (HostPort host : target.url().hosts()) {
      most = Math.max(most, count(host.host()));
    }
    Duration share = limits.connect().dividedBy(most);
    Limits shared = new Limits(share, limits.read(), limits.applicationName());
    for (int i = 0; i < most - 1; i++) {
      try {
        return attempt.open(i, shared);
      } catch (SQLException e) {
        if (!isUnreachable(e) || Thread.currentThread().isInterrupted()) {
          throw e;
        }
      }
    }
    return attempt.open(most - 1, shared);
  }

  /** The same port at another address of that name; the address itself where there are not so many. */
  public static SocketAddress at(SocketAddress endpoint, int index) throws UnknownHostException {
    if (index == 0 || !(endpoint instanceof InetSocketAddress named)) {
      return endpoint;
    }
    InetAddress[] all = InetAddress.getAllByName(named.getHostString());
    return new InetSocketAddress(all[index % all.length], named.getPort());
  }

  private static int count(String host) {
    try {
      return InetAddress.getAllByName(host).length;
    } catch (UnknownHostException e) {
      return 1; // The driver tells it.
    }
  }

  private static boolean isUnreachable(SQLException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException
          || cause instanceof NoRouteToHostException
          || cause instanceof SocketTimeoutException) {
        return true;
      }
    }
    return false;
  }

  /** A socket that a driver connects to a name, and that goes to one of the name's addresses. */
  public static final class AddressedSocket extends Socket {
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
      super.connect(AddressFailover.at(endpoint, index));
    }

    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
      super.connect(AddressFailover.at(endpoint, index), timeout);
    }
  }
}
