package io.tidegate.migration.sql;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.List;
import liquibase.change.core.RawSQLChange;
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

  private static final String NO_TRANSACTION = "-- tidegate: no-transaction";

  private final ChangelogRoot root;
  private final Path folder;
  private final @Nullable Charset encoding;
  private final SqlSession session;

  SqlFolder(ChangelogRoot root, Path folder, @Nullable Charset encoding, SqlSession session) {
    this.root = root;
    this.folder = folder;
    this.encoding = encoding;
    this.session = session;
  }

  DatabaseChangeLog read(ChangeLogParameters parameters) throws Exception {
    DatabaseChangeLog all = new DatabaseChangeLog(folder.getFileName().toString());
    all.setChangeLogParameters(parameters);
    for (String file : FolderContent.of(folder).files()) {
      String sql = text(file);
      String firstLine = sql.lines().findFirst().orElse("").strip();
      if (PlainFile.isFormatted(firstLine)) {
        ChangelogReader.parse(root, file, parameters).getChangeSets().forEach(all::addChangeSet);
      } else {
        all.addChangeSet(changeSet(file, sql, !firstLine.startsWith(NO_TRANSACTION), all));
      }
    }
    return all;
  }

  private String text(String file) throws IOException {
    try (var in = root.getExisting(file).openInputStream()) {
      return StrictText.decode(in.readAllBytes(), encoding, file);
    }
  }

  ChangeSet changeSet(String file, String sql, boolean transaction, DatabaseChangeLog parent) {
    ChangeSet changeSet =
        new ChangeSet(file, AUTHOR, false, false, file, null, null, transaction, parent);
    for (String statement : statements(sql, session)) {
      // What must not share a transaction must not share a message to the server either.
      changeSet.addChange(change(statement, !transaction));
    }
    return changeSet;
  }

  /** The statements of a file; an empty one is a changeset with nothing in it. */
  static List<String> statements(String sql, SqlSession session) {
    return sql.isBlank() ? List.of() : session.statements(sql);
  }

  static RawSQLChange change(String sql, boolean split) {
    RawSQLChange change = new RawSQLChange(sql);
    change.setSplitStatements(split);
    change.setStripComments(false);
    return change;
  }
}
