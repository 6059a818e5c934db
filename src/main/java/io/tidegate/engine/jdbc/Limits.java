package io.tidegate.engine.jdbc;

import java.time.Duration;

/**
 * The limits of one connection.
 *
 * @param connect for connecting and, where a driver can tell it apart, logging in
 * @param read the longest silence of the server; zero: none
 * @param applicationName how the connection shows itself to the server
 */
public record Limits(Duration connect, Duration read, String applicationName) {

  /** The connection timeout as drivers want it: milliseconds, at least one since zero means none. */
  public int connectMillis() {
    return Math.clamp(connect.toMillis(), 1, Integer.MAX_VALUE);
  }

  /** The read timeout in milliseconds; zero: none. */
  public int readMillis() {
    return read.isZero() ? 0 : Math.clamp(read.toMillis(), 1, Integer.MAX_VALUE);
  }
}
