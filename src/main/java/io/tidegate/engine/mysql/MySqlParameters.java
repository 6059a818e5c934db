package io.tidegate.engine.mysql;

import io.tidegate.engine.Credentials;
import io.tidegate.engine.Target;
import io.tidegate.engine.TlsSettings;
import io.tidegate.engine.jdbc.Keepalive;
import io.tidegate.engine.jdbc.Limits;
import io.tidegate.secret.Secret;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
          "sslMode",
          "serverSslCert",
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

  /** Other drivers' words for how much TLS. */
  private static final Map<String, String> SSL_MODES =
      Map.ofEntries(
          Map.entry("disabled", "disable"),
          Map.entry("disable", "disable"),
          Map.entry("false", "disable"),
          Map.entry("required", "trust"),
          Map.entry("require", "trust"),
          Map.entry("trust", "trust"),
          Map.entry("skip-verify", "trust"),
          Map.entry("verify_ca", "verify-ca"),
          Map.entry("verify-ca", "verify-ca"),
          Map.entry("verify_identity", "verify-full"),
          Map.entry("verify-full", "verify-full"),
          Map.entry("verify_full", "verify-full"),
          Map.entry("true", "verify-full"));

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
    tls(properties, target.tls());
    return properties;
  }

  private static void pass(Properties properties, String name, String value) {
    switch (name.toLowerCase(Locale.ROOT)) {
      case "sslmode", "ssl-mode", "ssl_mode", "usessl", "ssl", "tls" -> {
        String mode = mode(value);
        if (mode != null) {
          properties.putIfAbsent("sslMode", mode);
        }
      }
      case "ssl-ca", "ssl_ca", "sslca", "sslcert" -> properties.putIfAbsent("serverSslCert", value);
      default -> {
        if (PASSED.contains(name)) {
          properties.setProperty(name, value);
        }
      }
    }
  }

  /** Preferred TLS, which this driver does not know, is none: it protects from nobody. */
  private static @Nullable String mode(String value) {
    return SSL_MODES.get(value.toLowerCase(Locale.ROOT));
  }

  private static void tls(Properties properties, TlsSettings tls) {
    switch (tls.mode()) {
      case URL -> {}
      case DISABLE -> properties.setProperty("sslMode", "disable");
      case REQUIRE -> properties.setProperty("sslMode", "trust");
      case VERIFY_CA -> properties.setProperty("sslMode", "verify-ca");
      case VERIFY_FULL -> properties.setProperty("sslMode", "verify-full");
    }
    if (tls.caFile() != null) {
      properties.setProperty("serverSslCert", tls.caFile().toString());
      properties.putIfAbsent("sslMode", "verify-ca");
    }
    if (tls.mode() != TlsSettings.Mode.URL || tls.certificateFile() != null) {
      properties.setProperty("tlsSocketType", PemTlsPlugin.TYPE);
    }
    if (tls.certificateFile() != null && tls.keyFile() != null) {
      properties.setProperty(PemTlsPlugin.CERTIFICATE, tls.certificateFile().toString());
      properties.setProperty(PemTlsPlugin.KEY, tls.keyFile().toString());
    }
    // Or a rotated file would not take effect until the process ends.
    properties.setProperty("disableSslContextCache", "true");
  }
}
