package io.tidegate.policy.sqlite;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What names of variables and files give away. */
final class Names {
  private static final Set<String> DATABASE =
      Set.of(
          "ADAPTER",
          "BACKEND",
          "BROKER",
          "CLIENT",
          "CONN",
          "CONNECTION",
          "DATABASE",
          "DATABASES",
          "DATASOURCE",
          "DATASTORE",
          "DB",
          "DBTYPE",
          "DIALECT",
          "DRIVER",
          "DSN",
          "ENGINE",
          "JOBSTORE",
          "ORM",
          "PERSISTENCE",
          "PROVIDER",
          "RDBMS",
          "SQL",
          "SQLITE",
          "SQLITE3",
          "STORAGE",
          "STORE");

  /** Variables whose value is a name, a list or a build input rather than a choice of database. */
  private static final Set<String> PART =
      Set.of(
          "EXTENSION",
          "EXTENSIONS",
          "HOST",
          "HOSTNAME",
          "IMAGE",
          "LABEL",
          "LABELS",
          "LOG",
          "LOGGER",
          "LOGGING",
          "MODULE",
          "MODULES",
          "NAME",
          "PACKAGE",
          "PACKAGES",
          "PASS",
          "PASSWORD",
          "PROFILE",
          "REPOSITORY",
          "SCHEMA",
          "SERVICE",
          "SUPPORTED",
          "TAG",
          "TITLE",
          "USER",
          "USERNAME",
          "VERSION");

  /** Others that keep data in files called {@code .db} or in memory. */
  private static final Set<String> OTHER_FILE_DATABASES =
      Set.of(
          "ALIASES",
          "BADGER",
          "BBOLT",
          "BDB",
          "BERKELEY",
          "BOLT",
          "BOLTDB",
          "CHROMA",
          "DQLITE",
          "DUCKDB",
          "ETCD",
          "GEOIP",
          "GEOLITE",
          "H2",
          "HSQLDB",
          "LEVELDB",
          "LMDB",
          "MAXMIND",
          "MILVUS",
          "PEBBLE",
          "QDRANT",
          "ROCKSDB",
          "RQLITE");

  /** Variables of other servers, where SQLite can only be the name of a database. */
  private static final Set<String> SERVERS =
      Set.of("POSTGRES", "POSTGRESQL", "MYSQL", "MARIADB", "MONGO", "MONGODB", "PG", "REDIS");

  private static final Set<String> SQLITE_ENDINGS =
      Set.of("sqlite", "sqlite3", "sqlitedb", "db3", "s3db", "sl3");
  private static final Pattern FILE = Pattern.compile("[^\\s*|]*[^\\s*|/\\\\.]\\.[a-zA-Z0-9]+");
  private static final Pattern H2_FILE = Pattern.compile("(?i).*\\.(?:mv|h2|trace)\\.db");

  private Names() {}

  static boolean isDatabase(NamedValue variable) {
    return variable.has(DATABASE) && !variable.has(SERVERS);
  }

  static boolean isPart(NamedValue variable) {
    return variable.has(PART);
  }

  static boolean isOtherFileDatabase(NamedValue variable) {
    return variable.has(OTHER_FILE_DATABASES);
  }

  /** Whether a path or URL, without its parameters, ends as only SQLite's files do. */
  static boolean isSqliteFile(String path) {
    String bare = bare(path);
    return SQLITE_ENDINGS.contains(ending(bare)) && FILE.matcher(bare).matches();
  }

  /** Whether it ends as SQLite's files and those of others do. */
  static boolean isDatabaseFile(String path) {
    String bare = bare(path);
    return ending(bare).equals("db")
        && FILE.matcher(bare).matches()
        && !H2_FILE.matcher(bare).matches();
  }

  /** Whether it ends as a file of another kind does. */
  static boolean hasOtherExtension(String path) {
    String bare = bare(path).toLowerCase(Locale.ROOT);
    String name = bare.substring(bare.lastIndexOf('/') + 1);
    return name.lastIndexOf('.') > 0;
  }

  private static String ending(String path) {
    return path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  private static String bare(String path) {
    int question = path.indexOf('?');
    return question < 0 ? path : path.substring(0, question);
  }
}
