package io.tidegate.migration.sql;

import io.tidegate.digest.Sha256;
import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.MigrationStatus.Interrupted;
import io.tidegate.migration.sql.SqlDialect.Fault;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import liquibase.exception.DatabaseException;
import liquibase.exception.LiquibaseException;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code tidegate_intent}: a row for each changeset that was begun, cannot be rolled back
 * and is not in the history yet; and one for each that a person resolved. Used under the migration
 * lock, except for reading.
 */
final class IntentStore {
  static final String TABLE = "tidegate_intent";

  /** Marks a row as begun; what a person found out stands there instead later. */
  private static final String BEGUN = "begun";

  private final SqlSession session;
  private final History history;

  IntentStore(SqlSession session, History history) {
    this.session = session;
    this.history = history;
  }

  /** Makes the table if there is none. Called between two changesets. */
  void prepare() throws SQLException {
    if (exists()) {
      return;
    }
    try (Statement statement = connection().createStatement()) {
      statement.execute(
          "CREATE TABLE "
              + inFull()
              + " (intent varchar(110) NOT NULL PRIMARY KEY, path varchar(255) NOT NULL,"
              + " id varchar(255) NOT NULL, author varchar(255) NOT NULL, rerun int NOT NULL,"
              + " started varchar(40) NOT NULL, host varchar(255) NOT NULL, pid bigint NOT NULL,"
              + " position_sent int NOT NULL, statement_sent varchar(500) NOT NULL,"
              + " outcome varchar(20) NOT NULL, reason varchar(1000), resolved varchar(40),"
              + " resolved_by varchar(255))"
              + session.tableOptions());
    }
    commit();
  }

