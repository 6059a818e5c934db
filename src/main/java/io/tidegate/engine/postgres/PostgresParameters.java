package io.tidegate.engine.postgres;

import io.tidegate.engine.Credentials;
import io.tidegate.engine.Target;
import io.tidegate.engine.TlsSettings;
import io.tidegate.engine.jdbc.Limits;
import io.tidegate.secret.Secret;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The driver's properties for a target. Of the URL's parameters those are passed on that change how
 * the server is reached or what a session sees. Dropped are those that name a class, write a file or
 * log, since a URL is data; those that Tidegate sets itself; and those of other drivers, which mean
 * nothing here.
 *
 * @see <a href="https://jdbc.postgresql.org/documentation/use/">pgjdbc: connection parameters</a>
 * @see <a href="https://www.postgresql.org/docs/current/libpq-connect.html">libpq: parameters</a>
 */
final class PostgresParameters {
  private static final Set<String> PASSED =
      Set.of(
          "sslmode",
          "sslrootcert",
          "sslcert",
          "sslkey",
          "sslpassword",
          "sslNegotiation",
          "channelBinding",
          "requireAuth",
          "gssEncMode",
          "options",
          "currentSchema",
          "targetServerType",
          "hostRecheckSeconds",
          "loadBalanceHosts",
          "preferQueryMode",
          "protocolVersion");

  /** Spellings of libpq and Prisma, by the driver's name for the same. */
  private static final Map<String, String> TRANSLATED =
      Map.of(
          "sslnegotiation", "sslNegotiation",
          "channel_binding", "channelBinding",
          "require_auth", "requireAuth",
          "gssencmode", "gssEncMode",
          "schema", "currentSchema");

  private static final Map<String, String> SESSION_ATTRIBUTES =
      Map.of(
          "any", "any",
          "read-write", "primary",
          "primary", "primary",
          "read-only", "secondary",
          "standby", "secondary",
          "prefer-standby", "preferSecondary");

  private static final Set<String> MODES =
      Set.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

  private PostgresParameters() {}

  static Properties of(Target target, Limits limits) {
    Properties properties = new Properties();
    target.url().parameters().forEach((name, value) -> pass(properties, name, value));
    Credentials credentials = target.credentials();
    // Not the system user, as the driver would have it: nobody means that of a container.
    String user = credentials.username();
    properties.setProperty("user", user == null ? "postgres" : user);
    Secret password = credentials.password();
    properties.setProperty("password", password == null ? "" : password.reveal());
    properties.setProperty("ApplicationName", limits.applicationName());
    properties.setProperty("connectTimeout", seconds(limits.connectMillis()));
    properties.setProperty("socketTimeout", seconds(limits.readMillis()));
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("socketFactory", KeepaliveSocketFactory.class.getName());
    // A named statement outlives its transaction, which poolers such as PgBouncer do not allow.
    properties.setProperty("prepareThreshold", "0");
    tls(properties, target.tls());
    return properties;
  }

  private static void pass(Properties properties, String name, String value) {
    switch (name) {
      case "target_session_attrs" -> {
        String type = SESSION_ATTRIBUTES.get(value.toLowerCase(Locale.ROOT));
        if (type != null) {
          properties.setProperty("targetServerType", type);
        }
      }
      case "ssl" -> {
        String mode = sslWord(value);
        if (mode != null) {
          properties.putIfAbsent("sslmode", mode);
        }
      }
      default -> {
        String own = TRANSLATED.getOrDefault(name, name);
        if (PASSED.contains(own)) {
          properties.setProperty(own, value);
        }
      }
    }
  }

  /** asyncpg puts a mode there, pgjdbc true, node-postgres true or 1. */
  private static @Nullable String sslWord(String value) {
    String word = value.toLowerCase(Locale.ROOT);
    if (MODES.contains(word)) {
      return word;
    }
    return switch (word) {
      case "true", "1", "" -> "verify-full";
      case "false", "0" -> "disable";
      default -> null;
    };
  }

  private static void tls(Properties properties, TlsSettings tls) {
    switch (tls.mode()) {
      case URL -> {}
      case DISABLE -> properties.setProperty("sslmode", "disable");
      case REQUIRE -> properties.setProperty("sslmode", "require");
      case VERIFY_CA -> properties.setProperty("sslmode", "verify-ca");
      case VERIFY_FULL -> properties.setProperty("sslmode", "verify-full");
    }
    boolean files = tls.caFile() != null || tls.certificateFile() != null;
    boolean verified = properties.getProperty("sslmode", "").startsWith("verify");
    boolean system = "system".equals(properties.getProperty("sslrootcert"));
    boolean urlFiles = properties.containsKey("sslrootcert") || properties.containsKey("sslcert");
    if (files || system || (verified && !urlFiles)) {
      if (tls.caFile() != null && tls.mode() == TlsSettings.Mode.URL && !verified) {
        // A CA file is declared to be checked against, as it is for libpq.
        properties.putIfAbsent("sslmode", "verify-ca");
      }
      properties.setProperty("sslfactory", PemSocketFactory.class.getName());
      PemSocketFactory.put(properties, tls);
    }
  }

  private static String seconds(int millis) {
    return Integer.toString(millis == 0 ? 0 : Math.max(1, (millis + 999) / 1000));
  }
}
