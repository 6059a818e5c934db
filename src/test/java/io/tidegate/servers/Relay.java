package io.tidegate.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A network between a client and a server on loopback: it counts connections, loses them, cuts them. */
public final class Relay implements AutoCloseable {
  private final ServerSocket listener;
  private final int upstream;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Set<Socket> lost = ConcurrentHashMap.newKeySet();
  private final AtomicInteger opened = new AtomicInteger();

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

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        open.add(client);
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
      Thread.ofVirtual().name("relay-back").start(() -> pump(client, server, client));
      pump(client, client, server);
    } catch (IOException gone) {
      // Either side has ended it.
    } finally {
      open.remove(client);
    }
  }

  /** Copies until one side ends, then ends the other. */
  private void pump(Socket client, Socket from, Socket to) {
    try (to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] bytes = new byte[8192];
      for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
        if (!lost.contains(client)) {
          out.write(bytes, 0, n);
        }
      }
    } catch (IOException gone) {
      // Either side has ended it.
    }
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