  /** Those that are not resolved. Works without the table and in any mode of committing. */
  List<Intent> open() throws SQLException {
    List<Intent> intents = new ArrayList<>();
    if (!exists()) {
      return intents;
    }
    try (PreparedStatement statement =
        connection()
            .prepareStatement(
                "SELECT path, id, author, rerun, started, host, pid, position_sent, statement_sent"
                    + " FROM "
                    + inFull()
                    + " WHERE outcome = ? ORDER BY started")) {
      statement.setString(1, BEGUN);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          intents.add(
              new Intent(
                  new ChangesetId(row.getString(1), row.getString(2), row.getString(3)),
                  row.getInt(4) != 0,
                  Instant.parse(row.getString(5)),
                  "host %s, process %d".formatted(row.getString(6), row.getLong(7)),
                  row.getInt(8),
                  row.getString(9)));
        }
      }
    }
    return intents;
  }

  /** Writes, and commits, that a changeset begins what cannot be rolled back. */
  void begin(ChangesetId changeset, boolean rerun, int position, String statement)
      throws SQLException {
    session.writeOwn(() -> insert(changeset, rerun, position, statement));
  }

  private void insert(ChangesetId changeset, boolean rerun, int position, String statement)
      throws SQLException {
    try (PreparedStatement insert =
        connection()
            .prepareStatement(
                "INSERT INTO "
                    + inFull()
                    + " (intent, path, id, author, rerun, started, host, pid, position_sent,"
                    + " statement_sent, outcome) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      insert.setString(1, key(changeset));
      insert.setString(2, changeset.path());
      insert.setString(3, changeset.id());
      insert.setString(4, changeset.author());
      insert.setInt(5, rerun ? 1 : 0);
      insert.setString(6, Instant.now().toString());
      insert.setString(7, ClientName.HOST);
      insert.setLong(8, ProcessHandle.current().pid());
      insert.setInt(9, position);
      insert.setString(10, statement);
      insert.setString(11, BEGUN);
      insert.executeUpdate();
    }
    history.begins(changeset);
    commit();
  }

  /** Writes, and commits, that it came to a further statement. */
  void proceed(ChangesetId changeset, int position, String statement) throws SQLException {
    session.writeOwn(() -> update(changeset, position, statement));
  }

  private void update(ChangesetId changeset, int position, String statement) throws SQLException {
    try (PreparedStatement update =
        connection()
            .prepareStatement(
                "UPDATE "
                    + inFull()
                    + " SET position_sent = ?, statement_sent = ? WHERE intent = ?")) {
      update.setInt(1, position);
      update.setString(2, statement);
      update.setString(3, key(changeset));
      update.executeUpdate();
    }
    commit();
  }

  /** Takes it back, in the transaction that is open: the changeset's history row stands there too. */
  void clear(ChangesetId changeset) throws SQLException {
    try (PreparedStatement delete =
        connection().prepareStatement("DELETE FROM " + inFull() + " WHERE intent = ?")) {
      delete.setString(1, key(changeset));
      delete.executeUpdate();
    }
  }

  /** Takes it back at once: nothing of the changeset happened, or all of it is in the history. */
  void clearNow(ChangesetId changeset) throws SQLException {
    session.writeOwn(() -> {
      clear(changeset);
      history.withdraws(changeset);
      commit();
    });
  }

  /** Keeps what a person found out, in the transaction that is open. */
  void resolve(ChangesetId changeset, boolean applied, String reason) throws SQLException {
    String now = Instant.now().toString();
    try (PreparedStatement update =
        connection()
            .prepareStatement(
                "UPDATE "
                    + inFull()
                    + " SET intent = ?, outcome = ?, reason = ?, resolved = ?, resolved_by = ?"
                    + " WHERE intent = ?")) {
      update.setString(1, key(changeset) + "@" + now);
      update.setString(2, applied ? "applied" : "not applied");
      update.setString(3, reason.substring(0, Math.min(reason.length(), 1000)));
      update.setString(4, now);
      update.setString(
          5,
          "%s on host %s, process %d"
              .formatted(
                  System.getProperty("user.name", "?"),
                  ClientName.HOST,
                  ProcessHandle.current().pid()));
      update.setString(6, key(changeset));
      update.executeUpdate();
    }
    if (!applied) {
      history.withdraws(changeset);
    }
  }

  private boolean exists() throws SQLException {
    return session.table(history.ownTable(TABLE)).isPresent();
  }

  private String inFull() {
    return session.place().table(history.ownTable(TABLE));
  }

  /** Not through Liquibase's connection, which may leave out the next commit. */
  private void commit() throws SQLException {
    if (!connection().getAutoCommit()) {
      connection().commit();
    }
  }

  private Connection connection() {
    return session.connection();
  }

  private static String key(ChangesetId changeset) {
    return Sha256.hexOf(changeset.path() + "\n" + changeset.id() + "\n" + changeset.author());
  }

  /**
   * What was about to be done that cannot be rolled back.
   *
   * @param changeset the changeset
   * @param rerun whether it was in the history already, so that its history row proves nothing
   * @param started when its first such statement was sent
   * @param by the host and process that sent it
   * @param position which of the changeset's statements was sent last, from 1
   * @param statement the start of that statement, its literals masked
   */
  record Intent(
      ChangesetId changeset,
      boolean rerun,
      Instant started,
      String by,
      int position,
      String statement) {

    Interrupted interrupted() {
      return new Interrupted(
          changeset, started, by, "statement %d, %s".formatted(position, statement));
    }

    /** Whether a person who wrote that means this one: any part of its name that is given must fit. */
    boolean isMeantBy(ChangesetId name) {
      boolean whole =
          name.path().equals(changeset.toString())
              || name.path().equals(changeset.path() + "::" + changeset.id());
      return whole
          || (fits(name.path(), changeset.path())
              && fits(name.id(), changeset.id())
              && fits(name.author(), changeset.author()));
    }

    private static boolean fits(String given, String own) {
      return given.isEmpty() || given.equals(own);
    }
  }

  /**
   * The intent of the changeset that runs: it is written before the first statement that cannot be
   * rolled back, and goes with the changeset's history row. Told of each statement before it is sent.
   */
  static final class RunningIntent {
    private final SqlSession session;
    private final Failures failures;
    private final IntentStore intents;

    private @Nullable ChangesetId current;
    private boolean transaction;
    private boolean rerun;

    /** How many statements of the changeset were sent. */
    private int position;

    /** The last of them. */
    private String statement = "";

    /** Where the intent that is written stands; 0: there is none. */
    private int written;

    /** Whether the statements that are sent now are our own, not the changeset's. */
    private boolean own;

    /** Whether all statements of the changeset succeeded, so that only its history row is missing. */
    private boolean ran;

    RunningIntent(SqlSession session, History history, Failures failures) {
      this.session = session;
      this.failures = failures;
      this.intents = new IntentStore(session, history);
    }

    /** A changeset is run, or run again: nothing of it was sent. */
    void begin(@Nullable ChangesetId changeset, boolean inTransaction) {
      current = changeset;
      transaction = inTransaction;
      position = 0;
      written = 0;
      ran = false;
    }

    /** The changeset is over. */
    void end() {
      current = null;
    }

    /** Whether it is in the history already. */
    void rerun(boolean already) {
      rerun = already;
    }

    /** Whether something of the changeset stays if it fails, so that it is not run again. */
    boolean isWritten() {
      return written > 0;
    }

    /** A statement is about to be sent: writes the intent if it cannot be undone. */
    void sends(String next) throws SQLException {
      ChangesetId id = current;
      if (id == null || own) {
        return;
      }
      position++;
      statement = next;
      session.check(next);
      if (session.onlyAsksBack(next) || (transaction && session.rollsBack(next))) {
        return;
      }
      session.beforeIntent(next);
      String shown = StatementText.shown(next);
      if (written == 0) {
        if (!session.place().exists()) {
          intents.prepare();
        }
        intents.begin(id, rerun, position, shown);
      } else {
        proceed(id, shown);
      }
      written = position;
    }

    /** While a changeset has tables locked, the intent stays as it was when it locked them. */
    private void proceed(ChangesetId id, String shown) throws SQLException {
      try {
        intents.proceed(id, position, shown);
      } catch (SQLException e) {
        if (!session.isLockedOut(e)) {
          throw e;
        }
      }
    }

    /** The changeset's statements all succeeded; what is sent until {@link #endOwn} is our own. */
    void beginOwn() {
      ran = true;
      own = true;
    }

    /** What is sent from now on is the changeset's again. */
    void endOwn() {
      own = false;
    }

    /** Takes it back in the transaction in which the history row was written. */
    void clear() throws SQLException {
      if (current != null && written > 0) {
        intents.clear(current);
        written = 0;
      }
    }

    /** A changeset that was not recorded, since it was skipped or may fail, is over all the same. */
    void withdraw() throws DatabaseException {
      if (current == null || written == 0) {
        return;
      }
      try {
        session.beforeRecording();
        intents.clearNow(current);
        written = 0;
      } catch (SQLException e) {
        throw new DatabaseException(e);
      }
    }

    /**
     * After a failure: a first statement that the server refused has done nothing, so the changeset
     * may be run again once it is corrected. Otherwise the intent stays, as where the changeset ran and
     * only its history row failed.
     */
    void settle(LiquibaseException failure) {
      Optional<SQLException> sql = Failures.sqlException(failure);
      if (current == null
          || ran
          || written != 1
          || position != 1
          || sql.isEmpty()
          || failures.faultOf(sql.get()) == Fault.LOST) {
        return;
      }
      try {
        if (session.allOrNothing(statement)) {
          intents.clearNow(current);
          written = 0;
        }
      } catch (SQLException e) {
        // The failure itself is what is told; the intent is found by the next run.
        failure.addSuppressed(e);
      }
    }
  }
}
