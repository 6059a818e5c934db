package io.tidegate.engine.postgres;

import io.tidegate.engine.postgres.PostgresLock.Pooling;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.sql.ClientName;
import io.tidegate.migration.sql.MigrationLock;
import io.tidegate.migration.sql.SqlDialect.Access;
import io.tidegate.migration.sql.SqlSession;
import io.tidegate.migration.sql.SqlSession.Aftermath;
import io.tidegate.migration.sql.SqlSession.Blocker;
import io.tidegate.migration.sql.SqlSession.HistoryPlace;
import io.tidegate.migration.sql.SqlSession.ScriptCheck;
import io.tidegate.migration.sql.StatementSplitter;
import io.tidegate.migration.sql.StatementSplitter.ScriptException;
import io.tidegate.migration.sql.StatementSplitter.ScriptStatement;
import io.tidegate.migration.sql.StatementText;
import io.tidegate.migration.sql.ToolLock;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.target.Target;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import liquibase.database.AbstractJdbcDatabase;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.QueryExecutor;
import org.postgresql.core.ResultHandlerBase;
import org.postgresql.core.SqlCommand;
import org.postgresql.core.TransactionState;
import org.postgresql.jdbc.PgConnection;

/**
 * The connection of a migration: named, limited in its patience, and soon noticed when it dies. What is
 * not here is as {@link SqlSession} has it by default: a rollback undoes the whole of a statement in a
 * transaction; no statement commits by itself, asks about the one before it, belongs before the
 * transaction or is sent again alone; the history has Liquibase's own form and keeps every name.
 */
final class PostgresSession implements SqlSession {
  private static final String OWN_ROLE = "RESET SESSION AUTHORIZATION; RESET ROLE";

  /** For one transaction, after which the session is again what a file made of it. */
  private static final String OWN_TRANSACTION =
      "BEGIN; SET TRANSACTION READ WRITE; SET LOCAL SESSION AUTHORIZATION DEFAULT; SET LOCAL ROLE NONE";

  /** SQLSTATEs of a statement that the role, or a transaction that only reads, may not run. */
  private static final Set<String> NOT_ALLOWED = Set.of("42501", "25006");

  private static final String DISCARD_ALL_BUT_LOCKS =
      OWN_ROLE
          + "; RESET ALL; CLOSE ALL; DEALLOCATE ALL; UNLISTEN *; DISCARD PLANS; DISCARD TEMP;"
          + " DISCARD SEQUENCES";

  /** See "cannot be executed inside a transaction block" in the server's documentation of each. */
  private static final Pattern RUNS_ALONE =
      Pattern.compile(
          "(CREATE (UNIQUE )?|DROP )INDEX CONCURRENTLY.*|REINDEX .*CONCURRENTLY.*|VACUUM.*"
              + "|(CREATE|DROP) (DATABASE|TABLESPACE|SUBSCRIPTION)\\b.*|ALTER SYSTEM\\b.*"
              + "|REINDEX (DATABASE|SYSTEM)\\b.*|ALTER DATABASE .* SET TABLESPACE.*"
              + "|ALTER TYPE .*ADD VALUE.*|ALTER TABLE .*DETACH PARTITION.*CONCURRENTLY.*"
              + "|ALTER SUBSCRIPTION .*|CLUSTER");

  /** See <a href="https://github.com/flyway/flyway">PostgreSQLParser</a> there. */
  private static final Pattern RUNS_ALONE_IN_FLYWAY =
      Pattern.compile(
          "(CREATE|DROP) (DATABASE|TABLESPACE|SUBSCRIPTION)\\b.*|ALTER SYSTEM\\b.*"
              + "|(CREATE|DROP)( UNIQUE)? INDEX CONCURRENTLY\\b.*"
              + "|REINDEX (VERBOSE |CONCURRENTLY )*(SCHEMA|DATABASE|SYSTEM)\\b.*|VACUUM\\b.*|DISCARD ALL");

  private static final Pattern TEMPORARY_TABLE =
      Pattern.compile("CREATE (LOCAL |GLOBAL )?TEMP(ORARY)? .*");

  private static final Pattern ON_COMMIT =
      Pattern.compile("\\bon\\s+commit\\s+(delete\\s+rows|drop)\\b", Pattern.CASE_INSENSITIVE);

  /** Runs what it says, other than the definition of a function. */
  private static final Pattern CALL = Pattern.compile("(SELECT|WITH|VALUES|DO)\\b.*");

  private static final Pattern LOCAL_SETTING =
      Pattern.compile(
          "\\bset_config\\s*\\([^;]*,\\s*'?(true|t|yes|on|1)'?\\s*(::\\s*\\w+\\s*)?\\)",
          Pattern.CASE_INSENSITIVE);

  private static final int AS_PSQL =
      QueryExecutor.QUERY_EXECUTE_AS_SIMPLE
          | QueryExecutor.QUERY_ONESHOT
          | QueryExecutor.QUERY_NO_RESULTS;

  /** "Flyway" in ASCII. */
  private static final long FLYWAY_LOCK = 0x466C79776179L;

