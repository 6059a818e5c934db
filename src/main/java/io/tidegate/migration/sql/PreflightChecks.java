package io.tidegate.migration.sql;

import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.sql.IntentStore.Intent;
import io.tidegate.migration.sql.PendingRisks.ChangesetRisks;
import io.tidegate.migration.sql.SchemaComparison.Identity;
import io.tidegate.migration.sql.SqlFileChange.TransactionControl;
import io.tidegate.migration.sql.SqlSession.Aftermath;
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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import liquibase.change.Change;
import liquibase.change.CheckSum;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.database.Database;
import org.jspecify.annotations.Nullable;

/**
 * What is checked before the first statement is sent, in this order: what is refused here has changed
 * nothing. Used inside a Liquibase scope.
 */
final class PreflightChecks {
  private final SqlSession session;
  private final ChangelogReader changelog;
  private final History history;
  private final IntentStore intents;
  private final String target;

  PreflightChecks(SqlSession session, ChangelogReader changelog, History history, String target) {
    this.session = session;
    this.history = history;
    this.intents = new IntentStore(session, history);
    this.changelog = changelog;
    this.target = target;
  }

  /**
   * All of them. At last takes back the intents of changesets that are in the history, or proven to have
   * done nothing. Called under the lock.
   *
   * @param risks what is done about changesets that destroy data; null: nobody looks for them
   * @throws ProblemException with exit 65, or 78 if one is refused that destroys data
   */
  void check(
      SchemaComparison comparison,
      Database database,
      @Nullable RiskPolicy risks,
      MigrationListener listener)
      throws SQLException, IOException, InterruptedException {
    List<ChangeSet> pending = comparison.pending();
    checkHistories(comparison, listener);
    checkEncodings(pending);
    checkFiles(pending);
    if (risks != null && !pending.isEmpty()) {
      List<ChangesetRisks> found = PendingRisks.find(session, database, pending);
      if (!found.isEmpty()) {
        risks.apply(found, listener);
      }
    }
    clearInterrupted(comparison, listener);
  }

  /**
   * Checks the changelog against this database's history, and against those beside it.
   *
   * @throws ProblemException with exit 65 if something was changed after it ran, or may have run
   *     already
   */
  void checkHistories(SchemaComparison comparison, MigrationListener listener) throws SQLException {
    List<Problem> problems =
        Stream.of(
                comparison.changed().stream().map(PreflightChecks::changed).toList(),
                comparison.doubtful(),
                history.problems(comparison, intents))
            .flatMap(List::stream)
            .toList();
    if (!problems.isEmpty()) {
      throw new ProblemException(problems);
    }
    // A history is this changelog's if it knows something of it; else it may have run by another.
    if (comparison.applied().isEmpty() && !comparison.pending().isEmpty()) {
      new OtherToolHistories(session, changelog.declared().ignoredHistories(), history, target)
          .refuse(listener);
    }
    refuseMoved(comparison);
  }

  private static Problem changed(ChangeSet changeSet) {
    ChangesetId id = SchemaComparison.id(changeSet);
    boolean plain = Identity.of(changeSet).isPlainFile();
    return new Problem(
        ExitCode.CHANGELOG,
        "changeset " + id + " was changed after it was applied",
        id.path(),
        plain
            ? "Restore it as it was, and put the change into a new file"
            : "Restore it as it was and put the change into a new changeset; if both mean the same, give it"
                + " a validCheckSum");
  }

  /**
   * Refuses to begin in a history that knows nothing of the changelog while another one in the same
   * database has the same changesets: it may be that the place of the history moved, and all would run
   * again.
   */
  private void refuseMoved(SchemaComparison comparison) throws SQLException {
    List<ChangeSet> pending = comparison.pending();
    if (pending.isEmpty() || !history.keepsNames() || !comparison.applied().isEmpty()) {
      return;
    }
    Map<Identity, ChangeSet> wanted = new HashMap<>();
    pending.forEach(changeSet -> wanted.put(Identity.of(changeSet).folded(), changeSet));
    for (String other : session.otherHistories()) {
      try (Statement statement = session.connection().createStatement();
          ResultSet row =
              statement.executeQuery("SELECT id, author, filename, md5sum FROM " + other)) {
        while (row.next()) {
          ChangeSet changeSet = wanted.get(identity(row).folded());
          // Another service's file may have the same name, and says something else.
          if (changeSet != null && changeSet.isCheckSumValid(CheckSum.parse(row.getString(4)))) {
            throw new ProblemException(moved(other, row));
          }
        }
      }
    }
  }

