package io.tidegate.engine.mongodb;

import com.mongodb.connection.SslSettings;
import io.tidegate.engine.TlsSettings;
import io.tidegate.engine.jdbc.PemFiles;
import javax.net.ssl.SSLException;

/** How the driver is told about TLS. PEM files are read anew for each client. */
final class MongoTls {
  private MongoTls() {}

  /**
   * Puts the target's settings over what the URL says.
   *
   * @throws SSLException if a file holds no usable certificate or key
   */
  static void apply(SslSettings.Builder ssl, TlsSettings tls) throws SSLException {
    switch (tls.mode()) {
      case URL -> {}
      case DISABLE -> ssl.enabled(false);
      case REQUIRE, VERIFY_CA -> ssl.enabled(true).invalidHostNameAllowed(true);
      case VERIFY_FULL -> ssl.enabled(true).invalidHostNameAllowed(false);
    }
    boolean anyone = tls.mode() == TlsSettings.Mode.REQUIRE;
    if (anyone || tls.caFile() != null || tls.certificateFile() != null) {
      ssl.context(PemFiles.context(tls, anyone));
    }
  }
}
