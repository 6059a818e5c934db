package io.tidegate.engine.memcached;

import io.tidegate.engine.network.Deadline;
import io.tidegate.engine.network.PemFiles;
import io.tidegate.secret.Redactor;
import io.tidegate.secret.Secret;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.ProbeResult.NotYet;
import io.tidegate.target.ProbeResult.Wrong;
import io.tidegate.target.Reason;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Target;
import io.tidegate.target.TlsPolicy.Level;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * A connection to one server, in Memcached's text protocol.
 *
 * @see <a href="https://github.com/memcached/memcached/blob/master/doc/protocol.txt">the protocol</a>
 */
final class MemcachedConnection implements Closeable {
  private static final int LONGEST_LINE = 2048;
  private static final int LONGEST_SHOWN = 500;
  private static final int MOST_STATISTICS = 1000;

  private static final Pattern ERROR = Pattern.compile("ERROR|(CLIENT|SERVER)_ERROR ");

  private final Target target;
  private final HostPort address;
  private final Deadline deadline;
  private final Socket plain;
  private final Socket socket;
  private final InputStream in;

  /** What the server answers is a reason not to be ready. */
  static final class RefusedException extends Exception {
    private final transient ProbeResult result;

    RefusedException(ProbeResult result) {
      super(result.toString());
      this.result = result;
    }

    ProbeResult result() {
      return result;
    }
  }

  private MemcachedConnection(
      Target target, HostPort address, Deadline deadline, Socket plain, Socket socket)
      throws IOException {
    this.target = target;
    this.address = address;
    this.deadline = deadline;
    this.plain = plain;
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  /**
   * Connects to the first of the name's addresses that can be reached.
   *
   * @param deadline for all that is done with it
   */
  static MemcachedConnection open(Target target, HostPort address, Deadline deadline)
      throws IOException {
    InetAddress[] all = InetAddress.getAllByName(address.host());
    for (int i = 0; i < all.length - 1; i++) {
      try {
        return open(target, address, deadline, all[i], deadline.share(all.length - i));
      } catch (ConnectException | NoRouteToHostException | SocketTimeoutException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw e;
        }
        // A dead first address is an ordinary failover: the next may answer.
      }
    }
    return open(target, address, deadline, all[all.length - 1], deadline);
  }

  private static MemcachedConnection open(
      Target target, HostPort address, Deadline deadline, InetAddress one, Deadline connecting)
      throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(one, address.port()), millis(connecting));
      socket.setSoTimeout(millis(connecting));
      return new MemcachedConnection(
          target, address, deadline, socket, encrypted(socket, target, address));
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** The same socket, or one with TLS over it. */
  private static Socket encrypted(Socket socket, Target target, HostPort address)
      throws IOException {
    Level level = target.tlsPolicy().level();
    if (!level.insists()) {
      return socket;
    }
    SSLSocket tls =
        (SSLSocket)
            PemFiles.context(target.tls(), !level.verifies())
                .getSocketFactory()
                .createSocket(socket, address.host(), address.port(), true);
    if (level == Level.VERIFY_FULL) {
      SSLParameters parameters = tls.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      tls.setSSLParameters(parameters);
    }
    tls.startHandshake();
    return tls;
  }

  HostPort address() {
    return address;
  }

  /** The server's version. Says who we are first where the server asks for that. */
  String version() throws IOException, RefusedException {
    String answer = answer("version");
    if (answer.equals("CLIENT_ERROR unauthenticated")) {
      authenticate();
      answer = answer("version");
    }
    if (!answer.startsWith("VERSION ")) {
      throw refused(answer);
    }
    return Redactor.redact(answer.substring("VERSION ".length()).strip());
  }

  /**
   * Sent only to a server that asked for it: any other would take it for an item to be stored.
   *
   * @see <a href="https://github.com/memcached/memcached/blob/master/doc/protocol.txt">section
   *     Authentication</a>
   */
  private void authenticate() throws IOException, RefusedException {
    Secret password = target.credentials().password();
    String username = target.credentials().username();
    if (username == null || password == null) {
      throw new RefusedException(
          new Wrong(
              Reason.CREDENTIALS,
              "%s asks for a user and a password, and none are declared".formatted(address)));
    }
    byte[] both = (username + " " + password.reveal()).getBytes(StandardCharsets.UTF_8);
    send("set tidegate 0 0 " + both.length + "\r\n");
    socket.getOutputStream().write(both);
    String answer = answer("");
    if (!answer.equals("STORED")) {
      throw answer.startsWith("CLIENT_ERROR")
          ? new RefusedException(
              new Wrong(Reason.CREDENTIALS, address + " refused the user or the password"))
          : refused(answer);
    }
  }

  /** What the server reports of itself, by its own names. */
  Map<String, String> statistics() throws IOException, RefusedException {
    Map<String, String> statistics = new LinkedHashMap<>();
    String line = answer("stats");
    for (int i = 0; i < MOST_STATISTICS && !line.equals("END"); i++, line = line()) {
      String[] words = line.split(" ", 3);
      if (words.length != 3 || !words[0].equals("STAT")) {
        throw refused(line);
      }
      statistics.put(words[1], words[2]);
    }
    if (!line.equals("END")) {
      throw refused("more than %d statistics".formatted(MOST_STATISTICS));
    }
    return statistics;
  }

  /** Whether it has an item of that key. Its value is not read: nothing can be asked after this. */
  boolean has(String key) throws IOException, RefusedException {
    String answer = answer("get " + key);
    if (!answer.equals("END") && !answer.startsWith("VALUE ")) {
      throw refused(answer);
    }
    return !answer.equals("END");
  }

  private RefusedException refused(String answer) {
    if (answer.startsWith("ERROR Too many open connections")) {
      return new RefusedException(
          new NotYet(Reason.OVERLOADED, address + " has as many connections as it accepts"));
    }
    // What was cut may end in the middle of a secret, which nothing would mask.
    boolean reply = answer.length() < LONGEST_SHOWN && ERROR.matcher(answer).lookingAt();
    return new RefusedException(
        new NotYet(
            Reason.OTHER,
            reply
                ? "%s says: %s".formatted(address, Redactor.redact(answer))
                : address + " answers with something that is no reply of Memcached"));
  }

  private String answer(String command) throws IOException {
    send(command + "\r\n");
    return line();
  }

  private void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  /** A line without its end; the start of one that is far too long. */
  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (line.size() < LONGEST_LINE) {
      socket.setSoTimeout(millis(deadline));
      int next = in.read();
      if (next < 0) {
        throw new EOFException();
      }
      if (next == '\n') {
        break;
      }
      line.write(next);
    }
    return line.toString(StandardCharsets.UTF_8).stripTrailing();
  }

  private static int millis(Deadline deadline) {
    return Math.clamp(deadline.left().toMillis(), 1, Integer.MAX_VALUE);
  }

  /** Without a farewell of TLS, which would wait for that of a server that hangs. */
  @Override
  public void close() throws IOException {
    plain.close();
  }
}
