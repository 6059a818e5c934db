package io.tidegate.engine.redis;

import io.tidegate.engine.HostPort;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A connection to one server. */
final class Node implements AutoCloseable {
  private final HostPort address;
  private final TimedSocket wire;
  private final Socket socket;
  private final RespReader replies;

  private Node(HostPort address, TimedSocket wire, Socket socket) throws IOException {
    this.address = address;
    this.wire = wire;
    this.socket = socket;
    this.replies = new RespReader(socket.getInputStream());
  }

  /**
   * Connects.
   *
   * @param tls null: in the clear
   */
  static Node open(HostPort address, @Nullable RedisTls tls, Deadline deadline)
      throws NotReadyException {
    TimedSocket wire = new TimedSocket(deadline);
    boolean used = false;
    try {
      wire.setTcpNoDelay(true);
      wire.setKeepAlive(true);
      wire.connect(new InetSocketAddress(address.host(), address.port()), deadline.leftMillis());
      Node node =
          new Node(address, wire, tls == null ? wire : shaken(tls.over(wire, address), address));
      used = true;
      return node;
    } catch (IOException e) {
      throw new NotReadyException(Faults.of(e, address));
    } finally {
      if (!used) {
        close(wire);
      }
    }
  }

  private static SSLSocket shaken(SSLSocket socket, HostPort address) throws NotReadyException {
    try {
      socket.startHandshake();
      return socket;
    } catch (IOException e) {
      throw new NotReadyException(Faults.ofHandshake(e, address));
    }
  }

  HostPort address() {
    return address;
  }

  /** Runs one command. A server's error is a reply; a failure on the way ends the attempt. */
  Reply run(Deadline deadline, String... words) throws NotReadyException {
    return run(deadline, List.of(words));
  }

  /** Runs one command, given as its words. */
  Reply run(Deadline deadline, List<String> words) throws NotReadyException {
    try {
      wire.until(deadline);
      socket.getOutputStream().write(request(words));
      return replies.read();
    } catch (IOException e) {
      throw new NotReadyException(Faults.of(e, address));
    }
  }

  /** An array of texts, each with its length before it. */
  private static byte[] request(List<String> words) {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(bytes("*" + words.size() + "\r\n"));
    for (String word : words) {
      byte[] text = bytes(word);
      request.writeBytes(bytes("$" + text.length + "\r\n"));
      request.writeBytes(text);
      request.writeBytes(bytes("\r\n"));
    }
    return request.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    close(socket);
    close(wire);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // It is of no use any more either way.
    }
  }
}
