package io.tidegate.policy.sqlite;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A name and its value, as a setting of some app.
 *
 * @param words the words of the name, in capitals: {@code ConnectionStrings__AppDb} has CONNECTION,
 *     STRINGS, APP, DB
 * @param value bounded, without blanks and quotes around it
 */
record NamedValue(List<String> words, String value) {
  /** Words of names that say that a database is chosen. */
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

  /** What stands further behind in a value is not looked at. */
  private static final int LONGEST = 1 << 16;

  private static final Pattern BREAK = Pattern.compile("[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])");

  static NamedValue of(String name, String value) {
    String bounded = value.substring(0, Math.min(value.length(), LONGEST)).strip();
    List<String> words =
        Arrays.stream(BREAK.split(name.substring(0, Math.min(name.length(), 1000))))
            .filter(word -> !word.isEmpty())
            .map(word -> word.toUpperCase(Locale.ROOT))
            .toList();
    return new NamedValue(words, unquoted(bounded));
  }

  boolean has(Collection<String> any) {
    return words.stream().anyMatch(any::contains);
  }

  boolean endsWith(Collection<String> any) {
    return !words.isEmpty() && any.contains(words.getLast());
  }

  boolean namesDatabase() {
    return has(DATABASE) && !has(SERVERS);
  }

  /** Whether its value is only a part of something: a name, a list, a build input. */
  boolean namesPart() {
    return has(PART);
  }

  boolean namesOtherFileDatabase() {
    return has(OTHER_FILE_DATABASES);
  }

  String lowerCaseValue() {
    return value.toLowerCase(Locale.ROOT);
  }

  /** Whether SQLite's name, or one of those that mean it, is in the value at all. */
  boolean mentionsSqlite() {
    String lower = lowerCaseValue();
    return lower.contains("sqlite") || lower.contains("spatialite") || lower.contains("sqljs");
  }

  private static String unquoted(String text) {
    boolean quoted =
        text.length() >= 2
            && (text.charAt(0) == '"' || text.charAt(0) == '\'')
            && text.charAt(0) == text.charAt(text.length() - 1);
    return quoted ? text.substring(1, text.length() - 1).strip() : text;
  }
}
