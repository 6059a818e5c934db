package io.tidegate.engine.jdbc;

import io.tidegate.secret.Secret;
import io.tidegate.target.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Hands a connection that has just answered on to what asks the same target next, since a new one
 * costs both sides far more than a question does. It owns what lies in it, one connection a target,
 * and closes it when it was not taken within a few seconds, when another takes its place, and when
 * it is shut. Shut, as it is at first, it hands nothing on.
 */
public final class ConnectionHandoff implements AutoCloseable {
  /** No connection lies in one for longer. */
  private static final Duration LONGEST = Duration.ofSeconds(3);

  /** How long one that is taken may take to show that it still answers. */
  private static final Duration PROOF = Duration.ofSeconds(1);

  private final IdentityHashMap<Target, Given> given = new IdentityHashMap<>();
  private final Duration longest;
  private final Duration proof;
  private boolean open;

  /** Shut. */
  public ConnectionHandoff() {
    this(LONGEST, PROOF);
  }

  /** Takes for how long a connection may lie in it, and how long one may take to show that it answers. */
  ConnectionHandoff(Duration longest, Duration proof) {
    this.longest = longest;
    this.proof = proof;
  }

  /** Opens a connection. */
  public interface Opener {
    /** A new one, with the credentials of this moment. */
    Connection open() throws SQLException;
  }

  /** Who a target's connections log in as, which may change at any time. */
  private record Login(@Nullable String username, @Nullable Secret password) {
    static Login of(Target target) {
      return new Login(target.credentials().username(), target.credentials().password());
    }
  }

  private record Given(Connection connection, Login login, Thread expiry) {}

  /** A connection in use: closed with this, unless it was handed on. */
  final class Use implements AutoCloseable {
    private final Target target;
    private final Login login;
    private final Connection connection;
    private boolean handsOn;

    private Use(Target target, Opener opener) throws SQLException {
      this.target = target;
      // Before it is opened: a change in between then shows as one after it.
      this.login = Login.of(target);
      this.connection = opener.open();
    }

    Connection connection() {
      return connection;
    }

    /**
     * Says that the next may have it, if there is a next: whoever uses it has finished, and has left
     * no trace in its session.
     */
    void handOn() {
      handsOn = true;
    }

    @Override
    public void close() throws SQLException {
      // Who was interrupted has given it up, and nobody goes on from there.
      if (!handsOn || Thread.currentThread().isInterrupted() || !give(target, connection, login)) {
        connection.close();
      }
    }
  }

  /** From here on, until it is shut, connections are handed on. */
  public synchronized void open() {
    open = true;
  }

  /** Opens a new connection. What lay here for the target is closed first: it is told by one only. */
  Use fresh(Target target, Opener opener) throws SQLException {
    discard(remove(target));
    return new Use(target, opener);
  }

  /** As {@link #connection}, to be handed on in turn. */
  Use resumed(Target target, Limits limits, Opener opener) throws SQLException {
    return new Use(target, () -> connection(target, limits.readMillis(), opener));
  }

  /**
   * A connection that belongs to the caller from now on, in autocommit: the one that lies here for
   * this very target, if it answers and the target's user and password are still the same; else a new
   * one. The former shows itself under the name of who opened it.
   *
   * @param readMillis the longest silence of the server from now on; 0: no limit
   */
  public Connection connection(Target target, int readMillis, Opener opener) throws SQLException {
    Given given = remove(target);
    if (given != null) {
      Connection connection = given.connection();
      try {
        connection.setNetworkTimeout(Runnable::run, (int) proof.toMillis());
        if (given.login().equals(Login.of(target)) && connection.isValid((int) proof.toSeconds())) {
          connection.setNetworkTimeout(Runnable::run, readMillis);
          return connection;
        }
      } catch (SQLException | RuntimeException e) {
        // A new one tells what is wrong.
      }
      close(connection);
    }
    return opener.open();
  }

  private boolean give(Target target, Connection connection, Login login) {
    Given former;
    synchronized (this) {
      if (!open) {
        return false;
      }
      Thread expiry =
          Thread.ofVirtual().name("handoff").unstarted(() -> expire(target, connection));
      former = given.put(target, new Given(connection, login, expiry));
      expiry.start();
    }
    discard(former);
    return true;
  }

  private void expire(Target target, Connection connection) {
    try {
      Thread.sleep(longest);
    } catch (InterruptedException e) {
      return; // It was taken.
    }
    synchronized (this) {
      Given there = given.get(target);
      if (there == null || !there.connection().equals(connection)) {
        return;
      }
      given.remove(target);
    }
    close(connection);
  }

  private @Nullable Given remove(Target target) {
    Given removed;
    synchronized (this) {
      removed = given.remove(target);
    }
    if (removed != null) {
      removed.expiry().interrupt();
    }
    return removed;
  }

  private static void discard(@Nullable Given given) {
    if (given != null) {
      given.expiry().interrupt();
      close(given.connection());
    }
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // It is gone already.
    }
  }

  /** Shuts it, and closes what nobody has taken. Does not throw; may be opened again. */
  @Override
  public void close() {
    Given[] left;
    synchronized (this) {
      open = false;
      left = given.values().toArray(Given[]::new);
      given.clear();
    }
    for (Given each : left) {
      discard(each);
    }
  }
}
