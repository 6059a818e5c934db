package io.tidegate.migration.sql;

import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.MigrationListener.LockHolder;
import io.tidegate.migration.MigrationStatus;
import io.tidegate.migration.MigrationStatus.Applied;
import io.tidegate.migration.MigrationStatus.Pending;
import io.tidegate.migration.sql.StatementSplitter.ScriptException;
import io.tidegate.problem.Problem;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import liquibase.ChecksumVersion;
import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.changelog.RanChangeSet;
import liquibase.changelog.filter.ChangeSetFilter;
import liquibase.changelog.filter.ContextChangeSetFilter;
import liquibase.changelog.filter.DbmsChangeSetFilter;
import liquibase.changelog.filter.IgnoreChangeSetFilter;
import liquibase.changelog.filter.LabelChangeSetFilter;
import liquibase.changelog.filter.ShouldRunChangeSetFilter;
import liquibase.database.Database;
import liquibase.exception.LiquibaseException;
import liquibase.exception.UnexpectedLiquibaseException;
import liquibase.precondition.core.PreconditionContainer;
import liquibase.precondition.core.PreconditionContainer.ErrorOption;
import liquibase.precondition.core.PreconditionContainer.FailOption;
import org.jspecify.annotations.Nullable;

/**
 * A changelog against the history of a database. Only reads.
 *
 * @param applied known to the changelog, in the order in which they ran
 * @param pending would run, in that order
 * @param unexpected unknown to the changelog
 * @param changed applied, and different in the changelog now
 * @param doubtful pending, but perhaps applied under another name
 * @param repeated pending, and applied as they are: they run each time
 */
