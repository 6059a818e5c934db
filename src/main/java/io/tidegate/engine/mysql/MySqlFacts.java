package io.tidegate.engine.mysql;

import io.tidegate.engine.jdbc.JdbcFacts.FirstFew;
import io.tidegate.engine.jdbc.JdbcFacts.Inquiry;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What MySQL and MariaDB are asked about their durability: three queries. */
final class MySqlFacts {
  /** The last two tell of the services of providers. */
  private static final List<String> VARIABLES =
      List.of(
          "version",
          "version_comment",
          "innodb_flush_log_at_trx_commit",
          "sync_binlog",
          "log_bin",
          "read_only",
          "super_read_only",
          "innodb_read_only",
          "wsrep_on",
          "have_ssl",
          "aurora_version",
          "basedir");

  /** Which product it is that answers as MySQL does. */
  private static final String PRODUCT = "product";

  /** Temporary tables are not listed there. */
  private static final String TABLES =
      "SELECT concat(table_schema, '.', table_name, ' (', engine, ')')"
          + " FROM information_schema.tables"
          + " WHERE engine IN ('MyISAM', 'MEMORY') AND table_type = 'BASE TABLE' AND %s"
          + " ORDER BY 1 LIMIT "
          + FirstFew.ROWS;

  /** Where the URL names a database, only its tables are the app's; and to ask for all is slow. */
  private static final String OWN = "table_schema = database()";

  private static final String ANY =
      "table_schema NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')";

  private static final Pattern GLOBAL_GRANT =
      Pattern.compile("GRANT (.+?) ON \\*\\.\\* TO .*", Pattern.DOTALL);
  private static final Set<String> ALL_POWERFUL = Set.of("ALL PRIVILEGES", "ALL", "SUPER");

  static final List<Inquiry> INQUIRIES =
      List.of(
          new Inquiry(
              Stream.concat(Stream.of(PRODUCT), VARIABLES.stream()).toList(),
              MySqlFacts::productAndVariables),
          new Inquiry(List.of("superuser"), MySqlFacts::superuser),
          new Inquiry(List.of("nontransactional_tables"), MySqlFacts::tables));

  private MySqlFacts() {}

  private static Map<String, String> productAndVariables(Connection connection)
      throws SQLException {
    Map<String, String> told = new HashMap<>(MySqlService.variables(connection, VARIABLES));
    told.put(PRODUCT, MySqlProduct.of(told).name());
    return told;
  }

  private static Map<String, String> superuser(Connection connection) throws SQLException {
    return Map.of("superuser", superuser(column(connection, "SHOW GRANTS")));
  }

  /** The privilege that makes its user a superuser: {@code ALL PRIVILEGES} or {@code SUPER}. */
  static String superuser(List<String> grants) {
    return grants.stream()
        .map(GLOBAL_GRANT::matcher)
        .filter(Matcher::matches)
        .flatMap(global -> Arrays.stream(global.group(1).split(", ", -1)))
        .filter(ALL_POWERFUL::contains)
        .findFirst()
        .orElse("");
  }

  private static Map<String, String> tables(Connection connection) throws SQLException {
    String database = connection.getCatalog();
    String where = database == null || database.isEmpty() ? ANY : OWN;
    return Map.of(
        "nontransactional_tables", FirstFew.describe(column(connection, TABLES.formatted(where))));
  }

  private static List<String> column(Connection connection, String query) throws SQLException {
    List<String> column = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        column.add(rows.getString(1));
      }
    }
    return column;
  }
}
