package io.tidegate.engine.mysql;

import io.tidegate.engine.network.PemFiles;
import io.tidegate.target.TlsPolicy.TlsSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.Properties;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import org.mariadb.jdbc.Configuration;
import org.mariadb.jdbc.HostAddress;
import org.mariadb.jdbc.client.tls.MariaDbX509DeferredIdentityTrustManager;
import org.mariadb.jdbc.export.ExceptionFactory;
import org.mariadb.jdbc.plugin.tls.main.DefaultTlsSocketPlugin;

/**
 * TLS as the target's settings have it. Two things the driver does otherwise: it takes no client
 * certificate in PEM files, and where no CA is given it accepts an unknown certificate if the server
 * proves to know the password, while asking for verification here means the JDK's CAs. Public, since
 * the driver finds it by {@link java.util.ServiceLoader}.
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
  public TrustManager[] getTrustManager(
      Configuration configuration, ExceptionFactory exceptions, HostAddress address)
      throws SQLException {
    TrustManager[] managers = super.getTrustManager(configuration, exceptions, address);
    if (!(managers[0] instanceof MariaDbX509DeferredIdentityTrustManager)) {
      return managers;
    }
    try {
      return PemFiles.trust(null);
    } catch (GeneralSecurityException | IOException e) {
      throw new SQLException("the CAs of the JDK cannot be used", "08000", e);
    }
  }

  @Override
  public KeyManager[] getKeyManager(Configuration configuration, ExceptionFactory exceptions)
      throws SQLException {
    Properties own = configuration.nonMappedOptions();
    if (!own.containsKey(CERTIFICATE)) {
      return super.getKeyManager(configuration, exceptions);
    }
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
