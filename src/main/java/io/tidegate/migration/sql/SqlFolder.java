package io.tidegate.migration.sql;

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

  /** The first line of a file that does not run as one transaction. */
  static final String NO_TRANSACTION = "-- tidegate: no-transaction";

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
      String firstLine = firstLine(file);
      if (PlainFile.isFormatted(firstLine)) {
        ChangelogReader.parse(root, file, parameters).getChangeSets().forEach(all::addChangeSet);
      } else {
        all.addChangeSet(
            changeSet(file, () -> open(file), !firstLine.startsWith(NO_TRANSACTION), all));
      }
    }
    return all;
  }

  private String firstLine(String file) throws IOException {
    try (Reader text = open(file)) {
      return PlainFile.firstLine(text);
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
