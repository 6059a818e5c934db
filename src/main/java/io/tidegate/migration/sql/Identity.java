package io.tidegate.migration.sql;

import io.tidegate.migration.ChangesetId;
import java.util.Locale;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.changelog.RanChangeSet;

/**
 * What makes a changeset the same as one that ran: path, id and author, letter by letter, as
 * Liquibase's filter compares them. Its history is less strict and takes two that differ only in
 * letter case for one, so such a pair is never run: it could share one row, or never get its own.
 */
record Identity(String path, String id, String author) {
  static Identity of(ChangeSet changeSet) {
    ChangesetId id = Failures.id(changeSet);
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
    return (author.equals(SqlFolder.AUTHOR) && path.equals(DatabaseChangeLog.normalizePath(id)))
        || RawFiles.isRaw(id, author);
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
