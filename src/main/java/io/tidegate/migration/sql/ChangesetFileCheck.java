package io.tidegate.migration.sql;

import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.sql.SqlFileChange.TransactionControl;
import io.tidegate.migration.sql.SqlSession.ScriptCheck;
import io.tidegate.migration.sql.StatementSplitter.NoTransaction;
import io.tidegate.migration.sql.StatementSplitter.ScriptException;
import io.tidegate.migration.sql.StatementSplitter.ScriptStatement;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.sql.SQLException;
import java.util.Set;
import liquibase.change.Change;
import liquibase.changelog.ChangeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads the plain SQL files that are about to run from their beginning to their end, before the first
 * statement of any of them is sent: what cannot be run as it is must not be found half way.
 */
final class ChangesetFileCheck {
  private static final String ALONE =
      "Leave it out, or begin the file with the line " + NoTransaction.LINE;

  private final SqlSession session;
  private final HistoryTableProtection ownTables;

  /** The line of the BEGIN whose COMMIT has not come; 0: there is none. */
  private int begun;

  /** The last statement whose effect ends with its transaction; null: there is none. */
  private @Nullable ScriptStatement local;

  private boolean localOver;

  private ChangesetFileCheck(SqlSession session, Set<String> history) {
    this.session = session;
    this.ownTables = new HistoryTableProtection(session.place(), history);
  }

  /**
   * Checks the files of these changesets.
   *
   * @param history the names of the history in which they are kept, and of what belongs to it
   * @throws ProblemException with exit 65 and the line
   */
  static void check(SqlSession session, Set<String> history, Iterable<ChangeSet> pending)
      throws SQLException, IOException {
    for (ChangeSet changeSet : pending) {
      for (Change change : changeSet.getChanges()) {
        if (change instanceof SqlFileChange file) {
          new ChangesetFileCheck(session, history)
              .check(file, SchemaComparison.id(changeSet), changeSet.isRunInTransaction());
        }
      }
    }
  }

  private void check(SqlFileChange file, ChangesetId id, boolean transaction)
      throws SQLException, IOException {
    try (Reader text = file.open()) {
      StatementSplitter script = session.script(text);
      ScriptCheck ofEngine = session.scriptCheck(transaction);
      for (ScriptStatement next = script.next(); next != null; next = script.next()) {
        check(next, transaction);
        ofEngine.check(next);
        InputStream data = next.data();
        if (data != null) {
          data.transferTo(OutputStream.nullOutputStream());
        }
      }
      ofEngine.end();
      if (transaction && script.noTransactionLine() > 0) {
        throw new ScriptException(
            script.noTransactionLine(),
            "what keeps a file from running as one transaction counts only before everything but"
                + " blank lines and lines of comment (--)",
            "Make it the first line of the file");
      }
      if (begun > 0) {
        throw new ScriptException(
            begun,
            "the transaction that begins here is not committed",
            "End it with COMMIT, or leave out its begin");
      }
    } catch (ScriptException e) {
      throw refused(e, id);
    }
  }

  /** The problem to end with. */
  static ProblemException refused(ScriptException e, ChangesetId id) {
    return new ProblemException(
        new Problem(
            ExitCode.CHANGELOG,
            "changeset %s cannot be run as it is: line %d: %s"
                .formatted(id, e.line(), e.getMessage()),
            id.path() + ", line " + e.line(),
            e.remedy()));
  }

  private void check(ScriptStatement statement, boolean transaction) {
    ownTables.check(statement);
    TransactionControl control = TransactionControl.of(statement);
    if (control == TransactionControl.BEGIN) {
      begun = statement.line();
    } else if (control == TransactionControl.COMMIT || control == TransactionControl.ROLLBACK) {
      localOver = local != null;
      begun = 0;
    }
    if (!transaction) {
      return;
    }
    switch (control) {
      case ROLLBACK ->
          throw new ScriptException(
              statement.line(), "a ROLLBACK stands here, and the file is one transaction", ALONE);
      case OTHER ->
          throw new ScriptException(
              statement.line(),
              "a transaction of its own kind stands here, and the file is one transaction: "
                  + StatementText.shown(statement.text()),
              ALONE);
      case BEGIN, COMMIT, AUTOCOMMIT -> {}
      case NONE -> local(statement);
    }
  }

  /** In one transaction for the whole file it would hold for what follows too. */
  private void local(ScriptStatement statement) {
    if (local != null && localOver) {
      throw new ScriptException(
          local.line(),
          "what stands here ends with its COMMIT, and more statements follow, but the file is one"
              + " transaction: "
              + StatementText.shown(local.text()),
          "Put what follows into another file, or begin this one with the line "
              + NoTransaction.LINE);
    }
    if (session.endsWithTransaction(statement)) {
      local = statement;
    }
  }
}
