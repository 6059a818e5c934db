package io.tidegate.engine.mongodb;

import com.mongodb.connection.SslSettings;
import io.tidegate.engine.jdbc.PemFiles;
import io.tidegate.target.Target;
import io.tidegate.target.TlsFiles;
import io.tidegate.target.TlsPolicy;
import io.tidegate.target.TlsPolicy.TlsSettings;
import java.nio.file.Path;
import javax.net.ssl.SSLException;

/** How the driver is told about TLS. PEM files are read anew for each client. */
final class MongoTls {
  private MongoTls() {}

  /**
   * Does what was decided for the target.
   *
   * @throws SSLException if a file holds no usable certificate or key
   */
  static void apply(SslSettings.Builder ssl, Target target) throws SSLException {
    TlsPolicy.Level level = target.tlsPolicy().level();
    boolean anyone = level == TlsPolicy.Level.ENCRYPTED;
    ssl.enabled(level.insists()).invalidHostNameAllowed(level != TlsPolicy.Level.VERIFY_FULL);
    TlsSettings tls = files(target);
    if (anyone || tls.caFile() != null || tls.certificateFile() != null) {
      ssl.context(PemFiles.context(tls, anyone));
    }
  }

  /** The declared files; the CA file of the URL where none is declared, which this driver ignores. */
  private static TlsSettings files(Target target) {
    TlsSettings declared = target.tls();
    String inUrl = TlsFiles.of(target.url()).ca();
    return declared.caFile() != null || inUrl == null
        ? declared
        : new TlsSettings(
            declared.mode(), Path.of(inUrl), declared.certificateFile(), declared.keyFile());
  }
}
