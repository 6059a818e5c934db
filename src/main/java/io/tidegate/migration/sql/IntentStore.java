package io.tidegate.migration.sql;

import io.tidegate.digest.Sha256;
import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.MigrationStatus.Interrupted;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

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
}
