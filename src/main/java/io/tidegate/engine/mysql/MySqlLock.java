package io.tidegate.engine.mysql;

import io.tidegate.digest.Sha256;
import io.tidegate.migration.MigrationListener.LockHolder;
import io.tidegate.migration.sql.MigrationLock;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A lock by name, {@code tidegate:<database>}, that lives as long as the connection. The server
 * knows one space of names for all databases, of 64 characters: the name of a database that is too
 * long is replaced by the start of its SHA-256.
 *
 * @see <a href="https://mariadb.com/docs/server/reference/sql-functions/secondary-functions/miscellaneous-functions/get_lock">GET_LOCK</a>
 */
final class MySqlLock implements MigrationLock {
  private static final int LONGEST_NAME = 64;
  private static final int HASH_DIGITS = 32;

  /** How often the lock is looked for after it was taken: a proxy may change servers. */
  private static final int LOOKS = 4;

  private static final String PRIMARIES = "group_replication_single_primary_mode";
  private static final String NODE = "wsrep_node_name";
  private static final List<String> CLUSTER = List.of("wsrep_on", NODE, PRIMARIES);

  private final Connection connection;
  private final String target;
  private final @Nullable String galeraNode;
  private final String name;

  /** Takes the node of a Galera cluster that is to be migrated; null: none is named. */
  MySqlLock(
      Connection connection,
      String target,
      @Nullable String galeraNode,
      @Nullable String database) {
    this.connection = connection;
    this.target = target;
    this.galeraNode = galeraNode;
    this.name = name(database);
  }

  @Override
  public boolean tryAcquire() throws SQLException {
    refuseCluster();
    return get();
  }

  private boolean get() throws SQLException {
    if (!"1".equals(ask("SELECT GET_LOCK(?, 0)"))) {
      return false;
    }
    for (int look = 0; look < LOOKS; look++) {
      if (!isHeld()) {
        throw refused(
            "a session lock does not hold on this connection: another server or session answered");
      }
    }
    return true;
  }

  @Override
  public boolean isHeld() throws SQLException {
    return "1".equals(ask("SELECT IS_USED_LOCK(?) = CONNECTION_ID()"));
  }

  /**
   * Takes it from another session of the same migration. It is free between two statements that
   * follow each other at once: whoever waits for it rarely comes in between.
   *
   * @return whether it is held; false: another migration came in between
   */
  boolean takeOver(MySqlLock former) throws SQLException {
    refuseCluster();
    former.ask("SELECT RELEASE_LOCK(?)");
    return get();
  }

  @Override
  public @Nullable LockHolder holder() throws SQLException {
    String id = ask("SELECT IS_USED_LOCK(?)");
    if (id == null) {
      return null;
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT user, host, info FROM information_schema.processlist WHERE id = ?")) {
      statement.setLong(1, Long.parseLong(id));
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? new LockHolder(
                "session %s (%s from %s)".formatted(id, row.getString(1), row.getString(2)),
                null,
                firstLine(row.getString(3)))
            : new LockHolder("session " + id, null, null);
      }
    }
  }

  /**
   * Such a lock is known to one server only, while each server of these takes writes. It holds where all
   * take it on the same one, which only the target can name.
   *
   * @see <a href="https://galeracluster.com/library/documentation/limitations.html">Differences from a
   *     single server</a>
   */
  private void refuseCluster() throws SQLException {
    Map<String, String> variables = MySqlService.variables(connection, CLUSTER);
    if (variables.getOrDefault(PRIMARIES, "").equals("OFF")) {
      throw refused(
          "a lock of one server does not hold in a cluster that takes writes everywhere ("
              + PRIMARIES
              + " is OFF)");
    }
    boolean galera = MySqlService.isGalera(variables);
    String connected = variables.getOrDefault(NODE, "");
    if (galera && galeraNode == null) {
      throw refused(
          "a lock of one node does not hold in a Galera cluster, which takes writes everywhere (wsrep_on"
              + " is ON)",
          "Name the one node through which all migrations of this cluster go, by its wsrep_node_name (this"
              + " one is %s): galera-node of the target; and give its address as migration.url"
                  .formatted(connected));
    }
    if (galeraNode != null && !(galera && connected.equals(galeraNode))) {
      throw refused(
          galera
              ? "galera-node is %s, and this is the node %s".formatted(galeraNode, connected)
              : "galera-node is %s, and this server is in no Galera cluster".formatted(galeraNode),
          galera
              ? "Give the address of that node as migration.url, without a balancer before it"
              : "Take galera-node out");
    }
  }

  private ProblemException refused(String what) {
    return refused(what, "Migrate over a direct connection to a single server, from one Job");
  }

  private ProblemException refused(String what, String remedy) {
    return new ProblemException(new Problem(ExitCode.REFUSED, what, "target " + target, remedy));
  }

  private @Nullable String ask(String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getString(1);
      }
    }
  }

  static String name(@Nullable String database) {
    String name = "tidegate:" + (database == null ? "" : database);
    return name.length() <= LONGEST_NAME
        ? name
        : "tidegate:" + Sha256.hexOf(name).substring(0, HASH_DIGITS);
  }

  private static @Nullable String firstLine(@Nullable String query) {
    return query == null ? null : query.lines().findFirst().orElse("");
  }
}
