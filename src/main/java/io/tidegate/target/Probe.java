package io.tidegate.target;

import java.time.Duration;

/**
 * Probes one target. Used by one thread at a time, except that {@link #close} may come from another
 * and must make a running attempt end soon.
 */
public interface Probe extends AutoCloseable {

  /**
   * One attempt: asks the service a real query over the address that the app would use, and checks
   * its role. Every failure of the service is an outcome, not an exception.
   *
   * @param timeout how long the attempt may take in all; an engine gives its driver limits so that
   *     the attempt ends by itself
   * @throws InterruptedException if the thread is interrupted meanwhile
   */
  ProbeResult attempt(Duration timeout) throws InterruptedException;

  /** Closes every client, pool and thread. Does not throw. */
  @Override
  void close();

  /** What a probe is used for. */
  public enum ProbeMode {
    /**
     * Until the first answers: each attempt opens a connection of its own; that of one that succeeds
     * may be handed on.
     */
    AWAIT,
    /** For as long as the app runs: a connection is kept, and renewed often enough to notice that new ones are refused. */
    WATCH
  }
}
