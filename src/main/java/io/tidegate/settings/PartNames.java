package io.tidegate.settings;

import java.util.List;
import java.util.Map;

/**
 * Variables that together name a service, by convention. Each may end in {@code _FILE}; of several
 * names for one part one is meant.
 *
 * @param target the name of the target that they make
 * @param scheme of the URL that they stand for; empty: {@code kind} says it, or the port
 * @param kind names of the part that says which service it is
 * @param parameters further variables, by the URL's parameter that they stand for
 */
record PartNames(
    String target,
    String scheme,
    List<String> kind,
    List<String> host,
    List<String> port,
    List<String> user,
    List<String> password,
    List<String> database,
    Map<String, String> parameters) {

  /** Settings of a session, which libpq takes for URLs too. */
  static final String POSTGRES_OPTIONS = "PGOPTIONS";

  /** All of them. The last ones serve whichever database, and so are looked at last. */
  static final List<PartNames> ALL =
      List.of(
          new PartNames(
              "pg",
              "postgresql",
              List.of(),
              List.of("PGHOST", "PGHOSTADDR"),
              List.of("PGPORT"),
              List.of("PGUSER"),
              List.of("PGPASSWORD"),
              List.of("PGDATABASE"),
              Map.of(
                  "PGSSLMODE",
                  "sslmode",
                  "PGSSLROOTCERT",
                  "sslrootcert",
                  POSTGRES_OPTIONS,
                  "options",
                  "PGSERVICE",
                  "service",
                  "PGTARGETSESSIONATTRS",
                  "target_session_attrs")),
          of("mysql", "mysql", "MYSQL_", Map.of("MYSQL_SSL_MODE", "sslmode", "MYSQL_SSL", "ssl")),
          of("redis", "redis", "REDIS_", Map.of("REDIS_TLS", "tls", "REDIS_SSL", "ssl")),
          of("mongo", "mongodb", "MONGO_", Map.of("MONGO_TLS", "tls", "MONGO_SSL", "ssl")),
          of("mongodb", "mongodb", "MONGODB_", Map.of("MONGODB_TLS", "tls", "MONGODB_SSL", "ssl")),
          new PartNames(
              "db",
              "",
              List.of("DB_CONNECTION", "DB_ENGINE", "DB_TYPE", "DB_DIALECT", "DB_DRIVER"),
              List.of("DB_HOST"),
              List.of("DB_PORT"),
              List.of("DB_USER", "DB_USERNAME"),
              List.of("DB_PASSWORD", "DB_PASS"),
              List.of("DB_NAME", "DB_DATABASE"),
              Map.of("DB_SSLMODE", "sslmode", "DB_SSL_MODE", "ssl-mode", "DB_SSL", "ssl")));

  private static PartNames of(
      String target, String scheme, String prefix, Map<String, String> parameters) {
    return new PartNames(
        target,
        scheme,
        List.of(),
        List.of(prefix + "HOST"),
        List.of(prefix + "PORT"),
        List.of(prefix + "USER", prefix + "USERNAME"),
        List.of(prefix + "PASSWORD"),
        List.of(prefix + "DATABASE", prefix + "DB"),
        parameters);
  }
}
