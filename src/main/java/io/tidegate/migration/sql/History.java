package io.tidegate.migration.sql;

import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.sql.LockGuard.ForeignLock;
import io.tidegate.migration.sql.SqlSession.HistoryPlace;
import io.tidegate.problem.Problem;
import io.tidegate.target.LiquibaseTables;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import liquibase.Scope;
import liquibase.changelog.ChangeLogHistoryService;
import liquibase.changelog.ChangeLogHistoryServiceFactory;
import liquibase.database.AbstractJdbcDatabase;
import liquibase.exception.DatabaseException;

/** The table in which a database keeps what was applied to it: Liquibase's, or another tool's. */
interface History {
  /**
   * That in which a database keeps what was applied of a changelog. Asks the database nothing yet.
   *
   * @param changelog asked for another tool's folder each time, since that is listed anew under the lock
   */
  static History of(ChangelogReader changelog, SqlSession session) {
    ToolFolder folder = changelog.toolFolder();
    if (folder == null) {
      return new LiquibaseHistory(session, changelog.declared().liquibase());
    }
    Supplier<ToolFolder> latest = () -> Objects.requireNonNull(changelog.toolFolder());
    return folder.tool() == SupportedTool.FLYWAY
        ? new FlywayHistory(
            session,
            changelog.engine(),
            new FlywayFiles(latest, changelog.declared().encoding(), changelog::placeholders))
        : new ToolHistory(session, changelog.engine(), latest);
  }

  /** Its name without its schema, in lower case. */
  String name();

  /** Whether the tool whose history it is runs each file in a transaction. */
  default boolean runsFilesInTransactions() {
    return false;
  }

  /** The table in full; empty if there is none. */
  Optional<String> table() throws SQLException;

  /** What keeps out those who would write to it without the migration lock. */
  ForeignLock foreignLock(Duration limit, String target, MigrationListener listener);

  /** How far it is now, by which it is seen whether anybody has written to it. */
  Position position() throws SQLException;

  /** How far it is after this run has recorded a changeset in it, perhaps once more. */
  Position after(Position before, ChangesetId recorded, boolean rerun);

  /** A text that is another one as soon as a row is added, removed or changed; empty if there is none. */
  Optional<String> digest() throws SQLException;

  /** Makes Liquibase use it for that database. Inside a Liquibase scope. */
  void attach(AbstractJdbcDatabase database) throws SQLException;

  /** Its name and those of the tables that belong to it, without a schema, in lower case. */
  default Set<String> names() {
    return Set.of(name());
  }

  /** One of our own tables that belong to it, by its name beside a history of the usual name. */
  default String ownTable(String name) {
    return name;
  }

  /** Creates it if there is none, and has Liquibase read it anew. Inside a Liquibase scope. */
  default void createIfMissing(AbstractJdbcDatabase database) throws DatabaseException {
    service(database).reset();
    try {
      create(database);
    } catch (SQLException e) {
      throw new DatabaseException(e);
    }
    database.commit();
  }

  /** Creates it if there is none, in the transaction that is open. */
  void create(AbstractJdbcDatabase database) throws SQLException, DatabaseException;

  /** What Liquibase knows of the history of that database. Inside a Liquibase scope. */
  static ChangeLogHistoryService service(AbstractJdbcDatabase database) {
    return Scope.getCurrentScope()
        .getSingleton(ChangeLogHistoryServiceFactory.class)
        .getChangeLogService(database);
  }

  /** Makes it known as that of this target, so that it is found again if its place moves. */
  default void mark() throws SQLException {}

  /** Whether it keeps the names and checksums of files, so that a renamed one is found in it. */
  default boolean keepsNames() {
    return true;
  }

  /** Whether both are one changeset to it. */
  default boolean isSame(ChangesetId a, ChangesetId b) {
    return a.equals(b);
  }

