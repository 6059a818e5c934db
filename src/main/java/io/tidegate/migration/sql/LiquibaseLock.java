package io.tidegate.migration.sql;

import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationListener.LockHolder;
import io.tidegate.migration.sql.LockGuard.ForeignLock;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The row in which Liquibase itself keeps its lock. It is ours while a migration runs, so that a
 * Liquibase that starts meanwhile waits. It survives its owner: a Liquibase's is believed only while a
 * session is connected that may be the owner's; else it is stale, as that of an earlier run of ours,
 * and cleared once it is known that nothing is refused. It changes hands by compare-and-set only.
 * Used under our own lock and in autocommit.
 */
final class LiquibaseLock implements ForeignLock {
  private static final String UNNAMED = "an unnamed host";
  private static final String FREE = "LOCKED = FALSE, LOCKGRANTED = NULL, LOCKEDBY = NULL";
  private static final Duration PAUSE = Duration.ofMillis(250);
  private static final Pattern ADDRESS = Pattern.compile("\\(([^()]+)\\)\\s*\\z");

  /** What {@code LOCKEDBY} says while it is ours: another text each time. */
  private final String own = ClientName.TEXT + " " + UUID.randomUUID();

  private final SqlSession session;
  private final String table;
  private final Duration limit;
  private final String target;
  private final MigrationListener listener;
  private @Nullable Row stale;

  /**
   * Does nothing yet.
   *
   * @param table the name that Liquibase was told
   * @param limit how long a Liquibase that may be alive is waited for
   */
  LiquibaseLock(
      SqlSession session, String table, Duration limit, String target, MigrationListener listener) {
    this.session = session;
    this.table = table;
    this.limit = limit;
    this.target = target;
    this.listener = listener;
  }

  /** What the row says while it is locked. */
  private record Row(String by, @Nullable Timestamp granted) {
    /** Under the migration lock such a run is over. */
    boolean isOfTidegate() {
      return by.startsWith("tidegate ");
    }

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
   * Returns when no Liquibase that may be alive holds its lock. Changes nothing.
   *
   * @throws ProblemException with exit 75 if one holds it until the limit
   */
  @Override
  public void await() throws SQLException, InterruptedException {
    long start = System.nanoTime();
    boolean told = false;
    while (true) {
      Row row = row();
      if (row == null
          || row.isOfTidegate()
          || !session.mayBeConnected(row.address(), row.granted())) {
        stale = row;
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

  /** Clears the row that was found stale, if there is one and it is still the same. */
  @Override
  public void clearStale() throws SQLException {
    Row row = stale;
    stale = null;
    if (row != null && set(FREE, row.by())) {
      listener.noticed(
          "cleared a stale lock of Liquibase's, held by %s: %s"
              .formatted(
                  row.text(),
                  row.isOfTidegate()
                      ? "that run is over"
                      : "no session of that host is connected"));
    }
  }

  private Problem refusal(Row row) {
    return new Problem(
        ExitCode.LOCKED,
        "Liquibase holds its lock: %s; after %d s a session that may be its own is still connected"
            .formatted(row.text(), limit.toSeconds()),
        table + ", target " + target,
        "Let that Liquibase end. If it is dead, end the sessions of its host, or run: UPDATE "
            + table
            + " SET LOCKED = false, LOCKGRANTED = NULL, LOCKEDBY = NULL");
  }

  private @Nullable Row row() throws SQLException {
    Optional<String> there = inFull();
    if (there.isEmpty()) {
      return null;
    }
    try (Statement statement = session.connection().createStatement();
        ResultSet row =
            statement.executeQuery("SELECT LOCKED, LOCKEDBY, LOCKGRANTED FROM " + there.get())) {
      if (!row.next() || !row.getBoolean(1)) {
        return null;
      }
      String by = row.getString(2);
      return new Row(by == null ? UNNAMED : by, granted(row));
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

  /**
   * Takes it if it is free or stale, creating its table if there is none. Whoever may not create it takes
   * nothing: then there is no row for a Liquibase to wait for.
   *
   * @return false if a Liquibase holds it
   */
  @Override
  public boolean tryTake() throws SQLException {
    if (!session.place().exists() || !prepare()) {
      return true;
    }
    clearStale();
    // As Liquibase writes it: this host's time without its zone.
    String now = Timestamp.valueOf(LocalDateTime.now(ZoneId.systemDefault())).toString();
    String taken = "LOCKED = TRUE, LOCKGRANTED = '%s', LOCKEDBY = '%s'".formatted(now, own);
    try (Statement statement = session.connection().createStatement()) {
      return statement.executeUpdate(
              "UPDATE %s SET %s WHERE ID = 1 AND LOCKED = FALSE"
                  .formatted(inFull().orElseThrow(), taken))
          == 1;
    }
  }

  /** Gives it back if it is still ours. Does not throw: what stays is cleared by the next run. */
  @Override
  public void release() {
    try {
      Connection connection = session.connection();
      if (connection.isClosed()) {
        return;
      }
      // First of all: in a transaction that failed nothing can be looked up.
      if (!connection.getAutoCommit()) {
        connection.rollback();
        connection.setAutoCommit(true);
      }
      session.beforeRecording();
      if (inFull().isPresent()) {
        set(FREE, own);
      }
    } catch (SQLException e) {
      // The connection is lost, and the migration's own failure says so.
    }
  }

  /** Whether its table and row are there now. */
  private boolean prepare() throws SQLException {
    if (inFull().isEmpty() && !create()) {
      return false;
    }
    try (Statement statement = session.connection().createStatement()) {
      String there = inFull().orElseThrow();
      statement.executeUpdate(
          "INSERT INTO %1$s (ID, LOCKED) SELECT 1, FALSE FROM (SELECT count(*) AS n FROM %1$s) c WHERE n = 0"
              .formatted(there));
    }
    return true;
  }

  private boolean create() {
    try (Statement statement = session.connection().createStatement()) {
      statement.execute(
          "CREATE TABLE "
              + session.place().table(table)
              + " (ID integer NOT NULL PRIMARY KEY, LOCKED boolean NOT NULL,"
              + " LOCKGRANTED timestamp NULL, LOCKEDBY varchar(255))"
              + session.tableOptions());
      return true;
    } catch (SQLException e) {
      return false; // The history cannot be created either then, which is what is told.
    }
  }

  /** Sets the row if it is still held by that one. */
  private boolean set(String values, String by) throws SQLException {
    try (PreparedStatement update =
        session
            .connection()
            .prepareStatement(
                "UPDATE "
                    + inFull().orElseThrow()
                    + " SET "
                    + values
                    + " WHERE LOCKED = TRUE AND coalesce(LOCKEDBY, ?) = ?")) {
      update.setString(1, UNNAMED);
      update.setString(2, by);
      return update.executeUpdate() > 0;
    }
  }

  private Optional<String> inFull() throws SQLException {
    return session.table(table).map(session.place()::table);
  }
}
