package io.tidegate.engine.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.tidegate.engine.HostPort;
import io.tidegate.engine.ProbeResult;
import io.tidegate.engine.ProbeResult.NotYet;
import io.tidegate.engine.ProbeResult.Wrong;
import io.tidegate.engine.Reason;
import io.tidegate.secret.Redactor;
import java.io.FileNotFoundException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * Puts failures into words.
 *
 * @see <a href="https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors">Redis:
 *     the first word of an error is its kind</a>
 */
final class Faults {
  private Faults() {}

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
  static ProbeResult of(Throwable thrown, HostPort at) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case RedisCommandExecutionException e -> {
          return refused(String.valueOf(e.getMessage()), at);
        }
        case UnknownHostException _ -> {
          return new NotYet(
              Reason.UNREACHABLE, "the name %s does not resolve".formatted(at.host()));
        }
        case UnresolvedAddressException _ -> {
          return new NotYet(
              Reason.UNREACHABLE, "the name %s does not resolve".formatted(at.host()));
        }
        case SSLException e -> {
          return tls(e, at);
        }
        case GeneralSecurityException e -> {
          return tls(e, at);
        }
        case FileNotFoundException e -> {
          return tls(e, at);
        }
        case ConnectException e -> {
          boolean timedOut = String.valueOf(e.getMessage()).contains("timed out");
          return timedOut ? silent(at) : new NotYet(Reason.UNREACHABLE, "nothing listens on " + at);
        }
        case NoRouteToHostException _ -> {
          return new NotYet(Reason.UNREACHABLE, "there is no route to " + at);
        }
        case TimeoutException _ -> {
          return silent(at);
        }
        case io.lettuce.core.RedisCommandTimeoutException _ -> {
          return silent(at);
        }
        case SocketException _ -> {
          return closed(at);
        }
        case ClosedChannelException _ -> {
          return closed(at);
        }
        default -> {
          // Its cause may tell more.
        }
      }
    }
    // Lettuce wraps what it was told; the innermost says it.
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String text = String.valueOf(root.getMessage());
    return text.contains("closed")
            || text.contains("reset")
            || text.contains("not connected")
            || text.contains("Broken pipe")
        ? closed(at)
        : new NotYet(Reason.OTHER, "%s: %s".formatted(at, plain(text)));
  }

  /** Without the names of Java's classes, which say nothing to people. */
  private static String plain(String text) {
    return Redactor.redact(text).replaceAll("[\\w.$]+(Exception|Error): ?", "");
  }

  private static ProbeResult closed(HostPort at) {
    return new NotYet(Reason.UNREACHABLE, at + " closed the connection");
  }

  static ProbeResult silent(HostPort at) {
    return new NotYet(Reason.NO_ANSWER, at + " did not answer in time");
  }

  /** A server that is about to start can answer with garbage; a wrong certificate stays wrong. */
  private static ProbeResult tls(Exception e, HostPort at) {
    String text = plain(String.valueOf(e.getMessage()));
    boolean garbage =
        e.getClass().getName().endsWith("NotSslRecordException")
            || text.contains("closed")
            || text.contains("plaintext");
    String sentence = "no TLS with %s: %s".formatted(at, text);
    return garbage ? new NotYet(Reason.TLS, sentence) : new Wrong(Reason.TLS, sentence);
  }
}
