package io.tidegate.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * FerretDB as a server that can be migrated. FerretDB 1 reads a document, changes it and writes it back,
 * so that of several who take one lease at once more than one gets it, and Tidegate refuses it for that.
 * Here one command runs at a time, over all connections, which makes each of them atomic as on MongoDB;
 * and the field by which Tidegate knows FerretDB 1 has another name.
 */
final class AtomicFerretDb implements MongoWireServer {
  private static final byte[] NAME = "ferretdbVersion".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] OTHER_NAME = "serializedBuild".getBytes(StandardCharsets.US_ASCII);

  private final FerretDbServer server;
  private final ReentrantLock turn = new ReentrantLock();
  private final int port = Ports.free();
  private @Nullable ServerSocket listener;

  /** One that does not run yet. */
  AtomicFerretDb(FerretDbServer server) {
    this.server = server;
  }

  @Override
  public void start() {
    server.start();
    try {
      ServerSocket opened = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
      listener = opened;
      Thread.ofVirtual().name("atomic-ferretdb").start(() -> accept(opened));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public int port() {
    return port;
  }

  private void accept(ServerSocket opened) {
    while (!opened.isClosed()) {
      try {
        Socket client = opened.accept();
        Thread.ofVirtual().name("atomic-ferretdb-talk").start(() -> talk(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void talk(Socket client) {
    try (client;
        Socket upstream = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      while (true) {
        byte[] command = MongoFrame.read(client.getInputStream()).whole();
        client.getOutputStream().write(answer(command, upstream));
      }
    } catch (IOException gone) {
      // Either side has ended it.
    }
  }

  /** The answer is waited for also where the client is gone by then: the command runs all the same. */
  private byte[] answer(byte[] command, Socket upstream) throws IOException {
    turn.lock();
    try {
      upstream.getOutputStream().write(command);
      byte[] answer = MongoFrame.read(upstream.getInputStream()).whole();
      rename(answer);
      return answer;
    } finally {
      turn.unlock();
    }
  }

  private static void rename(byte[] answer) {
    for (int at = 0; at + NAME.length <= answer.length; at++) {
      if (Arrays.equals(answer, at, at + NAME.length, NAME, 0, NAME.length)) {
        System.arraycopy(OTHER_NAME, 0, answer, at, NAME.length);
      }
    }
  }

  @Override
  public void stop() {
    server.stop();
    try {
      if (listener != null) {
        listener.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    stop();
    server.close();
  }
}
