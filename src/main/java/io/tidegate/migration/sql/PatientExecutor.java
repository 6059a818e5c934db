package io.tidegate.migration.sql;

import java.util.List;
import liquibase.database.Database;
import liquibase.exception.DatabaseException;
import liquibase.executor.jvm.JdbcExecutor;
import liquibase.sql.visitor.SqlVisitor;
import liquibase.statement.SqlStatement;

/**
 * Tries a single statement again that met a locked table, where a changeset cannot be rolled back:
 * the statement itself has done nothing, while those before it may be committed already.
 */
final class PatientExecutor extends JdbcExecutor {
  private final ApplyingVisitor visitor;

  PatientExecutor(Database database, ApplyingVisitor visitor) {
    setDatabase(database);
    this.visitor = visitor;
  }

  @Override
  public void execute(SqlStatement statement, List<SqlVisitor> visitors) throws DatabaseException {
    while (true) {
      try {
        super.execute(statement, visitors);
        return;
      } catch (DatabaseException e) {
        if (!visitor.triesAgain(e)) {
          throw e;
        }
        ApplyingVisitor.pause();
      }
    }
  }
}
