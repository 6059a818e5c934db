package io.tidegate.migration.sql;

import io.tidegate.migration.sql.StatementSplitter.NoTransaction;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ListIterator;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import liquibase.ChecksumVersion;
import liquibase.change.CheckSum;
import liquibase.change.core.RawSQLChange;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;

/**
 * Files of plain SQL that Liquibase reads: one that is the changelog itself, or that a changelog
 * includes. It makes one changeset of each and sends it as a whole, of which SQLite's driver runs the
 * first statement only and MySQL's server none: so they run as those of a folder do.
 */
final class IncludedPlainFiles {
  private static final String ID = "raw";
  private static final String AUTHOR = "includeAll";

  private IncludedPlainFiles() {}

  /** A plain file with nothing in it, of which Liquibase would make an error. */
  static DatabaseChangeLog empty(String file) {
    DatabaseChangeLog changelog = new DatabaseChangeLog(file);
    changelog.addChangeSet(
        new ChangeSet(ID, AUTHOR, false, false, file, null, null, true, changelog));
    return changelog;
  }

  /** Has each such changeset run as a file of a folder does. */
  static void replace(DatabaseChangeLog changelog) {
    ListIterator<ChangeSet> each = changelog.getChangeSets().listIterator();
    while (each.hasNext()) {
      ChangeSet changeSet = each.next();
      if (isRaw(changeSet) && changeSet.getChanges().getFirst() instanceof RawSQLChange raw) {
        each.set(new Plain(changeSet, Objects.requireNonNullElse(raw.getSql(), "")));
      }
    }
  }

  /**
   * Looks at files that are to run, and that a changelog includes, as a folder's are looked at: it may
   * include another tool's whole folder.
   *
   * @param scripts take a file apart as the database would
   * @throws ProblemException with exit 65 if one holds a way back, or is another tool's
   */
  static void check(Iterable<ChangeSet> pending, Function<Reader, StatementSplitter> scripts)
      throws IOException {
    for (ChangeSet changeSet : pending) {
      if (changeSet instanceof Plain plain) {
        Optional<Problem> problem = plain.problem(scripts);
        if (problem.isPresent()) {
          throw new ProblemException(problem.get());
        }
      }
    }
  }

  private static boolean isRaw(ChangeSet changeSet) {
    return isRaw(changeSet.getId(), changeSet.getAuthor()) && changeSet.getChanges().size() == 1;
  }

  /** Whether Liquibase calls the changeset so that it makes of a plain file. */
  static boolean isRaw(String id, String author) {
    return AUTHOR.equals(author) && id.startsWith(ID);
  }

  /** The same changeset as a file of plain SQL; its checksum stays Liquibase's. */
  private static final class Plain extends ChangeSet {
    private final ChangeSet whole;
    private final String sql;

    Plain(ChangeSet whole, String sql) {
      super(
          whole.getId(),
          whole.getAuthor(),
          whole.isAlwaysRun(),
          whole.isRunOnChange(),
          whole.getFilePath(),
          null,
          null,
          whole.isRunInTransaction() && !isWithoutTransaction(sql),
          whole.getChangeLog());
      this.whole = whole;
      this.sql = sql;
      addChange(new SqlFileChange(() -> new StringReader(sql)));
    }

    Optional<Problem> problem(Function<Reader, StatementSplitter> scripts) throws IOException {
      String file = getFilePath();
      Optional<OtherTool> named =
          getChangeLog().getParentChangeLog() == null
              ? Optional.empty() // It is the changelog itself, and meant to run.
              : OtherTool.ofWayBack(file.substring(file.lastIndexOf('/') + 1));
      return named.isPresent()
          ? named.map(tool -> included(file, tool))
          : PlainFileCheck.check(file, sql, scripts).map(finding -> finding.problem(""));
    }

    private static Problem included(String file, OtherTool tool) {
      return new Problem(
          ExitCode.CHANGELOG,
          "the changelog includes a file that is named as %s name a way back: %s"
              .formatted(tool.title(), tool.danger()),
          file,
          "Include the way forward alone; if the file is no way back, rename it");
    }

    private static boolean isWithoutTransaction(String sql) {
      try (BufferedReader text = new BufferedReader(new StringReader(sql))) {
        return NoTransaction.begins(text.readLine(), text);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public CheckSum generateCheckSum(ChecksumVersion version) {
      return whole.generateCheckSum(version);
    }
  }
}
