package io.tidegate.engine.mysql;

import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.sql.CrLfReader;
import io.tidegate.migration.sql.MigrationLock;
import io.tidegate.migration.sql.SqlDialect.Access;
import io.tidegate.migration.sql.SqlSession;
import io.tidegate.migration.sql.SqlSession.Blocker;
import io.tidegate.migration.sql.SqlSession.HistoryPlace;
import io.tidegate.migration.sql.StatementSplitter;
import io.tidegate.migration.sql.StatementText;
import io.tidegate.migration.sql.ToolLock;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.target.LiquibaseTables;
import io.tidegate.target.Target;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import liquibase.database.AbstractJdbcDatabase;
import liquibase.database.core.MariaDBDatabase;
import liquibase.database.core.MySQLDatabase;
import org.jspecify.annotations.Nullable;

/** The connection of a migration on MySQL or MariaDB. */
final class MySqlSession implements SqlSession {
  /** The longest that the server takes: a year. */
  private static final long NO_LIMIT_SECONDS = 31_536_000;

  /**
   * How long the server waits for the next statement. It does not ask whether a silent client is
   * there, as PostgreSQL does, so this bounds how long a vanished one keeps its lock; and it must be
   * longer than any pause that a migration makes by itself, as for reading its changelog.
   */
  private static final int SILENCE_SECONDS = 120;

  /** The server's own limits are made for an app, whose pool connects anew. MariaDB has three more. */
  private static final String LIMITED_SILENCE =
      "SET SESSION wait_timeout = "
          + SILENCE_SECONDS
          + "/*M!100300 , SESSION idle_transaction_timeout = 0,"
          + " SESSION idle_write_transaction_timeout = 0,"
          + " SESSION idle_readonly_transaction_timeout = 0 */";

  /** The driver asks for a mode under which a table called {@code count} is a syntax error. */
  private static final String WITHOUT_THE_DRIVERS_MODE =
      "SET SESSION sql_mode = IF(FIND_IN_SET('IGNORE_SPACE', @@GLOBAL.sql_mode), @@SESSION.sql_mode,"
          + " TRIM(BOTH ',' FROM"
          + " REPLACE(CONCAT(',', @@SESSION.sql_mode, ','), ',IGNORE_SPACE,', ',')))";

  /** The session has locked tables, and the one that is asked for is not among them. */
  private static final int NOT_LOCKED = 1100;

  private static final int NOT_LOCKED_FOR_WRITE = 1099;

  /** A statement that writes stands in a transaction that only reads. */
  private static final int ONLY_READS = 1792;

  private final Opener another;
  private final MigrationSettings settings;
  private final Access access;
  private final String target;
  private final @Nullable String galeraNode;
  private final String historyTable;
  private final boolean mariaDb;
  private final long largestPacket;
  private final HistoryPlace place;
  private volatile Current current;

  /** Opens one more connection to the same server as the same user. */
  interface Opener {
    Connection open() throws SQLException;
  }

  /** The connection of this moment, and what belongs to it. */
  private record Current(Connection connection, long id, MySqlLock lock, Atomicity atomicity) {}

  MySqlSession(
      Connection connection,
      Opener another,
      MigrationSettings settings,
      Access access,
      Target target)
      throws SQLException {
    this.another = another;
    this.settings = settings;
    this.access = access;
    this.target = target.name();
    this.galeraNode = target.changelog() == null ? null : target.changelog().galeraNode();
    this.historyTable = LiquibaseTables.of(target).history();
    MySqlProduct product =
        MySqlProduct.of(MySqlService.variables(connection, MySqlProduct.VARIABLES));
    if (!product.isMigrated()) {
      throw new ProblemException(
          new Problem(
              ExitCode.REFUSED,
              "the server is %s, where it is not known whether a session's lock and an interrupted change of"
                      .formatted(product.name())
                  + " the schema are what they are on MySQL",
              "target " + target.name(),
              "Migrate it by another tool, from one Job, and take the changelog out: Tidegate waits for %s as"
                      .formatted(product.name())
                  + " for MySQL"));
    }
    this.mariaDb = product.isMariaDb();
    this.largestPacket = Long.parseLong(single(connection, "SELECT @@max_allowed_packet"));
    String database = connection.getCatalog();
    this.place =
        new HistoryPlace(
            database, null, database == null ? "" : "`" + database.replace("`", "``") + "`.", true);
    this.current = begin(connection);
  }

