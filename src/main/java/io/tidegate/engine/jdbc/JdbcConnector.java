package io.tidegate.engine.jdbc;

import io.tidegate.engine.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Opens plain connections to one kind of service, for work that takes as long as it takes. A bean of
 * each JDBC engine, found in the collection of all connectors; its class loads no driver.
 */
public interface JdbcConnector {

  /** Whether it is the one for this target. Loads no driver. */
  boolean serves(Target target);

  /**
   * Opens a connection with the target's TLS, its credentials as they are now, and the parameters of
   * its URL. The connection is in autocommit; reading from it never times out, and TCP keepalive is
   * on, so that a long statement is waited for and a lost server is noticed.
   *
   * @param timeout for name look-up, connecting and logging in, each
   * @param applicationName how the connection shows itself in the server's list of sessions
   * @throws io.tidegate.problem.ProblemException if the credentials, or a TLS file, cannot be read now
   */
  Connection connect(Target target, Duration timeout, String applicationName) throws SQLException;
}
