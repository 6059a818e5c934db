package io.tidegate.migration.sql;

import io.tidegate.engine.Changelog;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.changelog.ChangeLogParameters;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.database.Database;
import liquibase.parser.ChangeLogParser;
import liquibase.parser.ChangeLogParserFactory;
import liquibase.parser.core.xml.XMLChangeLogSAXParser;

/** Reads a changelog, a file in any of Liquibase's formats or a folder of SQL files. */
class ChangelogReader {
  /** Five times as many as the largest known; more would take a small container's memory. */
  static final int MOST_CHANGESETS = 50_000;

  private final Changelog changelog;
  private final Path folder;

  /**
   * Looks only whether it is there.
   *
   * @throws ProblemException with exit 65 if it is not
   */
  ChangelogReader(Changelog changelog) {
    this.changelog = changelog;
    Path path = changelog.path().toAbsolutePath().normalize();
    if (!Files.isReadable(path)) {
      throw new ProblemException(
          new Problem(
              ExitCode.CHANGELOG,
              "there is no changelog that can be read",
              path.toString(),
              "Correct the path, or mount the file there, readable for the user that runs this"));
    }
    Path parent = path.getParent();
    this.folder = Files.isDirectory(path) || parent == null ? path : parent;
  }

  final Path folder() {
    return folder;
  }

  /** The folder that holds everything of the changelog, for Liquibase to read from. */
  ChangelogRoot root() throws IOException {
    return new ChangelogRoot(folder);
  }

  /** Tells two states of it apart; empty where the files do not say all. See {@link ChangelogDigest}. */
  Optional<String> digest(String database) {
    return ChangelogDigest.of(changelog, folder, database);
  }

  Contexts contexts() {
    return new Contexts(changelog.contexts());
  }

  LabelExpression labels() {
    return new LabelExpression(changelog.labels());
  }

  /**
   * Reads and checks it. Called inside a Liquibase scope.
   *
   * @throws ProblemException with exit 65 if it asks for what is not allowed, or is too long
   */
  DatabaseChangeLog read(ChangelogRoot root, SqlSession session, Database database)
      throws Exception {
    DatabaseChangeLog read =
        Files.isDirectory(changelog.path())
            ? new SqlFolder(root, folder).read(parameters(database))
            : parse(root, changelog.path().getFileName().toString(), parameters(database));
    refuseTooMany(read.getChangeSets().size(), changelog.path());
    ForbiddenChanges.check(read);
    return read;
  }

  /** Refuses a changelog of absurd length. */
  static void refuseTooMany(int changesets, Path where) {
    if (changesets > MOST_CHANGESETS) {
      throw new ProblemException(
          new Problem(
              ExitCode.CHANGELOG,
              "the changelog has %d changesets, and at most %d are taken"
                  .formatted(changesets, MOST_CHANGESETS),
              where.toString(),
              "Load data from files that a changeset names, and begin a new changelog from the schema"
                  + " as it is now"));
    }
  }

  static DatabaseChangeLog parse(ChangelogRoot root, String file, ChangeLogParameters parameters)
      throws Exception {
    ChangeLogParser parser = ChangeLogParserFactory.getInstance().getParser(file, root);
    if (parser instanceof XMLChangeLogSAXParser xml) {
      xml.setShouldWarnOnMismatchedXsdVersion(false);
    }
    return parser.parse(file, parameters, root);
  }

  final ChangeLogParameters parameters(Database database) {
    ChangeLogParameters parameters = new ChangeLogParameters(database);
    parameters.setContexts(contexts());
    parameters.setLabels(labels());
    return parameters;
  }
}
