package io.tidegate.migration.sql;

import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.sql.StatementSplitter.ScriptStatement;
import java.io.IOException;
import java.io.Reader;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import liquibase.database.AbstractJdbcDatabase;
import org.jspecify.annotations.Nullable;

/**
 * The one connection of a migration, a plan or a status, which another one may replace between two
 * files. Used by one thread at a time.
 */
public interface SqlSession extends AutoCloseable {
  /** So many rows of an answer are in memory at a time. */
  int FETCHED_ROWS = 100;

  /** The connection. In autocommit when the session is opened. */
  Connection connection();

  /** Liquibase's idea of this database: a new object, not connected yet. */
  AbstractJdbcDatabase database();

  /** The migration lock of this database, taken by this very connection. */
  MigrationLock lock();

  /**
   * Whether a change of the schema can be rolled back, so that a changeset is tried again as a whole
   * where another session was in the way.
   */
  boolean rollsBackSchema();

  /**
   * Whether a statement that met a locked table has done nothing, and left what ran before it as it is,
   * so that it may be sent again by itself. Asked right after the failure.
   */
  default boolean mayBeSentAgain(String statement) throws SQLException {
    return false;
  }

  /**
   * Whether the statement runs others that the engine's own client would have committed one by one, even
   * in a file that is one transaction: a rollback among them takes back no more than there.
   */
  default boolean commitsByItself(String statement) {
    return false;
  }

  /**
   * Whether a rollback undoes the whole of this statement. If not, an intent is kept while it runs.
   * Asked before each statement of a changeset that runs in a transaction.
   */
  default boolean rollsBack(String statement) throws SQLException {
    return true;
  }

  /**
   * Whether the statement changes nothing and asks what the one before it did, so that nothing of ours
   * may be sent in between.
   */
  default boolean onlyAsksBack(String statement) {
    return false;
  }

  /**
   * An intent is about to be written before this statement.
   *
   * @throws io.tidegate.problem.ProblemException with exit 65 if the statement would then do something
   *     else
   */
  default void beforeIntent(String statement) {}

  /** Whether the statement changed nothing at all if the server answered it with an error. */
  boolean allOrNothing(String statement) throws SQLException;

  /** What the server shows of a statement that was cut off; only reads. */
  default Aftermath aftermath(String statement) throws SQLException {
    return Aftermath.UNKNOWN;
  }

  /**
   * What stands in the way of a statement that is about to be sent.
   *
   * @throws io.tidegate.problem.ProblemException with exit 65 if it would do harm or do nothing
   */
  default void check(String statement) throws SQLException {}

  /**
   * Sessions that may hold a lock which a migration waits for.
   *
   * @param openFor how long their transaction has been open at least
   */
  default List<Blocker> blockers(Duration openFor) throws SQLException {
    return List.of();
  }

  /**
   * Whether a session is connected that may be that of a Liquibase which wrote its lock's row.
   *
   * @param address the address of its host, as it saw it itself; null: not told
   * @param granted when it took the lock, by its own clock and zone; null: not told
   */
  boolean mayBeConnected(@Nullable String address, @Nullable Timestamp granted) throws SQLException;

  /** Where the history and our own tables are, whatever a changeset does to the session. */
  HistoryPlace place();

  /**
   * A table in {@link #place} that a statement of Liquibase's reaches by that name, spelled as it is
   * there, which may be in another case.
   */
  Optional<String> table(String name) throws SQLException;

  /** Creates the history in a form of its own, if there is none and Liquibase's would not do. */
  default void createHistory() throws SQLException {}

  /**
   * Looks whether the history, if there is one, is written or rolled back together with what a changeset
   * does. Called before the first change.
   *
   * @param history its name, without a schema
   * @throws io.tidegate.problem.ProblemException with exit 65 if not
   */
  default void checkHistory(String history) throws SQLException {}

