package io.tidegate.migration.sql;

import io.tidegate.migration.ChangesetId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import liquibase.ContextExpression;
import liquibase.Labels;
import liquibase.Scope;
import liquibase.changelog.AbstractChangeLogHistoryService;
import liquibase.changelog.ChangeLogHistoryServiceFactory;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.RanChangeSet;
import liquibase.database.AbstractJdbcDatabase;
import liquibase.database.Database;
import liquibase.exception.DatabaseException;
import liquibase.executor.Executor;
import liquibase.executor.ExecutorService;
import liquibase.statement.core.RawParameterizedSqlStatement;
import org.jspecify.annotations.Nullable;

/** What Liquibase asks of another tool's history, and tells it, for one database. */
final class ToolHistoryService extends AbstractChangeLogHistoryService {
  private final Rows rows;
  private @Nullable List<RanChangeSet> ran;

  /** The history itself. */
  interface Rows {
    /** What ran, and is not to run. */
    List<RanChangeSet> ran() throws SQLException;

    /** The statements that record a changeset as applied. */
    List<String> recording(ChangesetId changeset) throws SQLException;
  }

  private ToolHistoryService(AbstractJdbcDatabase database, Rows rows) {
    setDatabase(database);
    this.rows = rows;
  }

  /** Makes Liquibase use that history for the database. Inside a Liquibase scope. */
  static void attach(AbstractJdbcDatabase database, Rows rows) {
    Scope.getCurrentScope()
        .getSingleton(ChangeLogHistoryServiceFactory.class)
        .register(new ToolHistoryService(database, rows));
  }

  /** Something that ran, as Liquibase takes it. */
  static RanChangeSet ran(String path, String id, String author, @Nullable Instant date) {
    return new RanChangeSet(
        path,
        id,
        author,
        null,
        date == null ? null : Date.from(date),
        null,
        ChangeSet.ExecType.EXECUTED,
        null,
        null,
        new ContextExpression(),
        new Labels(),
        null);
  }

  /** When a row was written; SQLite keeps it as a text, in more forms than its driver reads. */
  static Optional<Instant> date(ResultSet row, String column) {
    try {
      return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
    } catch (SQLException e) {
      return Optional.empty();
    }
  }

  /** Runs statements of the history's own, or shows them where nothing runs. */
  static void execute(Database database, List<String> statements) throws DatabaseException {
    for (String statement : statements) {
      executor(database).execute(new RawParameterizedSqlStatement(statement));
    }
  }

  private static Executor executor(Database database) {
    return Scope.getCurrentScope()
        .getSingleton(ExecutorService.class)
        .getExecutor("jdbc", database);
  }

  @Override
  public int getPriority() {
    return PRIORITY_DATABASE + 1;
  }

  @Override
  public boolean supports(Database other) {
    return other.equals(getDatabase());
  }

  @Override
  public void init() {}

  @Override
  public void reset() {
    ran = null;
  }

  @Override
  public List<RanChangeSet> getRanChangeSets() throws DatabaseException {
    try {
      List<RanChangeSet> known = ran == null ? rows.ran() : ran;
      ran = known;
      return known;
    } catch (SQLException e) {
      throw new DatabaseException(e);
    }
  }

  @Override
  public void setExecType(ChangeSet changeSet, ChangeSet.ExecType execType)
      throws DatabaseException {
    ChangesetId id = SchemaComparison.id(changeSet);
    List<String> statements;
    try {
      statements = rows.recording(id);
    } catch (SQLException e) {
      throw new DatabaseException(e);
    }
    if (executor(getDatabase()) instanceof StatementExecutor sending) {
      sending.record(statements);
    } else {
      execute(getDatabase(), statements);
    }
    if (ran != null) {
      ran.add(ran(id.path(), id.id(), id.author(), Instant.now()));
    }
  }

  // Of the rest nothing is asked of a changelog of plain files.

  @Override
  public void removeFromHistory(ChangeSet changeSet) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int getNextSequenceValue() {
    return 0;
  }

  @Override
  public void tag(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean tagExists(String name) {
    return false;
  }

  @Override
  public void clearAllCheckSums() {}

  @Override
  public void destroy() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isDatabaseChecksumsCompatible() {
    return true;
  }
}
