package io.tidegate.migration.sql;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.file.Path;
import liquibase.changelog.ChangeLogParameters;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;
import org.jspecify.annotations.Nullable;

/**
 * A folder of SQL files as a changelog: sorted by name, each file one changeset. A file that begins
 * with {@code --liquibase formatted sql} brings its own changesets.
 */
final class SqlFolder {
  /** The author of the changesets, which a plain file does not name. */
  static final String AUTHOR = "tidegate";

  private static final int HEAD_CHARS = 512;

  private final ChangelogRoot root;
  private final Path folder;
  private final @Nullable Charset encoding;

  SqlFolder(ChangelogRoot root, Path folder, @Nullable Charset encoding) {
    this.root = root;
    this.folder = folder;
    this.encoding = encoding;
  }

  DatabaseChangeLog read(ChangeLogParameters parameters) throws Exception {
    DatabaseChangeLog all = new DatabaseChangeLog(folder.getFileName().toString());
    all.setChangeLogParameters(parameters);
    for (String file : FolderContent.of(folder).files()) {
      Head head = head(file);
      if (head.formatted()) {
        ChangelogReader.parse(root, file, parameters).getChangeSets().forEach(all::addChangeSet);
      } else {
        all.addChangeSet(changeSet(file, () -> open(file), head.transaction(), all));
      }
    }
    return all;
  }

  /**
   * What a file says before its first statement.
   *
   * @param formatted whether it is a changelog of Liquibase's
   * @param transaction whether it runs as one transaction, together with its history row
   */
  private record Head(boolean formatted, boolean transaction) {}

  private Head head(String file) throws IOException {
    try (BufferedReader text = new BufferedReader(open(file), HEAD_CHARS)) {
      String firstLine = PlainFile.firstLine(text);
      return PlainFile.isFormatted(firstLine)
          ? new Head(true, true)
          : new Head(false, !NoTransaction.begins(firstLine, text));
    }
  }

  private Reader open(String file) throws IOException {
    return StrictText.open(root.openPlain(file), encoding);
  }

  /**
   * A file as a changeset.
   *
   * @param transaction whether it runs as one transaction, together with its history row
   */
  ChangeSet changeSet(
      String file, SqlFileChange.Source text, boolean transaction, DatabaseChangeLog parent) {
    ChangeSet changeSet =
        new ChangeSet(file, AUTHOR, false, false, file, null, null, transaction, parent);
    changeSet.addChange(new SqlFileChange(text));
    return changeSet;
  }
}
