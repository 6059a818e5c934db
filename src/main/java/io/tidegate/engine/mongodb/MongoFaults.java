package io.tidegate.engine.mongodb;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.MongoIncompatibleDriverException;
import com.mongodb.MongoSecurityException;
import io.tidegate.secret.Redactor;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.ProbeResult.NotYet;
import io.tidegate.target.ProbeResult.Wrong;
import io.tidegate.target.Reason;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.util.Set;
import java.util.regex.Pattern;
import javax.naming.NamingException;
import javax.net.ssl.SSLException;

/**
 * Puts failures into words.
 *
 * @see <a href="https://www.mongodb.com/docs/manual/reference/error-codes/">MongoDB: error codes</a>
 */
final class MongoFaults {
  /** Unauthorized, AuthenticationFailed, and what Atlas says for either. */
  private static final Set<Integer> CREDENTIALS = Set.of(13, 18, 8000);

  /** NotWritablePrimary, NotPrimaryNoSecondaryOk, LegacyNotPrimary. */
  private static final Set<Integer> NOT_PRIMARY = Set.of(10107, 13435, 10058);

  /** Shutdown, not initiated yet, recovering. */
  private static final Set<Integer> STARTING = Set.of(91, 94, 189, 11600, 11602, 13436);

  private MongoFaults() {}

  /** A failure of the driver or of the server. */
  static ProbeResult of(Throwable thrown, String at) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case MongoCommandException e -> {
          return command(e, at);
        }
        case MongoIncompatibleDriverException _ -> {
          return new Wrong(Reason.UNSUITABLE, at + " is older than MongoDB 4.2, or too new");
        }
        case UnknownHostException _ -> {
          return new NotYet(Reason.UNREACHABLE, "the name of %s does not resolve".formatted(at));
        }
        case NamingException _ -> {
          return noServers(at);
        }
        case SSLException e -> {
          return TlsFaults.of(e, !(thrown instanceof MongoException), at);
        }
        case GeneralSecurityException e when !(thrown instanceof MongoSecurityException) -> {
          return TlsFaults.of(e, !(thrown instanceof MongoException), at);
        }
        case SocketTimeoutException _ -> {
          return silent(at);
        }
        case ConnectException _ -> {
          return new NotYet(Reason.UNREACHABLE, "nothing listens on " + at);
        }
        case NoRouteToHostException _ -> {
          return new NotYet(Reason.UNREACHABLE, "there is no route to " + at);
        }
        case SocketException _ -> {
          return closed(at);
        }
        case EOFException _ -> {
          return closed(at);
        }
        default -> {
          // Its cause may tell more.
        }
      }
    }
    String text = Redactor.redact(String.valueOf(thrown.getMessage()));
    if (thrown instanceof MongoSecurityException) {
      return new Wrong(Reason.CREDENTIALS, "%s refused the user or the password".formatted(at));
    }
    return text.contains("Prematurely reached end")
        ? closed(at)
        : new NotYet(Reason.OTHER, "%s: %s".formatted(at, text));
  }

  private static ProbeResult command(MongoCommandException e, String at) {
    int code = e.getErrorCode();
    String said = "%s says: %s".formatted(at, Redactor.redact(e.getErrorMessage()));
    if (CREDENTIALS.contains(code)) {
      return new Wrong(
          Reason.CREDENTIALS,
          code == 13
              ? "the user lacks a right, or none is declared: " + said
              : "%s refused the user or the password".formatted(at));
    }
    if (NOT_PRIMARY.contains(code)) {
      return new NotYet(Reason.ROLE, at + " is not the primary");
    }
    if (STARTING.contains(code)) {
      return new NotYet(Reason.STARTING, said);
    }
    return new NotYet(Reason.OTHER, said);
  }

  static ProbeResult noServers(String at) {
    return new NotYet(Reason.UNREACHABLE, "DNS has no servers of %s".formatted(at));
  }

  static ProbeResult silent(String at) {
    return new NotYet(Reason.NO_ANSWER, at + " did not answer in time");
  }

  private static ProbeResult closed(String at) {
    return new NotYet(Reason.UNREACHABLE, at + " closed the connection");
  }

  /** Puts failures of TLS into words, and tells those that stay from those that pass. */
  static final class TlsFaults {
    /** The server's refusals, and the JDK's own; what else does not fit can be garbage. */
    private static final Pattern REFUSED =
        Pattern.compile("fatal alert|^\\((handshake_failure|insufficient_security)\\)");

    private TlsFaults() {}

    /**
     * A failure that TLS is the cause of. A server that is about to start, or a proxy before it, can
     * answer with garbage; a wrong certificate stays wrong.
     *
     * @param own whether it comes from reading the target's own files
     */
    static ProbeResult of(Throwable failure, boolean own, String at) {
      for (Throwable cause = own ? null : failure; cause != null; cause = cause.getCause()) {
        switch (cause) {
          case CertPathBuilderException _ -> {
            return untrusted(at, "it leads to no trusted CA");
          }
          case CertificateException e when e.getCause() == null -> {
            return untrusted(at, text(e));
          }
          case SocketTimeoutException _ -> {
            return MongoFaults.silent(at);
          }
          case GeneralSecurityException e when e.getCause() == null -> {
            return untrusted(at, text(e));
          }
          default -> {
            // Its cause may tell more.
          }
        }
      }
      String said = text(failure);
      String sentence = "no TLS with %s: %s".formatted(at, said);
      return own || REFUSED.matcher(said).find()
          ? new Wrong(Reason.TLS, sentence)
          : new NotYet(Reason.TLS, sentence);
    }

    private static Wrong untrusted(String at, String why) {
      return new Wrong(Reason.TLS, "the certificate of %s is not trusted: %s".formatted(at, why));
    }

    private static String text(Throwable thrown) {
      return Redactor.redact(String.valueOf(thrown.getMessage()));
    }
  }
}
