package io.tidegate.migration.sql;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import liquibase.Scope;
import liquibase.change.Change;
import liquibase.change.core.CreateProcedureChange;
import liquibase.change.core.CreateViewChange;
import liquibase.change.core.LoadDataChange;
import liquibase.change.core.SQLFileChange;
import liquibase.changelog.ChangeSet;
import liquibase.resource.Resource;
import liquibase.resource.ResourceAccessor;
import org.jspecify.annotations.Nullable;

/**
 * The files behind changesets that are to run, in Liquibase's formats: it replaces what it cannot
 * decode, so they are read through strictly before it writes that into a database. A file whose
 * encoding the changelog itself declares is left to Liquibase. Used inside a Liquibase scope.
 */
final class LiquibaseFiles {
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

  private void check(@Nullable String path, @Nullable Boolean relative, @Nullable String changelog)
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
    return changeSet.getChangeLog() == null ? null : changeSet.getChangeLog().getPhysicalFilePath();
  }
}