  /**
   * Looks whether the history would keep the name of a changeset exactly as it is. Called before the
   * first change.
   *
   * @throws io.tidegate.problem.ProblemException with exit 65 if not
   */
  default void checkName(ChangesetId changeset) throws SQLException {}

  /** Makes the history known as that of this target, so that it is found again if its place moves. */
  default void markHistory() throws SQLException {}

  /**
   * Histories elsewhere in this database, in full, that may be this target's. Asked where the one in
   * {@link #place} knows nothing of the changelog, or is not there.
   */
  default List<String> otherHistories() throws SQLException {
    return List.of();
  }

  /**
   * A query for one row with one text, which is another one as soon as a row of Liquibase's history
   * is added, removed or changed.
   *
   * @param history the history, in full
   */
  String historyDigest(String history);

  /**
   * A query for the columns of all tables that this user may look at, one row each: the schema (empty
   * where there is none), the table, the column, and 1 if unqualified names are looked for there.
   */
  String columnsQuery();

  /** What is asked about the tables that pending statements name. */
  CatalogQueries catalogQueries();

  /** What writes to one of our own tables. */
  interface Write {
    void run() throws SQLException;
  }

  /**
   * Writes to our own tables while a changeset runs, whatever role or mode it set for its session:
   * that holds again afterwards.
   */
  default void writeOwn(Write write) throws SQLException {
    write.run();
  }

  /**
   * Ends what would keep a changeset's history row from being written as it is, such as a role, a
   * session that only reads, or locked tables. Called in the changeset's transaction, after its last statement.
   */
  default void beforeRecording() throws SQLException {}

  /**
   * Whether a statement of ours failed since a changeset locked tables, and ours is not among them, or
   * since a transaction that it began itself may not write to ours.
   */
  default boolean isLockedOut(SQLException e) {
    return false;
  }

  /**
   * Gives a new session what the engine's own client would begin with. Called before the first
   * changeset, so that a start with nothing to do need not ask for it.
   */
  default void prepare() throws SQLException {}

  /**
   * Ends all that a file has set for its session: what follows finds one as the engine's own client
   * would open it. Called in autocommit. The connection may be another one afterwards, and the
   * migration lock may be lost.
   */
  void renew() throws SQLException;

  /** What is written behind {@code CREATE TABLE} for a table of our own. */
  default String tableOptions() {
    return "";
  }

  /** Takes a plain SQL file apart where the server's own client would. */
  StatementSplitter script(Reader text) throws SQLException;

  /**
   * What this engine has against statements of a plain file, beyond what all have: one check for each file.
   *
   * @param transaction whether the file runs as one transaction
   */
  default ScriptCheck scriptCheck(boolean transaction) throws SQLException {
    return ScriptCheck.NONE;
  }

  /** Whether what a statement of a plain file does ends with the transaction that it stands in. */
  default boolean endsWithTransaction(ScriptStatement statement) {
    return false;
  }

  /**
   * Whether a statement of a plain file has its effect only before the transaction of the file, where
   * the file begins with it. Behind other statements it is left out; whether that changes anything is
   * for {@link #scriptCheck} to say.
   */
  default boolean belongsBeforeTransaction(ScriptStatement statement) {
    return false;
  }

  /** Whether a statement is one of those that the server refuses in a transaction. */
  default boolean runsAlone(ScriptStatement statement) {
    return false;
  }

  /**
   * A query for one row with one boolean, which takes golang-migrate's lock for this session if it is
   * free; empty where it has none.
   *
   * @param table its history
   */
  default String golangMigrateLock(String table) throws SQLException {
    return "";
  }

  /** The same for Flyway's lock. */
  default String flywayLock(String table) throws SQLException {
    return "";
  }

  /** Whether a statement keeps Flyway from running its file in a transaction. */
  default boolean runsAloneInFlyway(ScriptStatement statement) {
    return false;
  }

  /** A query for the names of all that makes Flyway call a schema not empty. */
  String objectsQuery();

