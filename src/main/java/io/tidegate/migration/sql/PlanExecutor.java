package io.tidegate.migration.sql;

import io.tidegate.migration.sql.StatementSplitter.ScriptStatement;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import liquibase.change.Change;
import liquibase.database.Database;
import liquibase.exception.DatabaseException;
import liquibase.executor.Executor;
import liquibase.executor.LoggingExecutor;
import liquibase.sql.visitor.SqlVisitor;

/** Writes what would be sent, with the statements of plain SQL files as they would be sent. */
final class PlanExecutor extends LoggingExecutor {
  private final SqlSession session;
  private final Writer plan;

  PlanExecutor(SqlSession session, Executor reading, Writer plan, Database database) {
    super(reading, plan, database);
    this.session = session;
    this.plan = plan;
  }

  @Override
  public void execute(Change change, List<SqlVisitor> visitors) throws DatabaseException {
    if (!(change instanceof SqlFileChange file)) {
      super.execute(change, visitors);
      return;
    }
    try (Reader text = file.open()) {
      StatementSplitter script = session.script(text);
      for (ScriptStatement next = script.next(); next != null; next = script.next()) {
        plan.write(next.text() + ";\n\n");
        InputStream rows = next.data();
        if (rows != null) {
          plan.write(new String(rows.readAllBytes(), StandardCharsets.UTF_8) + "\\.\n\n");
        }
      }
    } catch (SQLException | IOException e) {
      throw new DatabaseException(e);
    }
  }
}