  /** Sets what the session of a migration begins with. */
  private Current begin(Connection connection) throws SQLException {
    connection.setAutoCommit(true);
    if (access == Access.READ) {
      execute(connection, "SET SESSION TRANSACTION READ ONLY");
    }
    execute(connection, LIMITED_SILENCE);
    execute(connection, WITHOUT_THE_DRIVERS_MODE);
    limitTableLocks(connection, true);
    limitStatements(connection);
    return new Current(
        connection,
        Long.parseLong(single(connection, "SELECT CONNECTION_ID()")),
        new MySqlLock(connection, target, galeraNode, place.catalog()),
        new Atomicity(connection));
  }

  /**
   * MariaDB limits every statement, but not by the server's own limit: a change of the schema takes as
   * long as it takes.
   *
   * @throws ProblemException with exit 78 on MySQL, which limits {@code SELECT} alone
   * @see <a href="https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_max_execution_time">max_execution_time</a>
   */
  private void limitStatements(Connection connection) throws SQLException {
    Duration limit = settings.statementTimeout();
    if (mariaDb) {
      long millis = limit == null ? 0 : limit.toMillis();
      execute(connection, "SET SESSION max_statement_time = " + millis / 1000.0);
    } else if (limit != null && access == Access.WRITE) {
      throw new ProblemException(
          new Problem(
              ExitCode.REFUSED,
              "migration.statement-timeout is set, and MySQL limits no statement but SELECT",
              "target " + target,
              "Take it out, or set it to none; MariaDB and PostgreSQL have such a limit"));
    }
  }

  @Override
  public Connection connection() {
    return current.connection();
  }

  @Override
  public AbstractJdbcDatabase database() {
    return mariaDb ? new MariaDBDatabase() : new MySQLDatabase();
  }

  @Override
  public MigrationLock lock() {
    return current.lock();
  }

  @Override
  public boolean rollsBackSchema() {
    return false;
  }

  @Override
  public boolean rollsBack(String statement) throws SQLException {
    return current.atomicity().rollsBack(statement);
  }

  @Override
  public boolean onlyAsksBack(String statement) {
    return Atomicity.onlyAsksBack(statement);
  }

  @Override
  public void beforeIntent(String statement) {
    if (Atomicity.changesByAskingBack(statement)) {
      throw new ProblemException(
          new Problem(
              ExitCode.CHANGELOG,
              "a statement asks what the one before it did, and it cannot be rolled back, so that a"
                  + " statement of Tidegate's own has to come between the two: "
                  + beginning(statement),
              "target " + target,
              "Keep the answer in a variable before it, as in SET @n = ROW_COUNT(), and use that"));
    }
  }

  @Override
  public boolean allOrNothing(String statement) throws SQLException {
    return current.atomicity().allOrNothing(statement);
  }

  @Override
  public boolean mayBeSentAgain(String statement) throws SQLException {
    return current.atomicity().mayBeSentAgain(statement);
  }

  @Override
  public boolean commitsByItself(String statement) {
    return Atomicity.isProgram(statement);
  }

  @Override
  public List<Blocker> blockers(Duration openFor) throws SQLException {
    return new MySqlActivity(connection()).blockers(openFor);
  }

  @Override
  public boolean mayBeConnected(@Nullable String address, @Nullable Timestamp granted)
      throws SQLException {
    return new MySqlActivity(connection()).connectedFrom(address);
  }

  /** Refuses that at which server or driver would end the connection without a word. */
  @Override
  public void check(String statement) {
    if (ScriptSettings.setsOtherCharacters(statement)) {
      throw new ProblemException(
          new Problem(
              ExitCode.CHANGELOG,
              "statements are sent in UTF-8 only: " + StatementText.bare(statement).strip(),
              "target " + target,
              "Convert the file to UTF-8 and write: SET NAMES utf8mb4"));
    }
    long bytes = statement.getBytes(StandardCharsets.UTF_8).length;
    if (bytes >= largestPacket) {
      throw new ProblemException(
          new Problem(
              ExitCode.CHANGELOG,
              "the statement %s... has %d bytes, more than the server's max_allowed_packet of %d"
                  .formatted(beginning(statement), bytes, largestPacket),
              "target " + target,
              "Split the statement, or raise max_allowed_packet on the server"));
    }
  }

