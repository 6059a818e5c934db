package io.tidegate.migration.sql;

import io.tidegate.migration.sql.ChangesetFileCheck.TransactionControl;
import io.tidegate.migration.sql.StatementSplitter.ScriptStatement;
import java.io.IOException;
import java.io.Reader;
import java.sql.SQLException;
import java.util.List;
import liquibase.change.Change;
import liquibase.database.Database;
import liquibase.exception.DatabaseException;
import liquibase.executor.jvm.JdbcExecutor;
import liquibase.sql.Sql;
import liquibase.sql.visitor.SqlVisitor;
import liquibase.sqlgenerator.SqlGeneratorFactory;
import liquibase.statement.ExecutablePreparedStatement;
import liquibase.statement.SqlStatement;
import liquibase.statement.core.MarkChangeSetRanStatement;
import liquibase.statement.core.RawParameterizedSqlStatement;

/**
 * Sends a changeset's statements. The applier hears of each before, so that an intent can be written.
 * Where nothing can be rolled back, a statement that met a locked table is tried again by itself: it
 * has done nothing, while those before it may be committed already.
 */
final class StatementExecutor extends JdbcExecutor {
  private final SqlSession session;
  private final ChangesetApplier applier;
  private final boolean again;

  /**
   * Takes whom to tell.
   *
   * @param again whether a single statement is tried again that met a locked table
   */
  StatementExecutor(
      Database database, SqlSession session, ChangesetApplier applier, boolean again) {
    setDatabase(database);
    this.session = session;
    this.applier = applier;
    this.again = again;
  }

  @Override
  public void execute(SqlStatement statement, List<SqlVisitor> visitors) throws DatabaseException {
    try {
      if (statement instanceof MarkChangeSetRanStatement row) { // Liquibase's, for the history row.
        applier.beforeHistoryRow(database);
        send(statement, visitors);
        // It writes none for a changeset that failed and may.
        applier.afterHistoryRow(row.getExecType().ran);
      } else {
        applier.beforeStatement(text(statement));
        send(statement, visitors);
      }
    } catch (SQLException e) {
      throw new DatabaseException(e);
    }
  }

  /** Writes the row of a history that is not Liquibase's. */
  void record(List<String> statements) throws DatabaseException {
    try {
      applier.beforeHistoryRow(database);
      for (String statement : statements) {
        send(new RawParameterizedSqlStatement(statement), List.of());
      }
      applier.afterHistoryRow(true);
    } catch (SQLException e) {
      throw new DatabaseException(e);
    }
  }

  /** Those of a plain SQL file are sent as they are, without Liquibase. */
  @Override
  public void execute(Change change, List<SqlVisitor> visitors) throws DatabaseException {
    if (change instanceof SqlFileChange file) {
      run(file);
    } else {
      super.execute(change, visitors);
    }
  }

  private void run(SqlFileChange file) throws DatabaseException {
    boolean transaction = file.getChangeSet().isRunInTransaction();
    try (Reader text = file.open()) {
      StatementSplitter script = session.script(text);
      int number = 0;
      boolean begun = false;
      for (ScriptStatement next = script.next(); next != null; next = script.next()) {
        number++;
        if (!transaction) {
          run(next, number);
        } else if (session.belongsBeforeTransaction(next)) {
          beforeTransaction(next, begun);
        } else {
          begun = true;
          if (!TransactionControl.of(next).isLeftOut()) {
            run(next, number);
          }
        }
      }
    } catch (SQLException | IOException e) {
      throw new DatabaseException(e);
    }
  }

  /** Behind all others it changes nothing that the file does. */
  private void beforeTransaction(ScriptStatement statement, boolean begun)
      throws SQLException, IOException {
    if (!begun) {
      session.connection().setAutoCommit(true);
      session.send(statement);
      session.connection().setAutoCommit(false);
    }
  }

  private void run(ScriptStatement statement, int number) throws DatabaseException {
    try {
      applier.beforeStatement(statement.text());
      while (true) {
        try {
          session.send(statement);
          return;
        } catch (SQLException e) {
          DatabaseException failure = new DatabaseException(e);
          if (!again || !applier.triesAgain(failure)) {
            throw e;
          }
          applier.beforeAnotherTry();
        }
      }
    } catch (SQLException | IOException e) {
      throw new StatementException(number, statement.line(), e);
    }
  }

  private void send(SqlStatement statement, List<SqlVisitor> visitors) throws DatabaseException {
    while (true) {
      try {
        super.execute(statement, visitors);
        return;
      } catch (DatabaseException e) {
        if (!again || !applier.triesAgain(e)) {
          throw e;
        }
        applier.beforeAnotherTry();
      }
    }
  }

  private String text(SqlStatement statement) {
    if (statement instanceof ExecutablePreparedStatement) {
      // Such are rows of data with their values apart.
      return "INSERT of prepared rows";
    }
    Sql[] sql = SqlGeneratorFactory.getInstance().generateSql(statement, database);
    return sql == null || sql.length == 0 ? "" : sql[0].toSql();
  }

  /** A statement of a plain SQL file failed. */
  static final class StatementException extends DatabaseException {
    private final int number;
    private final int line;

    /**
     * Says which.
     *
     * @param number which statement of its file, from 1
     * @param line where it begins, from 1
     */
    StatementException(int number, int line, Exception cause) {
      super(cause);
      this.number = number;
      this.line = line;
    }

    /** Which one, in the words of a problem. */
    String where() {
      return "statement %d in line %d".formatted(number, line);
    }
  }
}
