package io.tidegate.engine.mysql;

import io.tidegate.engine.jdbc.JdbcService;
import io.tidegate.engine.jdbc.Limits;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.Reason;
import io.tidegate.target.Target;
import io.tidegate.target.Target.Role;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Asks MySQL or MariaDB for its role. */
final class MySqlService implements JdbcService {
  private static final List<String> VARIABLES =
      List.of(
          "version",
          "version_comment",
          "read_only",
          "super_read_only",
          "innodb_read_only",
          "wsrep_on");

  /** What a node of Galera tells of itself; all of it answers while the node takes no statements. */
  private static final List<String> NODE =
      List.of("wsrep_ready", "wsrep_cluster_status", "wsrep_local_state_comment");

  private static final Set<String> OFF = Set.of("OFF", "0", "");

  @Override
  public Connection open(Target target, Limits limits) throws SQLException {
    return MySqlConnector.open(target, limits);
  }

  @Override
  public ProbeResult ask(Connection connection, Target target) throws SQLException {
    Map<String, String> variables = variables(connection, VARIABLES);
    String name = MySqlProduct.of(variables).description();
    if (isGalera(variables)) {
      Map<String, String> node = show(connection, "STATUS", NODE);
      if (node.getOrDefault("wsrep_ready", "").equals("OFF")) {
        return new ProbeResult.NotYet(
            Reason.STARTING,
            "%s answers, but its Galera node takes no statements: wsrep_ready is OFF, it is %s in a %s"
                    .formatted(
                        name,
                        node.get("wsrep_local_state_comment"),
                        node.get("wsrep_cluster_status"))
                + " component");
      }
    }
    for (String readOnly : List.of("innodb_read_only", "super_read_only", "read_only")) {
      String value = variables.getOrDefault(readOnly, "").toUpperCase(Locale.ROOT);
      if (!OFF.contains(value)) {
        return target.role() == Role.PRIMARY
            ? new ProbeResult.NotYet(
                Reason.ROLE, "%s answers, but takes no writes: %s is on".formatted(name, readOnly))
            : new ProbeResult.Ready(name + ", read-only");
      }
    }
    return new ProbeResult.Ready(name + ", primary");
  }

  @Override
  public ProbeResult explain(SQLException failure, Target target) {
    return MySqlFaults.explain(failure, target);
  }

  /** Whether these variables, {@code wsrep_on} among them, are those of a node of Galera. */
  static boolean isGalera(Map<String, String> variables) {
    return variables.getOrDefault("wsrep_on", "").equals("ON");
  }

  /** Global variables by name. Unlike a SELECT, it does not fail where one of them is not known. */
  static Map<String, String> variables(Connection connection, List<String> names)
      throws SQLException {
    return show(connection, "VARIABLES", names);
  }

  private static Map<String, String> show(Connection connection, String what, List<String> names)
      throws SQLException {
    String ask =
        "SHOW GLOBAL %s WHERE Variable_name IN ('%s')".formatted(what, String.join("', '", names));
    Map<String, String> told = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(ask)) {
      while (rows.next()) {
        told.put(rows.getString(1).toLowerCase(Locale.ROOT), rows.getString(2));
      }
    }
    return told;
  }
}
