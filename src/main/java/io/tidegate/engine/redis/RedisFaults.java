package io.tidegate.engine.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.protocol.RedisProtocolException;
import io.tidegate.secret.Redactor;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.ProbeResult.NotYet;
import io.tidegate.target.ProbeResult.Wrong;
import io.tidegate.target.Reason;
import io.tidegate.target.ServiceUrl.HostPort;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.security.GeneralSecurityException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * Puts failures into words.
 *
 * @see <a href="https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors">Redis:
 *     the first word of an error is its kind</a>
 */
final class RedisFaults {
  /** The server's refusals of TLS, and the JDK's own; what else does not fit can be garbage. */
  private static final Pattern REFUSED =
      Pattern.compile(
          "fatal alert|^\\((handshake_failure|insufficient_security|protocol_version)\\)");

  /** What Lettuce says where a connection ended between its beginning and Lettuce's own handshake. */
  private static final String ENDED_AT_ONCE = "RedisHandshakeHandler not registered";

  private RedisFaults() {}

  /** A server's error. */
  static ProbeResult refused(String message, HostPort at) {
    String said = "%s says: %s".formatted(at, Redactor.redact(message));
    String kind = message.split("\\s", 2)[0];
    return switch (kind) {
      case "WRONGPASS" ->
          new Wrong(Reason.CREDENTIALS, "%s refused the user or the password".formatted(at));
      case "NOAUTH" ->
          new Wrong(Reason.CREDENTIALS, "%s wants a password and none is declared".formatted(at));
      case "NOPERM" -> new Wrong(Reason.CREDENTIALS, "the user lacks a right: " + said);
      case "LOADING" -> new NotYet(Reason.STARTING, at + " is loading its data");
      case "MASTERDOWN" ->
          new NotYet(Reason.STARTING, at + " is a replica that has lost its primary");
      case "CLUSTERDOWN" -> new NotYet(Reason.STARTING, "the cluster is down: " + said);
      case "BUSY" -> new NotYet(Reason.NO_ANSWER, at + " is busy running a script");
      case "READONLY" -> new NotYet(Reason.ROLE, at + " is a read-only replica");
      case "MISCONF" ->
          new NotYet(Reason.OTHER, at + " refuses writes since it cannot save to its disk");
      default -> byText(message, at, said);
    };
  }

  private static ProbeResult byText(String message, HostPort at, String said) {
    if (message.contains("max number of clients")) {
      return new NotYet(Reason.OVERLOADED, at + " has as many clients as it accepts");
    }
    // Before Redis 6: "ERR invalid password", "ERR AUTH called without any password configured",
    // "ERR Client sent AUTH, but no password is set".
    if (message.contains("invalid password") || message.contains("AUTH")) {
      return new Wrong(Reason.CREDENTIALS, said);
    }
    if (message.contains("DB index") || message.contains("SELECT is not allowed")) {
      return new Wrong(Reason.NO_DATABASE, "no such database number: " + said);
    }
    if (message.startsWith("DENIED")) {
      return new Wrong(Reason.UNSUITABLE, said);
    }
    return new NotYet(Reason.OTHER, said);
  }

  /** A failure on the way to the server. */
  static ProbeResult of(IOException thrown, HostPort at) {
    if (Thread.currentThread().isInterrupted()) {
      return ended();
    }
    return switch (thrown) {
      case UnknownHostException _ ->
          new NotYet(Reason.UNREACHABLE, "the name %s does not resolve".formatted(at.host()));
      case SocketTimeoutException _ -> silent(at);
      case ConnectException e when text(e).contains("timed out") -> silent(at);
      case ConnectException _ -> new NotYet(Reason.UNREACHABLE, "nothing listens on " + at);
      case NoRouteToHostException _ -> noRoute(at);
      case SocketException e when text(e).contains("unreachable") -> noRoute(at);
      case SocketException _ -> closed(at);
      case EOFException _ -> closed(at);
      case ClosedChannelException _ -> closed(at);
      case SSLException e when e.getCause() instanceof SocketException -> closed(at);
      case SSLException e -> tls(e, at);
      case ProtocolException e -> new NotYet(Reason.OTHER, at + " " + text(e));
      default -> new NotYet(Reason.OTHER, "%s: %s".formatted(at, plain(thrown)));
    };
  }

  /** What a server said before it was asked, as one that has too many clients does and hangs up. */
  static ProbeResult unasked(String greeting, HostPort at) {
    return greeting.startsWith("-")
        ? refused(greeting.substring(1).lines().findFirst().orElse(""), at)
        : of(noReply(), at);
  }

  /** What came is not what Redis answers. */
  private static ProtocolException noReply() {
    return new ProtocolException("answers with something that is no reply of Redis");
  }

  /** A failure that Lettuce tells in its own way, as one on the way to the server. */
  static IOException ofLettuce(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String text = String.valueOf(root.getMessage());
    if (text.contains(ENDED_AT_ONCE)) {
      return new EOFException(text);
    }
    // Its reader trips over what is no reply, in whichever way.
    if (root instanceof RedisProtocolException || !(root instanceof RedisException)) {
      return noReply();
    }
    return text.contains("closed") || text.contains("connected")
        ? new EOFException(text)
        : new IOException(text, root);
  }

  /** The target's own files are no good. */
  static ProbeResult ownTls(SSLException thrown, HostPort at) {
    return new Wrong(Reason.TLS, "no TLS with %s: %s".formatted(at, plain(thrown)));
  }

  /** Nobody but who closes a probe, or no longer waits for it, interrupts its attempts. */
  private static ProbeResult ended() {
    return new NotYet(Reason.OTHER, "the probe was closed meanwhile");
  }

  private static ProbeResult noRoute(HostPort at) {
    return new NotYet(Reason.UNREACHABLE, "there is no route to " + at);
  }

  private static ProbeResult closed(HostPort at) {
    return new NotYet(Reason.UNREACHABLE, at + " closed the connection");
  }

  private static ProbeResult silent(HostPort at) {
    return new NotYet(Reason.NO_ANSWER, at + " did not answer in time");
  }

  /** A server that is about to start can answer with garbage; a wrong certificate stays wrong. */
  private static ProbeResult tls(IOException thrown, HostPort at) {
    String text = plain(thrown);
    String sentence = "no TLS with %s: %s".formatted(at, text);
    return thrown.getCause() instanceof GeneralSecurityException || REFUSED.matcher(text).find()
        ? new Wrong(Reason.TLS, sentence)
        : new NotYet(Reason.TLS, sentence);
  }

  /** Without the names of Java's classes, which say nothing to people. */
  private static String plain(IOException thrown) {
    return Redactor.redact(text(thrown)).replaceAll("[\\w.$]+(Exception|Error): ?", "");
  }

  private static String text(IOException thrown) {
    return String.valueOf(thrown.getMessage());
  }
}
