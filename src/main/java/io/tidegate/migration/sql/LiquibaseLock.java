package io.tidegate.migration.sql;

import io.tidegate.migration.LockHolder;
import io.tidegate.migration.MigrationListener;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The row in which Liquibase itself keeps its lock. It survives its owner, so it is believed only
 * while a session is connected that may be the owner's; else it is cleared. Used under our own lock
 * and in autocommit.
 */
final class LiquibaseLock {
  private static final String TABLE = "DATABASECHANGELOGLOCK";
  private static final Duration PAUSE = Duration.ofMillis(250);
  private static final Pattern ADDRESS = Pattern.compile("\\(([^()]+)\\)\\s*\\z");

  private final SqlSession session;
  private final Duration limit;
  private final String target;

  LiquibaseLock(SqlSession session, Duration limit, String target) {
    this.session = session;
    this.limit = limit;
    this.target = target;
  }

  /** What the row says while it is locked. */
  private record Row(String by, @Nullable Timestamp granted) {
    /** The address that Liquibase wrote behind its host's name. */
    @Nullable String address() {
      Matcher matcher = ADDRESS.matcher(by);
      return matcher.find() ? matcher.group(1) : null;
    }

    String text() {
      return by + (granted == null ? "" : " since " + granted + " by its own clock");
    }
  }

  /**
   * Returns when no Liquibase holds its lock.
   *
   * @throws ProblemException with exit 75 if one that may be alive holds it until the limit
   */
  void await(MigrationListener listener) throws SQLException, InterruptedException {
    long start = System.nanoTime();
    boolean told = false;
    while (true) {
      Row row = row();
      if (row == null) {
        return;
      }
      if (!session.mayBeConnected(row.address(), row.granted())) {
        clear();
        listener.noticed(
            "cleared a stale lock of Liquibase's, held by %s: no session of that host is connected"
                .formatted(row.text()));
        return;
      }
      if (!told) {
        listener.waiting(new LockHolder("Liquibase on " + row.text(), null, null));
        told = true;
      }
      if (System.nanoTime() - start >= limit.toNanos()) {
        throw new ProblemException(refusal(row));
      }
      Thread.sleep(PAUSE);
    }
  }

  private Problem refusal(Row row) {
    return new Problem(
        ExitCode.LOCKED,
        "Liquibase holds its lock: %s; after %d s a session that may be its own is still connected"
            .formatted(row.text(), limit.toSeconds()),
        TABLE + ", target " + target,
        "Let that Liquibase end. If it is dead, end the sessions of its host, or run: UPDATE "
            + TABLE
            + " SET LOCKED = false, LOCKGRANTED = NULL, LOCKEDBY = NULL");
  }

  private @Nullable Row row() throws SQLException {
    Optional<String> table = inFull();
    if (table.isEmpty()) {
      return null;
    }
    try (Statement statement = session.connection().createStatement();
        ResultSet row =
            statement.executeQuery("SELECT LOCKED, LOCKEDBY, LOCKGRANTED FROM " + table.get())) {
      if (!row.next() || !row.getBoolean(1)) {
        return null;
      }
      String by = row.getString(2);
      return new Row(by == null ? "an unnamed host" : by, granted(row));
    }
  }

  /** SQLite keeps it as a text in a form of its own. */
  private static @Nullable Timestamp granted(ResultSet row) {
    try {
      return row.getTimestamp(3);
    } catch (SQLException e) {
      return null;
    }
  }

  private void clear() throws SQLException {
    try (Statement statement = session.connection().createStatement()) {
      statement.executeUpdate(
          "UPDATE "
              + inFull().orElseThrow()
              + " SET LOCKED = FALSE, LOCKGRANTED = NULL, LOCKEDBY = NULL");
    }
  }

  private Optional<String> inFull() throws SQLException {
    return session.table(TABLE.toLowerCase(Locale.ROOT)).map(session.place()::table);
  }
}
