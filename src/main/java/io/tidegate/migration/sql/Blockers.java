package io.tidegate.migration.sql;

import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.sql.SqlSession.Blocker;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** Tells who may stand in the way before it does, each once, so that a person can end it. */
final class Blockers {
  /** A transaction that has been open for so long may stay open for longer. */
  private static final Duration OPEN_FOR_LONG = Duration.ofSeconds(3);

  private static final Duration EVERY = Duration.ofSeconds(1);

  private final SqlSession session;
  private final MigrationListener listener;
  private final Set<String> told = new HashSet<>();
  private long asked;

  Blockers(SqlSession session, MigrationListener listener) {
    this.session = session;
    this.listener = listener;
  }

  /** Looks on the migration's own connection, and within its transaction. */
  void look() {
    asked = System.nanoTime();
    try {
      for (Blocker blocker : session.blockers(OPEN_FOR_LONG)) {
        if (told.add(blocker.id())) {
          listener.noticed("may hold a lock that the migration needs: " + blocker.text());
        }
      }
    } catch (SQLException e) {
      // Not every user may look; what blocks is found out then by waiting for it.
    }
  }

  /** Looks where no transaction is open, and leaves none. */
  void lookBetween() {
    look();
    try {
      if (!session.connection().getAutoCommit()) {
        session.connection().rollback();
      }
    } catch (SQLException e) {
      // The connection is lost: the changeset's own first statement tells so.
    }
  }

  /** The same, unless it looked just now. */
  void lookBetweenNowAndThen() {
    if (asked == 0 || System.nanoTime() - asked >= EVERY.toNanos()) {
      lookBetween();
    }
  }
}
