package io.tidegate.config;

import io.tidegate.config.ValueType.RefusedValue;
import java.util.Locale;
import java.util.Map;

/**
 * A URL's scheme in the words of the apps. What stands after a {@code +} is a driver of the app in
 * most of them, and of no meaning here; in some it says how the server is found or reached.
 */
final class UrlScheme {
  /** Frameworks' and drivers' own names for a service: Rails, Laravel, Django, Lettuce, golang-migrate. */
  private static final Map<String, String> ALIASES =
      Map.ofEntries(
          Map.entry("mysql2", "mysql"),
          Map.entry("trilogy", "mysql"),
          Map.entry("mysqlgis", "mysql"),
          Map.entry("mysql-connector", "mysql"),
          Map.entry("postgis", "postgresql"),
          Map.entry("pgsql", "postgresql"),
          Map.entry("psql", "postgresql"),
          Map.entry("pgx", "postgresql"),
          Map.entry("pgx4", "postgresql"),
          Map.entry("pgx5", "postgresql"),
          Map.entry("timescale", "postgresql"),
          Map.entry("timescalegis", "postgresql"),
          Map.entry("cockroach", "postgresql"),
          Map.entry("cockroachdb", "postgresql"),
          Map.entry("crdb-postgres", "postgresql"),
          Map.entry("spatialite", "sqlite"),
          Map.entry("redis+tls", "rediss"),
          Map.entry("redis+ssl", "rediss"),
          Map.entry("valkey+tls", "valkeys"),
          Map.entry("valkey+ssl", "valkeys"),
          Map.entry("redis+cluster", "redis-cluster"),
          Map.entry("rediss+cluster", "rediss-cluster"));

  /** What stands after a plus and is no driver, with what to write instead. */
  private static final Map<String, String> NO_DRIVERS =
      Map.of(
          "tls", "Ask for TLS by a parameter, as in ?sslmode=verify-full",
          "ssl", "Ask for TLS by a parameter, as in ?sslmode=verify-full",
          "srv", "Name the hosts, with commas between them",
          "cluster", "Name the hosts, with commas between them",
          "sentinel", "Write it as in redis-sentinel://sentinel.example:26379/0#mymaster",
          "socket", "Name a host and port: Tidegate runs in a container of its own",
          "unix", "Name a host and port: Tidegate runs in a container of its own",
          "ssh", "Name a host and port that Tidegate can reach itself");

  private UrlScheme() {}

  static String aliased(String scheme) {
    return ALIASES.getOrDefault(scheme, scheme);
  }

  /** The scheme before the plus, if there is one. */
  static String withoutDriver(String scheme) throws RefusedValue {
    int plus = scheme.indexOf('+');
    if (plus < 0) {
      return scheme;
    }
    String remedy = NO_DRIVERS.get(scheme.substring(plus + 1));
    if (remedy != null) {
      throw new RefusedValue(
          "the URL's scheme %s says how to reach the server in a way that is not known here"
              .formatted(scheme),
          remedy);
    }
    return scheme.substring(0, plus);
  }

  /**
   * The scheme of a URL for a kind of database, as frameworks and drivers name it.
   *
   * @param text Laravel's, Django's, TypeORM's, Knex's or SQLAlchemy's word, or a class of a driver's
   */
  static String ofDatabaseKind(String text) throws RefusedValue {
    return switch (kindWord(text)) {
      case "pgsql",
          "postgres",
          "postgresql",
          "postgresdb",
          "pg",
          "postgis",
          "postgresql_psycopg2",
          "psycopg2",
          "psycopg",
          "asyncpg",
          "pdo_pgsql",
          "cockroachdb",
          "django_cockroachdb" ->
          "postgresql";
      case "mysql",
          "mysql2",
          "mysqli",
          "mysqldb",
          "pymysql",
          "aiomysql",
          "asyncmy",
          "pdo_mysql",
          "trilogy" ->
          "mysql";
      case "mariadb" -> "mariadb";
      case "mongodb", "mongo" -> "mongodb";
      case "sqlite", "sqlite3", "better-sqlite3", "aiosqlite", "pdo_sqlite" -> "sqlite";
      default ->
          throw new RefusedValue(
              "names a kind of database that is not known",
              "Write pgsql, mysql, mariadb, mongodb or sqlite, or set DATABASE_URL");
    };
  }

  /** Of a class's name the last part, of a dialect with its driver the dialect. */
  private static String kindWord(String text) {
    String kind = text.toLowerCase(Locale.ROOT);
    return switch (kind) {
      case "org.postgresql.driver" -> "postgresql";
      case "com.mysql.cj.jdbc.driver", "com.mysql.jdbc.driver" -> "mysql";
      case "org.mariadb.jdbc.driver" -> "mariadb";
      case "org.sqlite.jdbc" -> "sqlite";
      default -> kind.substring(kind.lastIndexOf('.') + 1).replaceFirst("\\+.*", "");
    };
  }
}
