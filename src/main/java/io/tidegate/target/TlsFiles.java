package io.tidegate.target;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files that a URL names for TLS, whichever driver's words it has. {@code sslcert} is a client
 * certificate to most, and the server's CA to Prisma.
 *
 * @param ca what the server's certificate must lead to; null: none is named
 * @param certificate what identifies Tidegate; null: none is named
 * @param key the key of that certificate; null: none is named
 * @see <a href="https://www.prisma.io/docs/orm/core-concepts/supported-databases/postgresql">Prisma</a>
 * @see <a href="https://github.com/brianmario/mysql2#ssltls-options">mysql2</a>
 */
public record TlsFiles(@Nullable String ca, @Nullable String certificate, @Nullable String key) {
  private static final List<String> MYSQL_CA =
      List.of("ssl-ca", "ssl_ca", "sslca", "serversslcert");
  private static final Set<String> PRISMA = Set.of("sslaccept", "sslidentity");

  /** The files that a URL names. */
  public static TlsFiles of(ServiceUrl url) {
    Map<String, String> parameters = new LinkedHashMap<>();
    url.parameters()
        .forEach((name, value) -> {
          if (!value.isEmpty()) {
            parameters.put(name.toLowerCase(Locale.ROOT), value);
          }
        });
    if (url.scheme().startsWith("postgres")) {
      return ofPostgres(parameters);
    }
    // Memcached has no words of its own for them.
    if (url.scheme().matches("(mysql|mariadb|memcached).*")) {
      return ofMySql(parameters);
    }
    // redis-py's and Celery's, where it is not MongoDB.
    return url.scheme().startsWith("mongodb")
        ? new TlsFiles(parameters.get("tlscafile"), null, null)
        : new TlsFiles(
            parameters.get("ssl_ca_certs"),
            parameters.get("ssl_certfile"),
            parameters.get("ssl_keyfile"));
  }

  private static TlsFiles ofPostgres(Map<String, String> parameters) {
    String named = parameters.get("sslrootcert");
    String root = "system".equals(named) ? null : named;
    String certificate = parameters.get("sslcert");
    String key = parameters.get("sslkey");
    boolean prisma = key == null && parameters.keySet().stream().anyMatch(PRISMA::contains);
    return prisma
        ? new TlsFiles(root != null ? root : certificate, null, null)
        : new TlsFiles(root, certificate, key);
  }

  private static TlsFiles ofMySql(Map<String, String> parameters) {
    String ca = first(parameters, MYSQL_CA);
    String key = first(parameters, List.of("ssl-key", "ssl_key", "sslkey"));
    String certificate = first(parameters, List.of("ssl-cert", "ssl_cert"));
    String either = parameters.get("sslcert");
    return key == null
        ? new TlsFiles(ca != null ? ca : either, certificate, null)
        : new TlsFiles(ca, certificate != null ? certificate : either, key);
  }

  private static @Nullable String first(Map<String, String> parameters, List<String> names) {
    return names.stream()
        .filter(parameters::containsKey)
        .map(parameters::get)
        .findFirst()
        .orElse(null);
  }
}
