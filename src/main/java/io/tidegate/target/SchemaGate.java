package io.tidegate.target;

import java.sql.Connection;
import java.sql.SQLException;

/** Holds a target back until the tool that keeps its schema has applied what the app needs. */
public interface SchemaGate {

  /**
   * Asks one query, over a connection of a probe that has found the server ready.
   *
   * @return ready, with what is applied added to the detail, or not yet; never permanently wrong, since
   *     whoever keeps the schema may still make or repair its history
   * @throws SQLException if the connection is lost
   */
  ProbeResult check(Connection connection, ProbeResult.Ready ready) throws SQLException;
}