  private final Connection connection;
  private final Opener another;
  private final Access access;
  private final int backend;
  private final ServerSettings serverSettings;
  private final SessionLimits limits;
  private final Duration lockTimeout;
  private final PostgresLock lock;
  private final PostgresHistoryPlace history;

  /** Opens one more connection to the same database as the same user. */
  interface Opener {
    Connection open() throws SQLException;
  }

  PostgresSession(
      Connection connection,
      Opener another,
      MigrationSettings settings,
      Access access,
      Target target)
      throws SQLException {
    this.connection = connection;
    this.serverSettings = new ServerSettings(connection, PostgresParameters.timeZone(target.url()));
    this.another = another;
    this.access = access;
    this.limits = new SessionLimits(connection, settings.statementTimeout());
    this.lockTimeout = settings.tableLockTimeout();
    connection.setAutoCommit(true);
    // Before anything is set: behind a pooler it would be set for whoever comes next.
    Pooling pooling = new Pooling(connection, another);
    boolean shared = pooling.sharesBackends();
    if (access == Access.WRITE) {
      pooling.refuse(shared, target.name());
    }
    if (!shared) {
      if (access == Access.WRITE) {
        limit();
      } else {
        prepare();
        execute("SET default_transaction_read_only = on");
      }
    }
    this.backend = pooling.backend();
    this.lock = new PostgresLock(connection, target.name());
    this.history = new PostgresHistoryPlace(connection, target);
  }

  @Override
  public Connection connection() {
    return connection;
  }

  @Override
  public AbstractJdbcDatabase database() {
    return new LiquibasePostgresDatabase();
  }

  @Override
  public MigrationLock lock() {
    return lock;
  }

  @Override
  public boolean rollsBackSchema() {
    return true;
  }

  /** Procedures and anonymous blocks may commit by themselves. */
  @Override
  public boolean allOrNothing(String statement) {
    return !Set.of("CALL", "DO").contains(StatementText.firstWord(statement));
  }

  @Override
  public Aftermath aftermath(String statement) throws SQLException {
    return new ConcurrentIndexes(connection).aftermath(statement);
  }

  @Override
  public List<Blocker> blockers(Duration openFor) throws SQLException {
    return new PostgresActivity(connection).blockers(openFor);
  }

  @Override
  public boolean mayBeConnected(@Nullable String address, @Nullable Timestamp granted)
      throws SQLException {
    return new PostgresActivity(connection).connectedFrom(address, granted);
  }

  @Override
  public void check(String statement) throws SQLException {
    try {
      ServerSettings.check(statement, 0);
    } catch (ScriptException e) {
      throw new ProblemException(
          new Problem(
              ExitCode.CHANGELOG,
              String.valueOf(e.getMessage()),
              "the changeset that says so",
              e.remedy()));
    }
    new ConcurrentIndexes(connection).check(statement);
  }

  @Override
  public boolean runsAlone(ScriptStatement statement) {
    return RUNS_ALONE.matcher(statement.head()).matches();
  }

  /**
   * By its name with a slash, as its command takes it from the path of a URL, and without, as an
   * application does that hands it a connection. See <a
   * href="https://github.com/golang-migrate/migrate/tree/master/database/postgres">there</a>.
   */
  @Override
  public String golangMigrateLock(String table) throws SQLException {
    String names = place().schema() + "\0" + table + "\0";
    String database = connection.getCatalog();
    return "SELECT pg_try_advisory_lock(%d) AND pg_try_advisory_lock(%d)"
        .formatted(
            ToolLock.golangMigrateId(names + "/" + database),
            ToolLock.golangMigrateId(names + database));
  }

  /** See <a href="https://github.com/flyway/flyway">PostgreSQLAdvisoryLockTemplate</a> there. */
  @Override
  public String flywayLock(String table) {
    String schema = String.valueOf(place().schema()).replace("\"", "\"\"");
    String name = "\"%s\".\"%s\"".formatted(schema, table);
    return "SELECT pg_try_advisory_lock(%d)".formatted(FLYWAY_LOCK + name.hashCode());
  }

  @Override
  public boolean runsAloneInFlyway(ScriptStatement statement) {
    return RUNS_ALONE_IN_FLYWAY.matcher(statement.head()).matches();
  }

  @Override
  public ScriptCheck scriptCheck(boolean transaction) {
    return statement -> ServerSettings.check(statement.text(), statement.line());
  }

  /** Settings and temporary tables of one transaction. */
  @Override
  public boolean endsWithTransaction(ScriptStatement statement) {
    String head = statement.head();
    return head.startsWith("SET LOCAL ")
        || (TEMPORARY_TABLE.matcher(head).matches() && ON_COMMIT.matcher(statement.text()).find())
        || (CALL.matcher(head).matches() && LOCAL_SETTING.matcher(statement.text()).find());
  }

  @Override
  public StatementSplitter script(Reader text) throws SQLException {
    return new PostgresStatementSplitter(
        text, connection.unwrap(PgConnection.class).getStandardConformingStrings());
  }

