package io.tidegate.servers;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands in at the wire for a state that a real server cannot be brought into: it accepts
 * connections, and says what the test has it say.
 */
public final class StandInServer implements AutoCloseable {
  private final ServerSocket listener;
  private final Talk talk;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger most = new AtomicInteger();

  /** What is said on one connection, which is closed after it. */
  @FunctionalInterface
  public interface Talk {
    void over(Socket socket) throws IOException;
  }

  private StandInServer(Talk talk) {
    this.talk = talk;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("stand-in").start(this::accept);
  }

  /** Accepts connections and never says a word. */
  public static StandInServer silent() {
    return saying(socket -> socket.getInputStream().transferTo(OutputStream.nullOutputStream()));
  }

  /** Waits for the first byte and answers with these, then ends its side. */
  public static StandInServer answering(byte... answer) {
    return saying(socket -> {
      if (socket.getInputStream().read() >= 0) {
        say(socket, answer);
      }
    });
  }

  /** Sends these at once, unasked, and ends its side. */
  public static StandInServer greeting(byte... greeting) {
    return saying(socket -> say(socket, greeting));
  }

  /**
   * Ends its side after these. What the client says is read to its end: closed over unread bytes, a
   * connection is reset and the client may never see what it was sent.
   */
  private static void say(Socket socket, byte[] words) throws IOException {
    socket.getOutputStream().write(words);
    socket.shutdownOutput();
    socket.getInputStream().transferTo(OutputStream.nullOutputStream());
  }

  /** Says what it is told to. */
  public static StandInServer saying(Talk talk) {
    return new StandInServer(talk);
  }

  /** The loopback port on which it listens. */
  public int port() {
    return listener.getLocalPort();
  }

  /** How many connections are open now. */
  public int connections() {
    return open.size();
  }

  /** How many were open at the same time, at most. */
  public int mostConnections() {
    return most.get();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        open.add(socket);
        most.accumulateAndGet(open.size(), Math::max);
        Thread.ofVirtual().name("stand-in-talk").start(() -> talk(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void talk(Socket socket) {
    try (socket) {
      talk.over(socket);
    } catch (IOException theOtherSideIsGone) {
      // Nothing to say to nobody.
    } finally {
      open.remove(socket);
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
