package io.tidegate.migration.sql;

import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PushbackReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import liquibase.changelog.ChangeLogParameters;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;

/**
 * A folder of SQL files as a changelog: sorted by name, each file one changeset. A file that begins
 * with {@code --liquibase formatted sql} brings its own changesets.
 */
final class SqlFolder {
  /** The author of the changesets, which a plain file does not name. */
  static final String AUTHOR = "tidegate";

  /** The first line of a file that does not run as one transaction. */
  static final String NO_TRANSACTION = "-- tidegate: no-transaction";

  private static final String FORMATTED = "--liquibaseformattedsql";

  private static final int FIRST_LINE_CHARS = 512;

  private final ChangelogRoot root;
  private final Path folder;

  SqlFolder(ChangelogRoot root, Path folder) {
    this.root = root;
    this.folder = folder;
  }

  DatabaseChangeLog read(ChangeLogParameters parameters) throws Exception {
    DatabaseChangeLog all = new DatabaseChangeLog(folder.getFileName().toString());
    all.setChangeLogParameters(parameters);
    for (String file : files()) {
      String firstLine = firstLine(file);
      if (firstLine.replace(" ", "").toLowerCase(Locale.ROOT).startsWith(FORMATTED)) {
        ChangelogReader.parse(root, file, parameters).getChangeSets().forEach(all::addChangeSet);
      } else {
        all.addChangeSet(
            changeSet(file, () -> open(file), !firstLine.startsWith(NO_TRANSACTION), all));
      }
    }
    return all;
  }

  private List<String> files() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      List<String> files =
          entries
              .filter(Files::isRegularFile)
              .map(file -> file.getFileName().toString())
              .filter(
                  name -> !name.startsWith(".") && name.toLowerCase(Locale.ROOT).endsWith(".sql"))
              .sorted()
              .toList();
      if (files.isEmpty()) {
        throw new ProblemException(
            new Problem(
                ExitCode.CHANGELOG,
                "the folder holds no .sql file",
                folder.toString(),
                "Put the files directly into it, or name a changelog file instead"));
      }
      ChangelogReader.refuseTooMany(files.size(), folder);
      return files;
    }
  }

  private String firstLine(String file) throws IOException {
    try (BufferedReader text = new BufferedReader(open(file), FIRST_LINE_CHARS)) {
      String line = text.readLine();
      return line == null ? "" : line.strip();
    }
  }

  /** The text of the file, without the mark that says it is in UTF-8. */
  private Reader open(String file) throws IOException {
    Reader text = new InputStreamReader(root.openPlain(file), StandardCharsets.UTF_8);
    PushbackReader unmarked = new PushbackReader(text);
    int first = unmarked.read();
    if (first >= 0 && first != '\uFEFF') {
      unmarked.unread(first);
    }
    return unmarked;
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
