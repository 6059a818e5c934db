package io.tidegate.config;

import io.tidegate.config.ValueType.RefusedValue;
import java.util.Locale;

/** The words by which frameworks and drivers name a kind of database. */
final class DatabaseKind {
  private DatabaseKind() {}

  /**
   * The scheme of a URL for the same kind.
   *
   * @param text Laravel's, Django's, TypeORM's, Knex's or SQLAlchemy's word, or a class of a driver's
   */
  static String scheme(String text) throws RefusedValue {
    return switch (word(text)) {
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
          "pdo_pgsql" ->
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
  private static String word(String text) {
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
