package io.tidegate.engine.mysql;

import io.tidegate.engine.TlsSettings;
import io.tidegate.engine.jdbc.PemFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.Properties;
import javax.net.ssl.KeyManager;
import org.mariadb.jdbc.Configuration;
import org.mariadb.jdbc.export.ExceptionFactory;
import org.mariadb.jdbc.plugin.tls.main.DefaultTlsSocketPlugin;

/**
 * Identifies Tidegate by PEM files, which the driver itself does not take: it wants a key store.
 * Public, since the driver finds it by {@link java.util.ServiceLoader}.
 */
public final class PemTlsPlugin extends DefaultTlsSocketPlugin {
  static final String TYPE = "TIDEGATE_PEM";
  static final String CERTIFICATE = "tidegateCertificate";
  static final String KEY = "tidegateKey";

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public KeyManager[] getKeyManager(Configuration configuration, ExceptionFactory exceptions)
      throws SQLException {
    Properties own = configuration.nonMappedOptions();
    try {
      return PemFiles.identity(
          new TlsSettings(
              TlsSettings.Mode.URL,
              null,
              Path.of(own.getProperty(CERTIFICATE)),
              Path.of(own.getProperty(KEY))));
    } catch (GeneralSecurityException | IOException e) {
      throw new SQLException("the client certificate or key cannot be used", "08000", e);
    }
  }
}
