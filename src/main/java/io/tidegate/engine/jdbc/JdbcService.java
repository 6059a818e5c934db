package io.tidegate.engine.jdbc;

import io.tidegate.target.ProbeResult;
import io.tidegate.target.Target;
import java.sql.Connection;
import java.sql.SQLException;

/** What one kind of JDBC service does its own way. */
public interface JdbcService {

  /**
   * Opens a connection to the target with the credentials as they are now.
   *
   * @throws io.tidegate.problem.ProblemException if credentials or TLS files cannot be read now
   */
  Connection open(Target target, Limits limits) throws SQLException;

  /** Asks a real query for the server's version and role; ready if the role is the target's. */
  ProbeResult ask(Connection connection, Target target) throws SQLException;

  /** Says what a failure of the two others means. Never ready. */
  ProbeResult explain(SQLException failure, Target target);
}
