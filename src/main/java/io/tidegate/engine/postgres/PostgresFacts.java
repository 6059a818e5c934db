package io.tidegate.engine.postgres;

import io.tidegate.engine.jdbc.JdbcFacts.FirstFew;
import io.tidegate.engine.jdbc.JdbcFacts.Inquiry;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What PostgreSQL is asked about its durability: three queries, each of the system's catalogue. */
final class PostgresFacts {
  private static final List<String> SETTINGS =
      List.of(
          "version",
          "fsync",
          "full_page_writes",
          "synchronous_commit",
          "superuser",
          "in_recovery",
          "ssl",
          "rds.extensions",
          "cloudsql.supported_extensions",
          "azure.extensions");

  /** The settings of providers tell which service it is; elsewhere they are not known. */
  private static final String ASK_SETTINGS =
      "SELECT current_setting('server_version', true) AS version,"
          + " current_setting('fsync', true) AS fsync,"
          + " current_setting('full_page_writes', true) AS full_page_writes,"
          + " current_setting('synchronous_commit', true) AS synchronous_commit,"
          + " current_setting('is_superuser', true) AS superuser,"
          + " CASE WHEN pg_is_in_recovery() THEN 'on' ELSE 'off' END AS in_recovery,"
          + " (SELECT CASE WHEN ssl THEN 'on' ELSE 'off' END FROM pg_stat_ssl"
          + " WHERE pid = pg_backend_pid()) AS ssl,"
          + " current_setting('rds.extensions', true) AS \"rds.extensions\","
          + " current_setting('cloudsql.supported_extensions', true)"
          + " AS \"cloudsql.supported_extensions\","
          + " current_setting('azure.extensions', true) AS \"azure.extensions\"";

  private static final List<String> TABLES = List.of("unlogged_tables");

  /** Temporary tables have a persistence of their own. */
  private static final String ASK_TABLES =
      "SELECT n.nspname || '.' || c.relname FROM pg_catalog.pg_class c"
          + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
          + " WHERE c.relpersistence = 'u' AND c.relkind = 'r'"
          + " AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'"
          + " ORDER BY 1 LIMIT "
          + FirstFew.ROWS;

  private static final List<String> ARCHIVER =
      List.of("archive_mode", "archived_seconds_ago", "archive_failing");

  /** The server's own clock on both sides: that of this machine may differ. */
  private static final String ASK_ARCHIVER =
      "SELECT current_setting('archive_mode') AS archive_mode,"
          + " coalesce(floor(extract(epoch FROM clock_timestamp() - last_archived_time))::text, '')"
          + " AS archived_seconds_ago,"
          + " CASE WHEN last_failed_time > coalesce(last_archived_time, '-infinity')"
          + " THEN 'on' ELSE 'off' END AS archive_failing"
          + " FROM pg_catalog.pg_stat_archiver";

  static final List<Inquiry> INQUIRIES =
      List.of(
          new Inquiry(SETTINGS, connection -> row(connection, ASK_SETTINGS, SETTINGS)),
          new Inquiry(TABLES, PostgresFacts::tables),
          new Inquiry(ARCHIVER, connection -> row(connection, ASK_ARCHIVER, ARCHIVER)));

  private PostgresFacts() {}

  private static Map<String, String> row(Connection connection, String query, List<String> names)
      throws SQLException {
    Map<String, String> told = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      for (String name : names) {
        String value = row.getString(name);
        if (value != null) {
          told.put(name, value);
        }
      }
    }
    return told;
  }

  private static Map<String, String> tables(Connection connection) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(ASK_TABLES)) {
      while (rows.next()) {
        tables.add(rows.getString(1));
      }
    }
    return Map.of("unlogged_tables", FirstFew.describe(tables));
  }
}
