package io.tidegate.engine.mongodb;

import com.mongodb.connection.SslSettings;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.tidegate.engine.TlsSettings;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
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
      ssl.context(context(tls, anyone));
    }
  }

  private static SSLContext context(TlsSettings tls, boolean anyone) throws SSLException {
    SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
    if (anyone) {
      builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
    } else if (tls.caFile() != null) {
      builder.trustManager(tls.caFile().toFile());
    }
    Path certificate = tls.certificateFile();
    Path key = tls.keyFile();
    try {
      if (certificate != null && key != null) {
        builder.keyManager(certificate.toFile(), key.toFile());
      }
      return ((JdkSslContext) builder.build()).context();
    } catch (IllegalArgumentException e) {
      throw new SSLException("a PEM file of the target's TLS settings cannot be used", e);
    }
  }
}
