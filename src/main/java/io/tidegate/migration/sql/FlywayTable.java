package io.tidegate.migration.sql;

import java.util.List;

/**
 * The statements by which Flyway makes and keeps its history on an engine.
 *
 * @param engine the id of the engine
 */
record FlywayTable(String engine) {
  private static final String MYSQL = "mysql";
  private static final String SQLITE = "sqlite";

  /** Create it. */
  List<String> create(String table) {
    String name = SupportedTool.FLYWAY.table();
    return switch (engine) {
      case MYSQL ->
          List.of(
              "CREATE TABLE %s (%s, CONSTRAINT `%s_pk` PRIMARY KEY (installed_rank))"
                  .formatted(
                      table,
                      columns(
                          "INT NOT NULL", "INT", "TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP"),
                      name),
              "CREATE INDEX %s_s_idx ON %s (success)".formatted(name, table));
      case SQLITE ->
          List.of(
              "CREATE TABLE %s (%s)"
                  .formatted(
                      table,
                      columns(
                          "INT NOT NULL PRIMARY KEY",
                          "INT",
                          "TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now'))")),
              "CREATE INDEX %s_s_idx ON %s (success)".formatted(name, name));
      default ->
          List.of(
              "CREATE TABLE %s (%s)"
                  .formatted(
                      table,
                      columns("INT NOT NULL", "INTEGER", "TIMESTAMP NOT NULL DEFAULT now()")),
              "ALTER TABLE %s ADD CONSTRAINT %s_pk PRIMARY KEY (installed_rank)"
                  .formatted(table, name),
              "CREATE INDEX %s_s_idx ON %s (success)".formatted(name, table));
    };
  }

  private static String columns(String rank, String integer, String time) {
    return ("installed_rank %s, version VARCHAR(50), description VARCHAR(200) NOT NULL,"
            + " type VARCHAR(20) NOT NULL, script VARCHAR(1000) NOT NULL, checksum %s,"
            + " installed_by VARCHAR(100) NOT NULL, installed_on %s, execution_time %s NOT NULL,"
            + " success BOOLEAN NOT NULL")
        .formatted(rank, integer, time, integer);
  }

  /** Record a migration, behind all others. */
  String insert(
      String table,
      FlywayFile file,
      String script,
      int checksum,
      long milliseconds,
      boolean success) {
    return ("INSERT INTO %s (installed_rank, version, description, type, script, checksum,"
            + " installed_by, execution_time, success)"
            + " SELECT coalesce(max(installed_rank), 0) + 1, %s, %s, '%s', %s, %d, %s, %d, %s FROM %s")
        .formatted(
            table,
            version(file),
            quoted(file.description()),
            type(file),
            quoted(script),
            checksum,
            user(),
            Math.min(milliseconds, Integer.MAX_VALUE),
            success ? "TRUE" : "FALSE",
            table);
  }

  /** Take away what {@link #insert} has recorded of it without success. */
  String deleteFailed(String table, FlywayFile file) {
    return "DELETE FROM %s WHERE success = FALSE AND type = '%s' AND %s"
        .formatted(
            table,
            type(file),
            file.kind() == FlywayFile.Kind.REPEATABLE
                ? "version IS NULL AND description = " + quoted(file.description())
                : "version = " + version(file));
  }

  private static String version(FlywayFile file) {
    return file.kind() == FlywayFile.Kind.REPEATABLE ? "NULL" : quoted(file.version());
  }

  private static String type(FlywayFile file) {
    return file.kind() == FlywayFile.Kind.BASELINE ? "SQL_BASELINE" : "SQL";
  }

  /** Names with a backslash do not come here. */
  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** The values that Flyway's placeholders for the user, the schema and the database have there. */
  String placeholders() {
    return switch (engine) {
      case MYSQL -> user() + ", database(), database()";
      case SQLITE -> user() + ", 'main', NULL";
      default -> user() + ", current_schema(), current_database()";
    };
  }

  private String user() {
    return switch (engine) {
      case MYSQL -> "SUBSTRING_INDEX(USER(), '@', 1)";
      case SQLITE -> "''";
      default -> "current_user";
    };
  }
}
