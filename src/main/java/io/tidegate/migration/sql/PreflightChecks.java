package io.tidegate.migration.sql;

import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.sql.IntentStore.Intent;
import io.tidegate.migration.sql.PendingRisks.ChangesetRisks;
import io.tidegate.migration.sql.SchemaComparison.Identity;
import io.tidegate.migration.sql.SqlSession.Aftermath;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import liquibase.Scope;
import liquibase.change.Change;
import liquibase.change.CheckSum;
import liquibase.change.core.CreateProcedureChange;
import liquibase.change.core.CreateViewChange;
import liquibase.change.core.LoadDataChange;
import liquibase.change.core.SQLFileChange;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.database.Database;
import liquibase.resource.Resource;
import liquibase.resource.ResourceAccessor;
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
   * The files behind changesets that are to run, in Liquibase's formats: it replaces what it cannot
   * decode, so they are read through strictly before it writes that into a database. A file whose
   * encoding the changelog itself declares is left to Liquibase. Used inside a Liquibase scope.
   */
  private static final class LiquibaseFiles {
    private final @Nullable Charset encoding;
    private final ResourceAccessor files = Scope.getCurrentScope().getResourceAccessor();
    private final Set<String> checked = new HashSet<>();

    LiquibaseFiles(@Nullable Charset encoding) {
      this.encoding = encoding;
    }

    /**
     * Reads through what those changesets stand in, and what they name.
     *
     * @throws io.tidegate.problem.ProblemException with exit 65 if a file is not text
     */
    void check(List<ChangeSet> pending) throws IOException {
      for (ChangeSet changeSet : pending) {
        if (changeSet.getChanges().stream().anyMatch(SqlFileChange.class::isInstance)) {
          continue; // It stands in a folder, and its file is read through as a plain one.
        }
        String changelog = changelog(changeSet);
        // XML says itself how it is encoded.
        if (changelog != null && !changelog.toLowerCase(Locale.ROOT).endsWith(".xml")) {
          check(files.get(changelog));
        }
        for (Change change : changeSet.getChanges()) {
          check(change, changelog);
        }
      }
    }

    private void check(Change change, @Nullable String changelog) throws IOException {
      switch (change) {
        case SQLFileChange file when file.getEncoding() == null ->
            check(file.getPath(), file.isRelativeToChangelogFile(), changelog);
        case LoadDataChange file when file.getEncoding() == null ->
            check(file.getFile(), file.isRelativeToChangelogFile(), changelog);
        case CreateProcedureChange file when file.getEncoding() == null ->
            check(file.getPath(), file.isRelativeToChangelogFile(), changelog);
        case CreateViewChange file when file.getEncoding() == null ->
            check(file.getPath(), file.getRelativeToChangelogFile(), changelog);
        default -> {} // Names no file, or one whose encoding it declares.
      }
    }

    private void check(
        @Nullable String path, @Nullable Boolean relative, @Nullable String changelog)
        throws IOException {
      if (path != null) {
        check(
            Boolean.TRUE.equals(relative) && changelog != null
                ? files.get(changelog).resolveSibling(path)
                : files.get(path));
      }
    }

    /** A file that is not there is a problem of Liquibase's. */
    private void check(Resource file) throws IOException {
      if (checked.add(file.getPath()) && file.exists()) {
        try (InputStream in = file.openInputStream()) {
          StrictText.decode(in, in.available(), encoding, file.getPath(), text -> {});
        }
      }
    }

    private static @Nullable String changelog(ChangeSet changeSet) {
      return changeSet.getChangeLog() == null
          ? null
          : changeSet.getChangeLog().getPhysicalFilePath();
    }
  }
}
