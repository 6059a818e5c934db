package io.tidegate.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A network between a client and a server on loopback: it counts connections, loses them, cuts them, and
 * breaks once at a chosen byte.
 */
public final class Relay implements AutoCloseable {
  /** What becomes of a connection where the network breaks. */
  public enum Break {
    /** Both sides are told that it was reset. */
    RESET,
    /** Both sides are told that it has ended, after what was sent before. */
    END,
    /** Nothing comes through any more, on later connections either, and nobody is told. */
    SILENCE
  }

  private record Plan(Break how, boolean answers, long at) {}

  private final ServerSocket listener;
  private final int upstream;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Set<Socket> lost = ConcurrentHashMap.newKeySet();
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicLong requested = new AtomicLong();
  private final AtomicLong answered = new AtomicLong();
  private volatile @Nullable Plan plan;
  private volatile boolean silent;
  private volatile boolean down;

  /** Relays to that loopback port. */
  public Relay(int upstream) {
    this.upstream = upstream;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("relay").start(this::accept);
  }

  /** The loopback port on which it listens. */
  public int port() {
    return listener.getLocalPort();
  }

  /** How many connections it has seen. */
  public int opened() {
    return opened.get();
  }

  /** How many clients are connected now. */
  public int open() {
    return open.size();
  }

  /**
   * Breaks the connection on which the byte of that number is sent, just before it; those opened
   * later come through, unless it is for silence.
   *
   * @param answers whether bytes from the server are counted, or those to it
   * @param at counted from 0 over all connections
   */
  public void breakAt(Break how, boolean answers, long at) {
    plan = new Plan(how, answers, at);
  }

  /** How many bytes came from the server, or went to it. */
  public long bytes(boolean answers) {
    return (answers ? answered : requested).get();
  }

  /** From now on nothing comes through on the connections that there are. */
  public void lose() {
    lost.addAll(open);
  }

  /** Ends the connections that there are. */
  public void cut() {
    for (Socket client : open) {
      try {
        client.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** From now on all connections are ended, later ones as soon as they are made. */
  public void down() {
    down = true;
    cut();
  }

  /** From now on nothing comes through, on later connections either, and nobody is told. */
  public void silence() {
    silent = true;
    lose();
  }

  /** From now on new connections come through. */
  public void up() {
    silent = false;
    down = false;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        open.add(client);
        // Looked at behind it: whoever says that it is down closes what stands there by then.
        if (down) {
          open.remove(client);
          client.close();
          continue;
        }
        opened.incrementAndGet();
        Thread.ofVirtual().name("relay-talk").start(() -> talk(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void talk(Socket client) {
    try (client;
        Socket server = new Socket(InetAddress.getLoopbackAddress(), upstream)) {
      Thread.ofVirtual().name("relay-back").start(() -> pump(client, server, client, true));
      pump(client, client, server, false);
    } catch (IOException gone) {
      // Either side has ended it.
    } finally {
      open.remove(client);
    }
  }

  /** Copies until one side ends, then ends the other. */
  private void pump(Socket client, Socket from, Socket to, boolean answers) {
    try (to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] bytes = new byte[8192];
      for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
        int whole = brokenAfter(answers, n);
        if (!silent && !lost.contains(client)) {
          out.write(bytes, 0, whole < 0 ? n : whole);
        }
        if (whole >= 0) {
          breakOff(from, to);
        }
      }
    } catch (IOException gone) {
      // Either side has ended it.
    }
  }

  /** How many of the next bytes come through before the network breaks; -1: it does not break there. */
  private int brokenAfter(boolean answers, int next) {
    long before = (answers ? answered : requested).getAndAdd(next);
    Plan due = plan;
    return due != null && due.answers() == answers && due.at() >= before && due.at() < before + next
        ? (int) (due.at() - before)
        : -1;
  }

  private void breakOff(Socket from, Socket to) throws IOException {
    Plan due = Objects.requireNonNull(plan);
    if (due.how() == Break.SILENCE) {
      silent = true;
      return;
    }
    if (due.how() == Break.RESET) {
      from.setSoLinger(true, 0);
      to.setSoLinger(true, 0);
    }
    from.close();
    to.close();
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cut();
  }
}
