package io.tidegate.engine.mysql;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Which product answers in MySQL's protocol. TiDB says so in its version, as {@code
 * 8.0.11-TiDB-v8.5.0}; Dolt reports the version of a MySQL, and itself in {@code version_comment}.
 *
 * @param name without a version
 * @param description with the version, as a person names it
 * @see <a href="https://docs.pingcap.com/tidb/stable/mysql-compatibility/">TiDB: MySQL compatibility</a>
 */
record MySqlProduct(String name, String description) {
  /** The global variables that say which one it is. */
  static final List<String> VARIABLES = List.of("version", "version_comment");

  private static final String TIDB = "-TiDB-";
  private static final String MARIADB = "MariaDB";
  private static final String MYSQL = "MySQL";

  /** Takes {@link #VARIABLES} by name; others are ignored. */
  static MySqlProduct of(Map<String, String> variables) {
    String version = variables.getOrDefault("version", "");
    int tiDb = version.indexOf(TIDB);
    if (tiDb >= 0) {
      return new MySqlProduct("TiDB", "TiDB " + version.substring(tiDb + TIDB.length()));
    }
    if (variables.getOrDefault("version_comment", "").startsWith("Dolt")) {
      return new MySqlProduct("Dolt", "Dolt, as MySQL " + version);
    }
    return version.toLowerCase(Locale.ROOT).contains("mariadb")
        ? new MySqlProduct(MARIADB, "MariaDB " + version.replaceFirst("(?i)-MariaDB.*", ""))
        : new MySqlProduct(MYSQL, "MySQL " + version);
  }

  boolean isMariaDb() {
    return name.equals(MARIADB);
  }

  /** Whether its locks and changes of the schema are known to be those of MySQL. */
  boolean isMigrated() {
    return name.equals(MYSQL) || isMariaDb();
  }
}