record SchemaComparison(
    List<Applied> applied,
    List<ChangeSet> pending,
    List<Applied> unexpected,
    List<ChangeSet> changed,
    List<Problem> doubtful,
    Set<ChangeSet> repeated) {

  /**
   * Compares them.
   *
   * @param history the table of the history, as a statement names it
   * @param names whether it keeps the names and checksums of files
   */
  static SchemaComparison of(
      DatabaseChangeLog changelog,
      Database database,
      Contexts contexts,
      LabelExpression labels,
      String history,
      boolean names)
      throws LiquibaseException {
    Map<Identity, ChangeSet> known = new HashMap<>();
    for (ChangeSet changeSet : changelog.getChangeSets()) {
      known.put(Identity.of(changeSet), changeSet);
    }
    List<Applied> applied = new ArrayList<>();
    List<RanChangeSet> unknown = new ArrayList<>();
    List<ChangeSet> changed = new ArrayList<>();
    Set<ChangeSet> repeated = new HashSet<>();
    for (RanChangeSet ran : database.getRanChangeSetList()) {
      ChangeSet changeSet = known.get(Identity.of(ran));
      if (changeSet == null) {
        unknown.add(ran);
      } else {
        applied.add(applied(ran));
        if (changeSet.shouldAlwaysRun() && changeSet.isCheckSumValid(ran.getLastCheckSum())) {
          repeated.add(changeSet);
        }
        if (!changeSet.shouldRunOnChange()
            && !changeSet.shouldAlwaysRun()
            && !changeSet.isCheckSumValid(ran.getLastCheckSum())) {
          changed.add(changeSet);
        }
      }
    }
    List<ChangeSetFilter> filters = new ArrayList<>(declared(database, contexts, labels));
    filters.add(new ShouldRunChangeSetFilter(database));
    List<ChangeSet> pending =
        changelog.getChangeSets().stream()
            .filter(c -> filters.stream().allMatch(filter -> filter.accepts(c).isAccepted()))
            .toList();
    RenamedChangesets renamed =
        new RenamedChangesets(
            pending, database.getRanChangeSetList(), names ? unknown : List.of(), history);
    renamed
        .same()
        .forEach((changeSet, ran) -> {
          applied.add(applied(ran));
          if (changeSet.shouldAlwaysRun()) {
            repeated.add(changeSet);
          }
        });
    return new SchemaComparison(
        applied,
        pending.stream()
            .filter(c -> c.shouldAlwaysRun() || !renamed.same().containsKey(c))
            .toList(),
        unknown.stream()
            .filter(ran -> !renamed.same().containsValue(ran))
            .map(SchemaComparison::applied)
            .toList(),
        changed,
        renamed.doubtful(),
        repeated);
  }

  /** What is declared to run here, whether it has run or not. */
  private static List<ChangeSetFilter> declared(
      Database database, Contexts contexts, LabelExpression labels) {
    return List.of(
        new ContextChangeSetFilter(contexts),
        new LabelChangeSetFilter(labels),
        new DbmsChangeSetFilter(database),
        new IgnoreChangeSetFilter());
  }

  /** Whether a run would find nothing to do, and nothing to complain of. */
  boolean isSettled() {
    return pending.isEmpty() && changed.isEmpty() && doubtful.isEmpty();
  }

  /** For people and programs. Used inside a Liquibase scope. */
  MigrationStatus status(List<Problem> problems, @Nullable LockHolder holder) {
    return new MigrationStatus(
        applied,
        pending.stream().map(this::pending).toList(),
        unexpected,
        changed.stream().map(SchemaComparison::id).toList(),
        problems,
        holder);
  }

  /** One that would run. Used inside a Liquibase scope. */
  Pending pending(ChangeSet changeSet) {
    return new Pending(
        id(changeSet),
        checksum(changeSet),
        !repeated.contains(changeSet) && !mayBeLeftOut(changeSet));
  }

  /** Whether it may fail, or be left by its preconditions, and stays pending then. */
  private static boolean mayBeLeftOut(ChangeSet changeSet) {
    PreconditionContainer conditions = changeSet.getPreconditions();
    return Boolean.FALSE.equals(changeSet.getFailOnError())
        || (conditions != null
            && (conditions.getOnFail() == FailOption.CONTINUE
                || conditions.getOnError() == ErrorOption.CONTINUE));
  }

  /** Its name for people. */
  static ChangesetId id(ChangeSet changeSet) {
    return new ChangesetId(
        changeSet.getFilePath() == null ? "" : changeSet.getFilePath(),
        changeSet.getId() == null ? "" : changeSet.getId(),
        changeSet.getAuthor() == null ? "" : changeSet.getAuthor());
  }

  /** Null where a file that it names, or what belongs into it, is missing: whoever runs it says so. */
  private static @Nullable String checksum(ChangeSet changeSet) {
    try {
      return changeSet.generateCheckSum(ChecksumVersion.latest()).toString();
    } catch (UnexpectedLiquibaseException | UncheckedIOException e) {
      return null;
    } catch (RuntimeException e) {
      if (Failures.find(e, ScriptException.class).isPresent()) {
        return null;
      }
      throw e;
    }
  }

  private static Applied applied(RanChangeSet ran) {
    return new Applied(
        new ChangesetId(ran.getChangeLog(), ran.getId(), ran.getAuthor()),
        ran.getLastCheckSum() == null ? null : ran.getLastCheckSum().toString(),
        ran.getDateExecuted() == null ? null : ran.getDateExecuted().toInstant());
  }

  /**
   * What makes a changeset the same as one that ran: path, id and author, letter by letter, as
   * Liquibase's filter compares them. Its history is less strict and takes two that differ only in
   * letter case for one, so such a pair is never run: it could share one row, or never get its own.
   */
  record Identity(String path, String id, String author) {
    static Identity of(ChangeSet changeSet) {
      ChangesetId id = SchemaComparison.id(changeSet);
      return new Identity(DatabaseChangeLog.normalizePath(id.path()), id.id(), id.author());
    }

    static Identity of(RanChangeSet ran) {
      return new Identity(
          DatabaseChangeLog.normalizePath(ran.getChangeLog()), ran.getId(), ran.getAuthor());
    }

    /** The same for all that differ only in letter case. */
    Identity folded() {
      return new Identity(folded(path), folded(id), folded(author));
    }

    /** Whether a whole file of plain SQL is called so: one of a folder, or one that Liquibase read. */
    boolean isPlainFile() {
      return (author.equals(ChangelogReader.AUTHOR)
              && path.equals(DatabaseChangeLog.normalizePath(id)))
          || IncludedPlainFiles.isRaw(id, author);
    }

    String fileName() {
      return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The same for all names that differ only in letter case. */
    static String folded(String text) {
      return text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }

    /** As people read it. */
    ChangesetId asChangeset() {
      return new ChangesetId(path, id, author);
    }
  }
}
