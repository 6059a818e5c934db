package io.tidegate.target;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

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