  private Problem moved(String other, ResultSet row) throws SQLException {
    String schema = session.place().schema();
    boolean begun = history.table().isPresent();
    return new Problem(
        ExitCode.CHANGELOG,
        "changeset %s::%s::%s would run, but may have run already: the schema %s has %s, and %s has it there"
            .formatted(
                row.getString(3),
                row.getString(1),
                row.getString(2),
                schema,
                begun ? "a history without it" : "no history",
                other),
        "target " + target,
        (begun
                    ? "If %s is this target's history, name its schema in liquibase.schema."
                    : "If that is this target's history, run: ALTER TABLE %s SET SCHEMA \"%s\", or name its"
                        + " schema in liquibase.schema.")
                .formatted(other, schema)
            + " If it is another's, name the schema in the URL, currentSchema=%s, and if it is named there,"
                .formatted(schema)
            + " also in liquibase.schema");
  }

  private static Identity identity(ResultSet row) throws SQLException {
    return new Identity(
        DatabaseChangeLog.normalizePath(row.getString(3)), row.getString(1), row.getString(2));
  }

  /**
   * Reads through the files behind those changesets that are in Liquibase's formats.
   *
   * @throws ProblemException with exit 65 if one is not text in its encoding
   */
  void checkEncodings(List<ChangeSet> pending) throws IOException {
    new LiquibaseFiles(changelog.declared().encoding()).check(pending);
  }

  /**
   * Checks where those changesets will be recorded, their names, and their plain files from beginning to
   * end.
   *
   * @throws ProblemException with exit 65 if the history would not keep a name or cannot be rolled back,
   *     or a file cannot run as it is
   */
  void checkFiles(List<ChangeSet> pending) throws SQLException, IOException {
    if (!pending.isEmpty()) {
      session.checkHistory(history.name());
    }
    for (ChangeSet changeSet : pending) {
      session.checkName(SchemaComparison.id(changeSet));
    }
    changelog.checkAgain(pending);
    ChangesetFileCheck.check(session, history.names(), pending);
  }

  private void clearInterrupted(SchemaComparison comparison, MigrationListener listener)
      throws SQLException {
    List<Problem> problems = new ArrayList<>();
    for (Intent intent : intents.open()) {
      boolean applied =
          comparison.applied().stream()
              .anyMatch(a -> history.isSame(a.changeset(), intent.changeset()));
      if (applied && !intent.rerun()) {
        intents.clearNow(intent.changeset());
        listener.noticed(
            "changeset %s, begun %s by %s, did finish: it is in the history"
                .formatted(intent.changeset(), intent.started(), intent.by()));
      } else if (isPending(intent, comparison)) {
        Aftermath aftermath = aftermath(intent);
        if (aftermath.nothing()) {
          intents.clearNow(intent.changeset());
          listener.noticed(
              "changeset %s, begun %s by %s, was interrupted before it changed anything (%s): it runs now"
                  .formatted(intent.changeset(), intent.started(), intent.by(), aftermath.look()));
        } else {
          listener.interrupted(intent.interrupted());
          problems.add(interrupted(intent, aftermath));
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new ProblemException(problems);
    }
  }

  /**
   * Looks at the intents that earlier runs left behind, each of a changeset that was interrupted. Changes
   * nothing.
   *
   * @throws ProblemException with exit 65 if a changeset that would run was interrupted
   */
  void refuseInterrupted(SchemaComparison comparison) throws SQLException {
    List<Problem> problems = new ArrayList<>();
    for (Intent intent : intents.open()) {
      if (isPending(intent, comparison)) {
        Aftermath aftermath = aftermath(intent);
        if (!aftermath.nothing()) {
          problems.add(interrupted(intent, aftermath));
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new ProblemException(problems);
    }
  }

  /** An interrupted changeset that this changelog does not run is no concern of it. */
  private boolean isPending(Intent intent, SchemaComparison comparison) {
    return comparison.pending().stream()
        .anyMatch(changeSet -> history.isSame(SchemaComparison.id(changeSet), intent.changeset()));
  }

  private Aftermath aftermath(Intent intent) throws SQLException {
    Aftermath aftermath = session.aftermath(intent.statement());
    return intent.position() == 1 ? aftermath : new Aftermath(false, aftermath.look());
  }

  private Problem interrupted(Intent intent, Aftermath aftermath) {
    return new Problem(
        ExitCode.CHANGELOG,
        "changeset %s, begun %s by %s, was interrupted in or after its statement %d (%s)%s"
            .formatted(
                intent.changeset(),
                intent.started(),
                intent.by(),
                intent.position(),
                intent.statement(),
                intent.position() == 1
                    ? "; whether that took effect is not known"
                    : "; those before it took effect, whether that one did is not known"),
        intent.changeset().path() + ", target " + target,
        "%s. Then complete the changeset by hand and run: tidegate resolve %s '%s' --applied --reason '...';"
                .formatted(aftermath.look(), target, intent.changeset())
            + " or undo what it did and run the same with --not-applied, and it runs again");
  }

  /**
   * Reads the plain SQL files that are about to run from their beginning to their end, before the first
   * statement of any of them is sent: what cannot be run as it is must not be found half way.
   */
  private static final class ChangesetFileCheck {
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
    private static ProblemException refused(ScriptException e, ChangesetId id) {
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
}
