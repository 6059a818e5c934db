package io.tidegate.migration.sql;

import java.util.List;
import java.util.ListIterator;
import java.util.Objects;
import liquibase.ChecksumVersion;
import liquibase.change.CheckSum;
import liquibase.change.core.RawSQLChange;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;

/**
 * Files of plain SQL that Liquibase reads: one that is the changelog itself, or that a changelog
 * includes. It makes one changeset of each and sends it as a whole, of which SQLite's driver runs the
 * first statement only and MySQL's server none: so they are taken apart as those of a folder are.
 */
final class RawFiles {
  private static final String ID = "raw";
  private static final String AUTHOR = "includeAll";

  private RawFiles() {}

  /** A plain file with nothing in it, of which Liquibase would make an error. */
  static DatabaseChangeLog empty(String file) {
    DatabaseChangeLog changelog = new DatabaseChangeLog(file);
    changelog.addChangeSet(
        new ChangeSet(ID, AUTHOR, false, false, file, null, null, true, changelog));
    return changelog;
  }

  /** Takes apart each such changeset that is not one statement. */
  static void split(DatabaseChangeLog changelog, SqlSession session) {
    ListIterator<ChangeSet> each = changelog.getChangeSets().listIterator();
    while (each.hasNext()) {
      ChangeSet changeSet = each.next();
      if (isRaw(changeSet) && changeSet.getChanges().getFirst() instanceof RawSQLChange raw) {
        String sql = Objects.requireNonNullElse(raw.getSql(), "");
        List<String> statements = SqlFolder.statements(sql, session);
        if (statements.size() != 1) {
          each.set(new Split(changeSet, statements));
        }
      }
    }
  }

  private static boolean isRaw(ChangeSet changeSet) {
    return AUTHOR.equals(changeSet.getAuthor())
        && changeSet.getId().startsWith(ID)
        && changeSet.getChanges().size() == 1;
  }

  /** The same changeset with each statement by itself; its checksum stays Liquibase's. */
  private static final class Split extends ChangeSet {
    private final ChangeSet whole;

    Split(ChangeSet whole, List<String> statements) {
      super(
          whole.getId(),
          whole.getAuthor(),
          whole.isAlwaysRun(),
          whole.isRunOnChange(),
          whole.getFilePath(),
          null,
          null,
          whole.isRunInTransaction(),
          whole.getChangeLog());
      this.whole = whole;
      statements.forEach(statement -> addChange(SqlFolder.change(statement, false)));
    }

    @Override
    public CheckSum generateCheckSum(ChecksumVersion version) {
      return whole.generateCheckSum(version);
    }
  }
}