  /** Whether it says already what became of a changeset that was interrupted. */
  default boolean isSettled(ChangesetId interrupted) throws SQLException {
    return false;
  }

  /** What keeps a run from going on with it, beside what the comparison says. */
  default List<Problem> problems(SchemaComparison comparison, IntentStore intents)
      throws SQLException {
    return List.of();
  }

  /** What is pending is about to be recorded by {@link #createIfMissing} and a row each, and is not to run. */
  default void adopts() {}

  /** All of it is recorded, and is about to be committed. */
  default void adopted() throws SQLException {}

  /** A changeset is about to run, or to run again; nothing of its file was read for that. */
  default void starts(ChangesetId changeset) {}

  /** A changeset begins what cannot be rolled back. In the transaction in which its intent is written. */
  default void begins(ChangesetId changeset) throws SQLException {}

  /** Nothing of it happened after all. In the transaction in which its intent is taken back. */
  default void withdraws(ChangesetId changeset) throws SQLException {}

  /**
   * How far a history is.
   *
   * @param rows how many rows it has
   * @param last the number of its last one
   */
  record Position(long rows, long last) {}

  /** Liquibase's {@code DATABASECHANGELOG}, or whatever it is called. */
  final class LiquibaseHistory implements History {
    private final SqlSession session;
    private final LiquibaseTables tables;

    LiquibaseHistory(SqlSession session, LiquibaseTables tables) {
      this.session = session;
      this.tables = tables;
    }

    @Override
    public String name() {
      return tables.history().toLowerCase(Locale.ROOT);
    }

    @Override
    public Optional<String> table() throws SQLException {
      return session.table(tables.history()).map(session.place()::table);
    }

    @Override
    public Set<String> names() {
      return Set.of(
          name(),
          tables.lock().toLowerCase(Locale.ROOT),
          ownTable(IntentStore.TABLE),
          ownTable(Fingerprint.TABLE));
    }

    @Override
    public String ownTable(String name) {
      return tables.ownTable(name);
    }

    @Override
    public ForeignLock foreignLock(Duration limit, String target, MigrationListener listener) {
      return new LiquibaseLock(session, tables.lock(), limit, target, listener);
    }

    @Override
    public Position position() throws SQLException {
      Optional<String> table = table();
      if (table.isEmpty()) {
        return new Position(0, 0);
      }
      try (Statement statement = session.connection().createStatement();
          ResultSet row =
              statement.executeQuery("SELECT count(*), max(ORDEREXECUTED) FROM " + table.get())) {
        return row.next() ? new Position(row.getLong(1), row.getLong(2)) : new Position(0, 0);
      }
    }

    /** One more row, or the same one once more. */
    @Override
    public Position after(Position before, ChangesetId recorded, boolean rerun) {
      return new Position(rerun ? before.rows() : before.rows() + 1, before.last() + 1);
    }

    @Override
    public Optional<String> digest() throws SQLException {
      Optional<String> table = table();
      if (table.isEmpty()) {
        return Optional.empty();
      }
      try (Statement statement = session.connection().createStatement();
          ResultSet row = statement.executeQuery(session.historyDigest(table.get()))) {
        return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
      }
    }

    @Override
    public void attach(AbstractJdbcDatabase database) throws SQLException {
      HistoryPlace place = session.place();
      if (place.catalog() != null) {
        database.setLiquibaseCatalogName(place.catalog());
      }
      if (place.schema() != null) {
        database.setLiquibaseSchemaName(place.schema());
      }
      database.setDatabaseChangeLogTableName(
          session.table(tables.history()).orElse(tables.history()));
      database.setDatabaseChangeLogLockTableName(tables.lock());
    }

    @Override
    public void create(AbstractJdbcDatabase database) throws SQLException, DatabaseException {
      session.createHistory();
      History.service(database).init();
      session.markHistory();
    }

    @Override
    public void mark() throws SQLException {
      session.markHistory();
    }
  }
}