  /** The words before the first value. */
  private static String beginning(String statement) {
    return statement.strip().split("[('\"\\v]", 2)[0].strip();
  }

  @Override
  public HistoryPlace place() {
    return place;
  }

  /** Tables of one name in two cases are possible, where Liquibase was told another name. */
  @Override
  public Optional<String> table(String name) throws SQLException {
    try (PreparedStatement query =
        connection()
            .prepareStatement(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = ?"
                    + " AND lower(table_name) = lower(?) AND table_type = 'BASE TABLE'"
                    + " ORDER BY BINARY table_name = ? DESC")) {
      query.setString(1, place.catalog());
      query.setString(2, name);
      query.setString(3, name);
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
      }
    }
  }

  @Override
  public void createHistory() throws SQLException {
    if (access == Access.WRITE && table(historyTable).isEmpty()) {
      history().create(place.table(historyTable), tableOptions());
    }
  }

  @Override
  public void checkHistory(String name) throws SQLException {
    Optional<String> table = table(name);
    if (table.isPresent()) {
      history().checkStorage(table.get());
    }
  }

  @Override
  public void checkName(ChangesetId changeset) throws SQLException {
    String database = place.catalog();
    if (database == null || MySqlHistory.isPlain(changeset)) {
      return;
    }
    Optional<String> table = table(historyTable);
    if (table.isPresent()) {
      history().check(changeset, database, table.get());
    }
  }

  private MySqlHistory history() {
    return new MySqlHistory(connection(), target);
  }

  /** See <a href="https://github.com/golang-migrate/migrate/tree/master/database/mysql">there</a>. */
  @Override
  public String golangMigrateLock(String table) {
    return "SELECT coalesce(GET_LOCK('%d', 0), 0)"
        .formatted(ToolLock.golangMigrateId("%s:%s".formatted(place().catalog(), table)));
  }

  /** See <a href="https://github.com/flyway/flyway">MySQLNamedLockTemplate</a> there. */
  @Override
  public String flywayLock(String table) {
    return "SELECT coalesce(GET_LOCK('Flyway-%d', 0), 0)"
        .formatted("`%s`.`%s`".formatted(place().catalog(), table).hashCode());
  }

  @Override
  public String objectsQuery() {
    return "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
        + " UNION ALL SELECT routine_name FROM information_schema.routines"
        + " WHERE routine_schema = DATABASE()"
        + " UNION ALL SELECT event_name FROM information_schema.events"
        + " WHERE event_schema = DATABASE()";
  }

  @Override
  public String historyDigest(String table) {
    return "SELECT CONCAT(COUNT(*), ':', COALESCE(SUM(CAST(CONV(LEFT(MD5(CONCAT_WS(',',"
        + " QUOTE(ID), QUOTE(AUTHOR), QUOTE(FILENAME), QUOTE(DATEEXECUTED), QUOTE(ORDEREXECUTED),"
        + " QUOTE(EXECTYPE), QUOTE(MD5SUM), QUOTE(TAG), QUOTE(CONTEXTS), QUOTE(LABELS),"
        + " QUOTE(DEPLOYMENT_ID))), 15), 16, 10) AS UNSIGNED)), 0)) FROM "
        + table;
  }

  @Override
  public String columnsQuery() {
    return "SELECT '', table_name, column_name, 1 FROM information_schema.columns"
        + " WHERE table_schema = DATABASE() ORDER BY 2, 3";
  }

  @Override
  public CatalogQueries catalogQueries() {
    String others = " NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys')";
    return new CatalogQueries(
        "SELECT 1 FROM information_schema.tables WHERE table_schema" + others + " LIMIT 1",
        "SELECT table_schema, table_name, CONCAT('`', REPLACE(table_schema, '`', '``'), '`.`',"
            + " REPLACE(table_name, '`', '``'), '`'), table_rows, 0 FROM information_schema.tables"
            + " WHERE CASE ? WHEN '' THEN table_schema = DATABASE() WHEN '*' THEN table_schema"
            + others
            + " ELSE LOWER(table_schema) = ? END AND LOWER(table_name) = ?",
        "SELECT column_type, is_nullable = 'YES' FROM information_schema.columns"
            + " WHERE table_schema = ? AND table_name = ? AND LOWER(column_name) = ?",
        "SELECT 1 FROM information_schema.tables WHERE LOWER(table_schema) = ? LIMIT 1",
        "SELECT 1 FROM information_schema.tables WHERE LOWER(table_schema) = ? LIMIT 1");
  }

  @Override
  public String tableOptions() {
    return " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4";
  }

  @Override
  public StatementSplitter script(Reader text) throws SQLException {
    return new MySqlStatementSplitter(
        new CrLfReader(text), single(connection(), "SELECT @@sql_mode"));
  }

  @Override
  public void limitTableLocks(boolean limited) throws SQLException {
    limitTableLocks(connection(), limited);
  }

  /** Both the lock on a table's definition and those on rows. */
  private void limitTableLocks(Connection connection, boolean limited) throws SQLException {
    long seconds =
        limited ? Math.max(1, settings.tableLockTimeout().toSeconds()) : NO_LIMIT_SECONDS;
    execute(connection, "SET SESSION lock_wait_timeout = " + seconds);
    execute(connection, "SET SESSION innodb_lock_wait_timeout = " + seconds);
  }

  /** What refuses to write tells so, and has done nothing. */
  @Override
  public void writeOwn(Write write) throws SQLException {
    try {
      write.run();
    } catch (SQLException e) {
      if (e.getErrorCode() != ONLY_READS) {
        throw e;
      }
      if (!connection().getAutoCommit()) {
        connection().rollback();
      }
      execute(connection(), "SET SESSION TRANSACTION READ WRITE");
      write.run();
      execute(connection(), "SET SESSION TRANSACTION READ ONLY");
    }
  }

  /**
   * A dump may leave its tables locked, which shuts out all others: without such, {@code UNLOCK TABLES}
   * does nothing. A file may leave its session reading only, or with characters that lack the letters
   * of its name.
   */
  @Override
  public void beforeRecording() throws SQLException {
    execute(connection(), "UNLOCK TABLES");
    String readOnly = mariaDb ? "tx_read_only" : "transaction_read_only";
    String left =
        single(
            connection(), "SELECT CONCAT(@@" + readOnly + " + 0, ' ', @@character_set_connection)");
    if (left.equals("0 utf8mb4")) {
      return;
    }
    if (left.startsWith("1") && !connection().getAutoCommit()) {
      execute(connection(), "COMMIT"); // An intent stands there since the file set it.
    }
    execute(
        connection(),
        "SET SESSION " + readOnly + " = 0, SESSION character_set_connection = utf8mb4");
  }

  @Override
  public boolean isLockedOut(SQLException e) {
    return e.getErrorCode() == NOT_LOCKED || e.getErrorCode() == NOT_LOCKED_FOR_WRITE;
  }

  /**
   * No statement resets a session here, so another one takes its place, and its lock at once. Whoever
   * comes in between finds the history as it was left, and does the rest.
   */
  @Override
  public void renew() throws SQLException {
    Current former = current;
    Connection next;
    try {
      next = another.open();
    } catch (SQLException e) {
      // The user may have one connection only.
      former.connection().close();
      next = another.open();
    }
    try {
      Access.unlimit(next);
      Current renewed = begin(next);
      if (former.connection().isClosed()) {
        renewed.lock().tryAcquire();
      } else {
        renewed.lock().takeOver(former.lock());
        former.connection().close();
      }
      current = renewed;
    } catch (SQLException | RuntimeException e) {
      next.close();
      throw e;
    }
  }

  @Override
  public void checkServer() throws SQLException {
    another.open().close();
  }

  @Override
  public void cancel() throws SQLException {
    try (Connection second = another.open();
        Statement statement = second.createStatement()) {
      statement.execute("KILL QUERY " + current.id());
    }
  }

  @Override
  public void close() {
    try {
      connection().close();
    } catch (SQLException e) {
      // It is gone already, and the lock with it.
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String single(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}
