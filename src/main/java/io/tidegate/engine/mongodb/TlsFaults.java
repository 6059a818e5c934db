package io.tidegate.engine.mongodb;

import io.tidegate.secret.Redactor;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.ProbeResult.NotYet;
import io.tidegate.target.ProbeResult.Wrong;
import io.tidegate.target.Reason;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.util.regex.Pattern;

/** Puts failures of TLS into words, and tells those that stay from those that pass. */
final class TlsFaults {
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