  /**
   * Sends a statement of a plain SQL file, and reads all of its answer without keeping it. PostgreSQL's
   * session has its own way, for COPY.
   */
  default void send(ScriptStatement statement) throws SQLException, IOException {
    try (Statement one = connection().createStatement()) {
      one.setEscapeProcessing(false);
      one.setFetchSize(FETCHED_ROWS);
      boolean rows = one.execute(statement.text());
      while (rows || one.getUpdateCount() >= 0) {
        if (rows) {
          try (ResultSet result = one.getResultSet()) {
            while (result.next()) {
              // Only what it changes is wanted.
            }
          }
        }
        rows = one.getMoreResults();
      }
    }
  }

  /**
   * Whether statements give up on a table that another session has locked for long. Off for what
   * must wait by its nature, such as {@code CREATE INDEX CONCURRENTLY}. Called in autocommit.
   */
  void limitTableLocks(boolean limited) throws SQLException;

  /**
   * Opens a connection beside this one and closes it, to see whether the server answers. May come from
   * any thread.
   *
   * @throws SqlDialect.LoginFailure if it does not, or refuses
   */
  default void checkServer() throws SQLException {}

  /** Asks the server to give up the statement that runs, if one does. May come from any thread. */
  void cancel() throws SQLException;

  /** Closes the connection, which frees the lock. Does not throw. */
  @Override
  void close();

  /**
   * What the server shows of a statement that was cut off.
   *
   * @param nothing whether it is proven that the statement changed nothing
   * @param look what to look at, for people, as a sentence without its full stop
   */
  public record Aftermath(boolean nothing, String look) {
    /** Where the server shows nothing. */
    public static final Aftermath UNKNOWN =
        new Aftermath(false, "Look in the database whether it took effect");
  }

  /**
   * Queries about what is there, each bounded and only reading. Names in parameters are in lower case.
   *
   * @param anyTable has a row if there is any table of a user's
   * @param tables tables and views of a name: parameters are the schema (empty: where an unqualified
   *     name leads, {@code *}: any) and the name; gives the schema, the name, both as a statement quotes
   *     them, the estimated number of rows or null, and 1 if not all rows may be seen
   * @param column a column of such a table: parameters are that schema, that name and the column; gives
   *     its type and 1 if it may be null; empty: types never change there
   * @param schema has a row if the schema of that name has a table
   * @param database has a row if there is a database of that name
   */
  public record CatalogQueries(
      String anyTable, String tables, String column, String schema, String database) {}

  /**
   * A session whose transaction has been open for long, so that it may hold a lock that a migration
   * waits for.
   *
   * @param id what tells it from others
   * @param text its process or session, age, application and state, for people
   */
  record Blocker(String id, String text) {}

  /**
   * Where the history and our own tables are, fixed when a session is opened. Statements name them in
   * full, so that neither {@code USE} nor a search path leads them elsewhere.
   *
   * @param catalog the database, where it qualifies a table; null elsewhere
   * @param schema the schema, where there are any; null elsewhere
   * @param prefix what is written before the name of a table, quoted and with its dot
   * @param exists whether that schema exists; if not, the changelog has to create it
   */
  public record HistoryPlace(
      @Nullable String catalog, @Nullable String schema, String prefix, boolean exists) {
    /** The table in full. */
    public String table(String name) {
      return prefix + name;
    }
  }

  /** Looks at the statements of one plain file, one after the other, before the first of them is sent. */
  @FunctionalInterface
  public interface ScriptCheck {
    /** Has nothing against any. */
    ScriptCheck NONE = statement -> {};

    /**
     * Looks at the next statement.
     *
     * @throws ScriptException if the file cannot be run as it is
     */
    void check(ScriptStatement statement) throws SQLException;

    /**
     * The file has no more statements.
     *
     * @throws ScriptException if the file cannot be run as it is
     */
    default void end() {}
  }
}
