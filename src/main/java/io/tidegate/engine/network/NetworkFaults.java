package io.tidegate.engine.network;

import io.tidegate.secret.Redactor;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.ProbeResult.NotYet;
import io.tidegate.target.ProbeResult.Wrong;
import io.tidegate.target.Reason;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Target;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** What failures of the network and of TLS mean, whichever driver meets them. */
public final class NetworkFaults {
  private NetworkFaults() {}

  /** Looks for a known failure among the causes; if there is none, the driver's first line. */
  public static ProbeResult explain(Throwable failure, Target target) {
    return explain(failure, where(target));
  }

  /**
   * The same of one server.
   *
   * @param where its address, for people
   */
  public static ProbeResult explain(Throwable failure, String where) {
    ProbeResult tls = tls(failure, where);
    if (tls != null) {
      return tls;
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      ProbeResult known = network(cause, where);
      if (known != null) {
        return known;
      }
    }
    return new NotYet(Reason.OTHER, Redactor.redact(firstLine(failure)));
  }

  /** The addresses for people. */
  public static String where(Target target) {
    return String.join(", ", target.url().hosts().stream().map(HostPort::toString).toList());
  }

  /** A message without what drivers put below its first line. */
  public static String firstLine(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank()
        ? failure.getClass().getSimpleName()
        : message.strip().lines().findFirst().orElse("");
  }

  private static @Nullable ProbeResult network(Throwable cause, String where) {
    return switch (cause) {
      case UnknownHostException e ->
          new NotYet(Reason.UNREACHABLE, "the name of %s does not resolve".formatted(where));
      case SocketTimeoutException e ->
          new NotYet(Reason.NO_ANSWER, "%s does not answer in time".formatted(where));
      case NoRouteToHostException e ->
          new NotYet(Reason.UNREACHABLE, "there is no route to %s".formatted(where));
      case ConnectException e ->
          new NotYet(Reason.UNREACHABLE, "nothing listens on %s".formatted(where));
      case EOFException e ->
          new NotYet(Reason.NO_ANSWER, "%s closed the connection".formatted(where));
      case SocketException e ->
          new NotYet(Reason.NO_ANSWER, "%s closed the connection".formatted(where));
      default -> null;
    };
  }

  private static @Nullable ProbeResult tls(Throwable failure, String where) {
    boolean tls = false;
    String words = "";
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case SSLPeerUnverifiedException e -> {
          return new Wrong(Reason.TLS, "the certificate of %s names another host".formatted(where));
        }
        case CertPathBuilderException e -> {
          return untrusted(where, "it leads to no trusted CA");
        }
        case CertPathValidatorException e -> {
          return untrusted(where, firstLine(e));
        }
        case CertificateException e when e.getCause() == null -> {
          return untrusted(where, firstLine(e));
        }
        case SSLException e -> {
          tls = true;
          words = firstLine(e);
        }
        case FileSystemException e -> {
          return new Wrong(Reason.TLS, "the file %s cannot be read".formatted(e.getFile()));
        }
        case CertificateException e -> words = firstLine(e);
        case GeneralSecurityException e -> {
          if (!tls) {
            return new Wrong(Reason.TLS, "a TLS file cannot be used: " + firstLine(e));
          }
        }
        default -> {}
      }
    }
    if (!tls) {
      return null;
    }
    if (words.contains("fatal alert")) {
      return new Wrong(Reason.TLS, "%s refuses TLS: %s".formatted(where, words));
    }
    // A server that is still starting can answer so, and a proxy before it.
    return new NotYet(Reason.TLS, "the TLS handshake with %s failed: %s".formatted(where, words));
  }

  private static Wrong untrusted(String where, String why) {
    return new Wrong(Reason.TLS, "the certificate of %s is not trusted: %s".formatted(where, why));
  }
}
