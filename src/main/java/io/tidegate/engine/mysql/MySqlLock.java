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
import java.sql.Statement;
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

  private final Connection connection;
  private final String target;
  private final String name;

  MySqlLock(Connection connection, String target, @Nullable String database) {
    this.connection = connection;
    this.target = target;
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

  /** Such a lock is known to one server only, while each server of these takes writes. */
  private void refuseCluster() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SHOW GLOBAL VARIABLES WHERE (variable_name = 'wsrep_on' AND value = 'ON')"
                    + " OR (variable_name = 'group_replication_single_primary_mode'"
                    + " AND value = 'OFF')")) {
      if (row.next()) {
        throw refused(
            "a lock of one server does not hold in a cluster that takes writes everywhere (%s is %s)"
                .formatted(row.getString(1), row.getString(2)));
      }
    }
  }

  private ProblemException refused(String what) {
    return new ProblemException(
        new Problem(
            ExitCode.REFUSED,
            what,
            "target " + target,
            "Migrate over a direct connection to a single server, from one Job"));
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
