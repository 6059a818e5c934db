package io.tidegate.migration.sql;

import java.sql.SQLException;
import java.util.List;
import liquibase.database.Database;
import liquibase.exception.DatabaseException;
import liquibase.executor.jvm.JdbcExecutor;
import liquibase.sql.Sql;
import liquibase.sql.visitor.SqlVisitor;
import liquibase.sqlgenerator.SqlGeneratorFactory;
import liquibase.statement.ExecutablePreparedStatement;
import liquibase.statement.SqlStatement;
import liquibase.statement.core.MarkChangeSetRanStatement;

/**
 * Sends a changeset's statements: each is told to the visitor before, so that an intent can be
 * written, and one that met a locked table where nothing can be rolled back is tried again by
 * itself, since it has done nothing while those before it may be committed already.
 */
final class ChangesetExecutor extends JdbcExecutor {
  private final ApplyingVisitor visitor;
  private final boolean again;

  /**
   * Takes whom to tell.
   *
   * @param again whether a single statement is tried again that met a locked table
   */
  ChangesetExecutor(Database database, ApplyingVisitor visitor, boolean again) {
    setDatabase(database);
    this.visitor = visitor;
    this.again = again;
  }

  @Override
  public void execute(SqlStatement statement, List<SqlVisitor> visitors) throws DatabaseException {
    try {
      if (statement instanceof MarkChangeSetRanStatement) {
        visitor.records(database);
        send(statement, visitors);
        visitor.recorded();
      } else {
        visitor.sends(text(statement));
        send(statement, visitors);
      }
    } catch (SQLException e) {
      throw new DatabaseException(e);
    }
  }

  private void send(SqlStatement statement, List<SqlVisitor> visitors) throws DatabaseException {
    while (true) {
      try {
        super.execute(statement, visitors);
        return;
      } catch (DatabaseException e) {
        if (!again || !visitor.triesAgain(e)) {
          throw e;
        }
        visitor.beforeAnotherTry();
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
}
