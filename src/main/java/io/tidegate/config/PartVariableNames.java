package io.tidegate.config;

import io.tidegate.config.ValueType.RefusedValue;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Variables that together name a service, by convention. Each may end in {@code _FILE}; of several
 * names for one part one is meant.
 *
 * @param target the name of the target that they make
 * @param scheme of the URL that they stand for; empty: {@code kind} says it, or the port
 * @param kind names of the part that says which service it is
 * @param maybeKind names that say it in some apps, and something else in others
 * @param further variables, by the URL's parameter that they stand for
 * @param ofImageToo whether the server's own image is set up by the same variables, so that without
 *     a host they declare nothing
 */
record PartVariableNames(
    String target,
    String scheme,
    List<String> kind,
    List<String> maybeKind,
    List<String> host,
    List<String> port,
    List<String> user,
    List<String> password,
    List<String> database,
    Map<String, String> further,
    boolean ofImageToo) {

  /** What the name of a variable ends in that holds the path of a file with the value. */
  static final String FILE = "_FILE";

  /** libpq's file of passwords, one for each server. */
  static final String PASSWORD_FILE = "PGPASSFILE";

  private static final List<String> NONE = List.of();

  /** All of them. The last ones serve whichever database, and so are looked at last. */
  static final List<PartVariableNames> ALL =
      List.of(
          libpq(),
          named(
              "postgres",
              "postgresql",
              "POSTGRES_",
              tls(
                  "POSTGRES_",
                  Map.of("POSTGRES_SSLMODE", "sslmode", "POSTGRES_SSL_MODE", "ssl-mode")),
              true),
          named(
              "mysql",
              "mysql",
              "MYSQL_",
              tls(
                  "MYSQL_",
                  Map.of(
                      "MYSQL_SSL_MODE", "sslmode",
                      "MYSQL_SSL_CA", "ssl-ca",
                      "MYSQL_ATTR_SSL_CA", "ssl_ca")),
              false),
          named(
              "mariadb",
              "mariadb",
              "MARIADB_",
              tls("MARIADB_", Map.of("MARIADB_SSL_MODE", "sslmode")),
              true),
          named(
              "redis",
              "redis",
              "REDIS_",
              tls("REDIS_", Map.of("REDIS_SCHEME", "requiretls")),
              false),
          named(
              "spring-redis",
              "redis",
              "SPRING_DATA_REDIS_",
              Map.of("SPRING_DATA_REDIS_SSL_ENABLED", "ssl"),
              false),
          named("mongo", "mongodb", "MONGO_", tls("MONGO_", Map.of()), false),
          named("mongodb", "mongodb", "MONGODB_", tls("MONGODB_", Map.of()), false),
          anyDatabase());

  /** Whether any variable of these conventions is set, be it to nothing. */
  static boolean anySet(Map<String, String> environment) {
    for (PartVariableNames names : ALL) {
      for (Collection<String> part : names.all()) {
        for (String name : part) {
          if (environment.containsKey(name) || environment.containsKey(name + FILE)) {
            return true;
          }
        }
      }
    }
    return environment.containsKey(PASSWORD_FILE);
  }

  private List<Collection<String>> all() {
    return List.of(kind, maybeKind, host, port, user, password, database, further.keySet());
  }

  /** What stands before {@code HOST}; a URL beside them begins so too, as {@code REDIS_URL}. */
  String prefix() {
    return host.getFirst().replaceFirst("HOST$", "");
  }

  /**
   * What a value means as the value of a URL's parameter: Laravel names a scheme of Redis where others
   * say yes or no. Empty: nothing.
   */
  static String value(String variable, String text) throws RefusedValue {
    if (!variable.startsWith("REDIS_SCHEME")) {
      return text;
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "tls", "ssl", "rediss" -> "true";
      case "tcp", "redis" -> "";
      default ->
          throw new RefusedValue(
              "names a scheme of Redis that is not known", "Write tls, or take it out");
    };
  }

  /** Whether they are libpq's own, which fills each gap of a URL from them. */
  boolean isLibpq() {
    return target.equals("pg");
  }

  /**
   * libpq's.
   *
   * @see <a href="https://www.postgresql.org/docs/current/libpq-envars.html">libpq: variables</a>
   */
  private static PartVariableNames libpq() {
    return new PartVariableNames(
        "pg",
        "postgresql",
        NONE,
        NONE,
        List.of("PGHOST", "PGHOSTADDR"),
        List.of("PGPORT"),
        List.of("PGUSER"),
        List.of("PGPASSWORD"),
        List.of("PGDATABASE"),
        Map.ofEntries(
            Map.entry("PGSSLMODE", "sslmode"),
            Map.entry("PGREQUIRESSL", "requiressl"),
            Map.entry("PGSSLROOTCERT", "sslrootcert"),
            Map.entry("PGSSLCERT", "sslcert"),
            Map.entry("PGSSLKEY", "sslkey"),
            Map.entry("PGSSLNEGOTIATION", "sslnegotiation"),
            Map.entry("PGCHANNELBINDING", "channel_binding"),
            Map.entry("PGREQUIREAUTH", "require_auth"),
            Map.entry("PGOPTIONS", "options"),
            Map.entry("PGSERVICE", "service"),
            Map.entry("PGTARGETSESSIONATTRS", "target_session_attrs")),
        false);
  }

  private static PartVariableNames anyDatabase() {
    return new PartVariableNames(
        "db",
        "",
        List.of("DB_CONNECTION", "DB_ENGINE", "DB_TYPE", "DB_DIALECT", "DB_DRIVER"),
        List.of("DB_CLIENT", "DB_ADAPTER", "DB_VENDOR"),
        List.of("DB_HOST"),
        List.of("DB_PORT"),
        List.of("DB_USER", "DB_USERNAME"),
        List.of("DB_PASSWORD", "DB_PASS"),
        List.of("DB_NAME", "DB_DATABASE"),
        tls("DB_", Map.of("DB_SSLMODE", "sslmode", "DB_SSL_MODE", "ssl-mode")),
        false);
  }

  /** By which apps are told to use TLS or not, beside what else is known of the family. */
  private static Map<String, String> tls(String prefix, Map<String, String> others) {
    Map<String, String> all = new HashMap<>(others);
    all.put(prefix + "SSL", "ssl");
    all.put(prefix + "TLS", "tls");
    all.put(prefix + "USE_SSL", "usessl");
    all.put(prefix + "USE_TLS", "usetls");
    all.put(prefix + "SSL_ENABLED", "sslenabled");
    all.put(prefix + "TLS_ENABLED", "tlsenabled");
    return Map.copyOf(all);
  }

  private static PartVariableNames named(
      String target,
      String scheme,
      String prefix,
      Map<String, String> further,
      boolean ofImageToo) {
    return new PartVariableNames(
        target,
        scheme,
        NONE,
        NONE,
        List.of(prefix + "HOST"),
        List.of(prefix + "PORT"),
        List.of(prefix + "USER", prefix + "USERNAME"),
        List.of(prefix + "PASSWORD"),
        List.of(prefix + "DATABASE", prefix + "DB"),
        further,
        ofImageToo);
  }
}