  /**
   * As psql does: by the simple query protocol, unread by the driver, which would look for parameters and
   * for further statements in it. Rows of an answer are not kept.
   */
  @Override
  public void send(ScriptStatement statement) throws SQLException, IOException {
    PgConnection postgres = connection.unwrap(PgConnection.class);
    InputStream rows = statement.data();
    if (rows != null) {
      postgres.getCopyAPI().copyIn(statement.text(), rows);
    } else if (statement.head().equals(PostgresStatementSplitter.COPY_TO_CLIENT)) {
      postgres.getCopyAPI().copyOut(statement.text(), OutputStream.nullOutputStream());
    } else {
      QueryExecutor executor = postgres.getQueryExecutor();
      int begin = connection.getAutoCommit() ? QueryExecutor.QUERY_SUPPRESS_BEGIN : 0;
      executor.execute(
          executor.wrap(List.of(new NativeQuery(statement.text(), SqlCommand.BLANK))),
          null,
          new Answer(),
          0,
          0,
          AS_PSQL | begin);
    }
  }

  /** Keeps the first error, which is thrown when the server is done. */
  private static final class Answer extends ResultHandlerBase {
    @Override
    public void handleWarning(SQLWarning warning) {
      // As the server's notices to psql: they stop nothing.
    }
  }

  @Override
  public String columnsQuery() {
    return PostgresQueries.COLUMNS;
  }

  @Override
  public CatalogQueries catalogQueries() {
    return PostgresQueries.CATALOG;
  }

  @Override
  public String objectsQuery() {
    return PostgresQueries.objects(String.valueOf(place().schema()));
  }

  @Override
  public HistoryPlace place() {
    return history.place();
  }

  @Override
  public Optional<String> table(String name) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE n.nspname = ? AND c.relname = ? AND c.relkind IN ('r', 'p')")) {
      query.setString(1, place().schema());
      query.setString(2, name.toLowerCase(Locale.ROOT));
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
      }
    }
  }

  @Override
  public void markHistory() throws SQLException {
    if (access == Access.READ) {
      return; // A plan goes the same way, and changes nothing.
    }
    history.mark();
  }

  @Override
  public List<String> otherHistories() throws SQLException {
    return history.others();
  }

  @Override
  public String historyDigest(String table) {
    return "SELECT count(*) || ':' || coalesce(sum(hashtextextended(h::text, 0)::numeric), 0)"
        + " FROM "
        + table
        + " h";
  }

  /** A role ends with its changeset, as reading only does: neither may write to the history. */
  @Override
  public void beforeRecording() throws SQLException {
    // The transaction may begin with this very call, and then only read.
    execute(
        (!connection.getAutoCommit() && isIdle() ? "SET TRANSACTION READ WRITE; " : "")
            + OWN_ROLE
            + "; SET default_transaction_read_only = off");
  }

  /** Written while a changeset runs outside a transaction, unless it began one of its own. */
  @Override
  public void writeOwn(Write write) throws SQLException {
    if (!connection.getAutoCommit()) {
      write.run();
    } else if (isIdle()) {
      enclosed(OWN_TRANSACTION, write, "COMMIT", "ROLLBACK");
    } else {
      enclosed(
          "SAVEPOINT tidegate",
          write,
          "RELEASE SAVEPOINT tidegate",
          "ROLLBACK TO SAVEPOINT tidegate");
    }
  }

  private boolean isIdle() throws SQLException {
    return connection.unwrap(PgConnection.class).getTransactionState() == TransactionState.IDLE;
  }

  private void enclosed(String begin, Write write, String end, String undo) throws SQLException {
    execute(begin);
    try {
      write.run();
    } catch (SQLException e) {
      execute(undo);
      throw e;
    }
    execute(end);
  }

  @Override
  public boolean isLockedOut(SQLException e) {
    return NOT_ALLOWED.contains(e.getSQLState());
  }

  /**
   * Everything of {@code DISCARD ALL} but the advisory locks, so that the migration lock stays. Our
   * limits are set again in the same exchange: a client that vanishes after it keeps the lock no longer
   * than any other.
   *
   * @see <a href="https://www.postgresql.org/docs/18/sql-discard.html">DISCARD</a>
   */
  @Override
  public void renew() throws SQLException {
    execute(DISCARD_ALL_BUT_LOCKS + "; " + limits.sql());
    prepare();
  }

  /** Our limits come last: the role may have others. */
  @Override
  public void prepare() throws SQLException {
    serverSettings.apply();
    limit();
  }

  /** Sets our name, and how long the server waits for us and we for others. */
  private void limit() throws SQLException {
    connection.setClientInfo("ApplicationName", ClientName.TEXT);
    execute(limits.sql());
    limitTableLocks(true);
  }

  @Override
  public void limitTableLocks(boolean limited) throws SQLException {
    execute("SET lock_timeout = " + (limited ? lockTimeout.toMillis() : 0));
  }

  @Override
  public void checkServer() throws SQLException {
    another.open().close();
  }

  @Override
  public void cancel() throws SQLException {
    try (Connection second = another.open();
        Statement statement = second.createStatement()) {
      statement.execute("SELECT pg_cancel_backend(" + backend + ")");
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // It is gone already, and the lock with it.
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
