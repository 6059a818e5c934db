package io.tidegate.engine.mysql;

import io.tidegate.engine.jdbc.Limits;
import io.tidegate.engine.network.Keepalive;
import io.tidegate.secret.Secret;
import io.tidegate.target.Credentials;
import io.tidegate.target.Target;
import io.tidegate.target.TlsFiles;
import io.tidegate.target.TlsPolicy;
import io.tidegate.target.TlsPolicy.TlsSettings;
import java.util.Properties;
import java.util.Set;

/**
 * The driver's properties for a target. Of the URL's parameters those are passed on that change how
 * the server is reached. Dropped are those that let a server read files, name a class or run
 * statements ({@code allowLocalInfile}, {@code socketFactory}, {@code initSql}), those that Tidegate
 * sets itself, and those of other drivers, which mean nothing here.
 *
 * @see <a href="https://mariadb.com/docs/connectors/mariadb-connector-j/about-mariadb-connector-j">
 *     Connector/J: URL parameters</a>
 */
final class MySqlParameters {
  private static final Set<String> PASSED =
      Set.of(
          "trustStore",
          "trustStorePassword",
          "trustStoreType",
          "keyStore",
          "keyStorePassword",
          "keyPassword",
          "keyStoreType",
          "enabledSslProtocolSuites",
          "enabledSslCipherSuites",
          "connectionCollation",
          "useCompression",
          "restrictedAuth",
          "serverRsaPublicKeyFile",
          "allowPublicKeyRetrieval",
          "retriesAllDown");

  private MySqlParameters() {}

  static Properties of(Target target, Limits limits) {
    Properties properties = new Properties();
    target.url().parameters().forEach((name, value) -> pass(properties, name, value));
    if (!target.url().path().isEmpty()) {
      properties.setProperty("database", target.url().path());
    }
    Credentials credentials = target.credentials();
    String user = credentials.username();
    properties.setProperty("user", user == null ? "root" : user);
    Secret password = credentials.password();
    properties.setProperty("password", password == null ? "" : password.reveal());
    properties.setProperty("connectTimeout", Integer.toString(limits.connectMillis()));
    properties.setProperty("socketTimeout", Integer.toString(limits.readMillis()));
    properties.setProperty("connectionAttributes", "program_name:" + limits.applicationName());
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("tcpKeepIdle", Integer.toString(Keepalive.IDLE_SECONDS));
    properties.setProperty("tcpKeepInterval", Integer.toString(Keepalive.INTERVAL_SECONDS));
    properties.setProperty("tcpKeepCount", Integer.toString(Keepalive.COUNT));
    properties.setProperty("allowLocalInfile", "false");
    // Or the driver adds a mode to the server's, and a statement is refused that mariadb would
    // take.
    properties.setProperty("jdbcCompliantTruncation", "false");
    // A redirect sends the password to an address that nobody declared.
    properties.setProperty("permitRedirect", "false");
    tls(properties, target);
    return properties;
  }

  private static void pass(Properties properties, String name, String value) {
    if (PASSED.contains(name)) {
      properties.setProperty(name, value);
    }
  }

  private static void tls(Properties properties, Target target) {
    TlsSettings tls = target.tls();
    properties.setProperty("sslMode", mode(target.tlsPolicy().level()));
    TlsFiles inUrl = TlsFiles.of(target.url());
    String ca = tls.caFile() != null ? tls.caFile().toString() : inUrl.ca();
    if (ca != null) {
      properties.setProperty("serverSslCert", ca);
    }
    if (tls.certificateFile() != null && tls.keyFile() != null) {
      identity(properties, tls.certificateFile().toString(), tls.keyFile().toString());
    } else if (inUrl.certificate() != null && inUrl.key() != null) {
      identity(properties, inUrl.certificate(), inUrl.key());
    } else if (tls.mode() != TlsSettings.Mode.URL) {
      properties.setProperty("tlsSocketType", PemTlsPlugin.TYPE);
    }
    // Or a rotated file would not take effect until the process ends.
    properties.setProperty("disableSslContextCache", "true");
  }

  private static void identity(Properties properties, String certificate, String key) {
    properties.setProperty("tlsSocketType", PemTlsPlugin.TYPE);
    properties.setProperty(PemTlsPlugin.CERTIFICATE, certificate);
    properties.setProperty(PemTlsPlugin.KEY, key);
  }

  /** The driver knows no TLS where it is offered: {@link MySqlConnector} tries without it then. */
  private static String mode(TlsPolicy.Level level) {
    return switch (level) {
      case NONE -> "disable";
      case IF_OFFERED, ENCRYPTED -> "trust";
      case VERIFY_CA -> "verify-ca";
      case VERIFY_FULL -> "verify-full";
    };
  }
}
