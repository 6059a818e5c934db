package io.tidegate.target;

import io.tidegate.problem.ProblemException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What every connection to a target does about TLS. It is decided once, here, from the declared
 * settings and the URL: probes, migrations and the guard's rules all ask this and nothing else, so
 * that none of them can take for encrypted what another sends in plain text.
 *
 * @param level what is asked of the server
 * @param reason where that comes from, for findings: "its URL does not ask for TLS"
 */
public record TlsPolicy(Level level, String reason) {

  /** How much is asked of the server, from nothing to everything. */
  public enum Level {
    /** No TLS. */
    NONE,
    /** TLS where the server offers it, with any certificate; else none. */
    IF_OFFERED,
    /** TLS, any certificate: no protection from an impostor. */
    ENCRYPTED,
    /** TLS, and the certificate leads to a trusted CA. */
    VERIFY_CA,
    /** The same, and it names the host. */
    VERIFY_FULL;

    /** Whether a connection without TLS is never made. */
    public boolean insists() {
      return compareTo(ENCRYPTED) >= 0;
    }

    /** Whether the server has to prove who it is. */
    public boolean verifies() {
      return compareTo(VERIFY_CA) >= 0;
    }
  }

  /**
   * Decides it. A declared mode outweighs whatever the URL says.
   *
   * @param origin what declared the URL, for the problem
   * @throws ProblemException with exit 78 if the URL says it in words that nobody knows, or that
   *     contradict each other
   */
  public static TlsPolicy of(ServiceUrl url, TlsSettings declared, String origin) {
    return switch (declared.mode()) {
      case URL -> TlsWords.read(url, declared.caFile() != null, origin);
      case DISABLE -> new TlsPolicy(Level.NONE, "its TLS mode is disable");
      case REQUIRE -> new TlsPolicy(Level.ENCRYPTED, "its TLS mode is require");
      case VERIFY_CA -> new TlsPolicy(Level.VERIFY_CA, "its TLS mode is verify-ca");
      case VERIFY_FULL -> new TlsPolicy(Level.VERIFY_FULL, "its TLS mode is verify-full");
    };
  }

  /** Whether a URL's parameter is one that this decision has read: a driver need not see it. */
  public static boolean decides(String parameter) {
    return TlsWords.isKnown(parameter);
  }

  /** Whether a URL's parameter asks for TLS, and for no mode of it, as {@code ssl=true}. */
  public static boolean isPlainYes(String parameter, String value) {
    return TlsWords.isPlainYes(parameter, value);
  }

  /**
   * How a connection is encrypted and the server identified.
   *
   * @param mode how much is asked of the server
   * @param caFile PEM certificates that the server's must lead to; null: the JDK's own
   * @param certificateFile PEM chain that identifies Tidegate; null: none
   * @param keyFile PEM (PKCS#8) private key of that certificate; null: none
   */
  public record TlsSettings(
      Mode mode, @Nullable Path caFile, @Nullable Path certificateFile, @Nullable Path keyFile) {
    /** Nothing declared: as the URL says. */
    public static final TlsSettings FROM_URL = new TlsSettings(Mode.URL, null, null, null);

    /** How much is asked of the server. */
    public enum Mode {
      /** As the URL says, by scheme or parameter; without a word there, the driver's default. */
      URL,
      /** No TLS. */
      DISABLE,
      /** TLS, any certificate: no protection from an impostor. */
      REQUIRE,
      /** TLS, and the certificate leads to a trusted CA. */
      VERIFY_CA,
      /** The same, and it names the host. */
      VERIFY_FULL
    }
  }
}
