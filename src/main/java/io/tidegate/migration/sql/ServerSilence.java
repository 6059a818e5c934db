package io.tidegate.migration.sql;

import io.tidegate.migration.sql.SqlDialect.LoginFailure;
import io.tidegate.target.ProbeResult.NotYet;
import io.tidegate.target.Reason;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a statement that takes long from a server, or a pooler before it, that is frozen. While the
 * migration waits for an answer, a new connection is tried now and then; a server that has answered
 * none of them for long will not answer the migration either. One that refuses a connection has
 * answered: it may be full, or shutting down while it lets sessions end.
 */
final class ServerSilence {
  /** The time between two tries. */
  static final Duration CHECK_EVERY = Duration.ofSeconds(10);

  /** Longer than a proxy that is full lets a new connection wait for one of its own: 120 s for many. */
  static final Duration LONGEST = Duration.ofMinutes(3);

  private static final Logger LOG = LoggerFactory.getLogger(ServerSilence.class);

  private final SqlSession session;
  private final Duration longest;
  private @Nullable Long silentSince;

  /**
   * Begins with a server that answers.
   *
   * @param longest how long none may be answered
   */
  ServerSilence(SqlSession session, Duration longest) {
    this.session = session;
    this.longest = longest;
  }

  /** Tries a new connection; true if none was answered for too long. */
  boolean isTooLong() {
    long asked = System.nanoTime();
    try {
      session.checkServer();
      silentSince = null;
    } catch (LoginFailure e) {
      if (!(e.meaning() instanceof NotYet(Reason reason, String _)) || reason != Reason.NO_ANSWER) {
        silentSince = null;
      } else if (silentSince == null) {
        silentSince = asked;
        LOG.warn("The server answers neither the migration nor a new connection");
      }
    } catch (SQLException e) {
      silentSince = null;
    }
    return silentSince != null && System.nanoTime() - silentSince >= longest.toNanos();
  }
}
