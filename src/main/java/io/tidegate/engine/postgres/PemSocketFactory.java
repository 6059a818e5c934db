package io.tidegate.engine.postgres;

import io.tidegate.engine.TlsSettings;
import io.tidegate.engine.jdbc.PemFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Properties;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.postgresql.ssl.NonValidatingFactory;
import org.postgresql.ssl.WrappedFactory;

/**
 * TLS by the target's PEM files, or the JDK's CAs. Public, with this constructor, since the driver
 * makes it by name. The driver's own factory takes neither the JDK's CAs nor a PEM key whose kind it
 * was not told.
 */
public final class PemSocketFactory extends WrappedFactory {
  private static final String CA = "tidegate.ca";
  private static final String CERTIFICATE = "tidegate.certificate";
  private static final String KEY = "tidegate.key";

  /** Takes the connection's properties; reads the files that they name. */
  public PemSocketFactory(Properties properties) throws GeneralSecurityException, IOException {
    boolean verified = properties.getProperty("sslmode", "").startsWith("verify");
    TlsSettings tls =
        new TlsSettings(
            TlsSettings.Mode.URL,
            path(properties, CA),
            path(properties, CERTIFICATE),
            path(properties, KEY));
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        PemFiles.identity(tls),
        verified
            ? PemFiles.trust(tls.caFile())
            : new TrustManager[] {new NonValidatingFactory.NonValidatingTM()},
        null);
    factory = context.getSocketFactory();
  }

  static void put(Properties properties, TlsSettings tls) {
    put(properties, CA, tls.caFile());
    put(properties, CERTIFICATE, tls.certificateFile());
    put(properties, KEY, tls.keyFile());
  }

  private static void put(Properties properties, String name, @Nullable Path file) {
    if (file != null) {
      properties.setProperty(name, file.toString());
    }
  }

  private static @Nullable Path path(Properties properties, String name) {
    String value = properties.getProperty(name);
    return value == null ? null : Path.of(value);
  }
}
