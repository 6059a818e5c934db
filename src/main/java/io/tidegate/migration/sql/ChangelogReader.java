package io.tidegate.migration.sql;

import io.tidegate.migration.sql.StatementSplitter.NoTransaction;
import io.tidegate.migration.sql.ToolFolder.ToolFile;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.target.Changelog;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.changelog.ChangeLogParameters;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.database.Database;
import liquibase.exception.LiquibaseException;
import liquibase.parser.ChangeLogParser;
import liquibase.parser.ChangeLogParserFactory;
import liquibase.parser.core.xml.XMLChangeLogSAXParser;
import org.jspecify.annotations.Nullable;

/**
 * Reads a changelog: a file in any of Liquibase's formats, or a folder of SQL files, of which each is
 * one changeset.
 */
class ChangelogReader {
  /** The author of a folder's changesets, which a plain file does not name. */
  static final String AUTHOR = "tidegate";

  /** A file's mark stands within its first lines: no more of it is buffered. */
  private static final int HEAD_CHARS = 512;

  private final Changelog changelog;
  private final Path folder;
  private final Function<Reader, StatementSplitter> scripts;
  private final String engine;
  private @Nullable ToolFolder toolFolder;
  private PlaceholderValues placeholders;
  private List<String> leftOut = List.of();

  /**
   * Looks only whether it is there.
   *
   * @param dialect takes its files apart as the database would
   * @throws ProblemException with exit 65 if it is not
   */
  ChangelogReader(Changelog changelog, SqlDialect dialect) {
    this.changelog = changelog;
    this.scripts = dialect::script;
    this.engine = dialect.engine();
    this.placeholders = PlaceholderValues.unconnected(changelog.placeholders());
    Path path = changelog.path().toAbsolutePath().normalize();
    if (!Files.isReadable(path)) {
      throw new ProblemException(
          new Problem(
              ExitCode.CHANGELOG,
              "there is no changelog that can be read",
              path.toString(),
              "Correct the path, or mount the file there, readable for the user that runs this"));
    }
    list();
    this.folder = Files.isDirectory(path) ? path : root(changelog);
  }

  /** Lists the folder of another tool as it is now; under the lock, what was seen before it is old. */
  private void list() {
    SupportedTool tool = SupportedTool.of(changelog.format());
    toolFolder =
        tool == null ? null : ToolFolder.of(tool, changelog.path().toAbsolutePath().normalize());
  }

  /**
   * Finds out its format, and looks through it too, where it is plain SQL. Asks no server.
   *
   * @throws ProblemException with exit 65 if what would run is not surely what is meant
   */
  static ChangelogReader checked(Changelog declared, SqlDialect dialect) {
    PlainChangelogCheck files = new PlainChangelogCheck(declared, dialect::script);
    Changelog changelog =
        switch (declared.format()) {
          case AUTO -> files.recognised();
          case SQL, LIQUIBASE -> files.confirmed();
          case PLAIN, GOLANG_MIGRATE, DBMATE, GOOSE, SQL_MIGRATE, FLYWAY -> declared;
        };
    ChangelogReader reader = new ChangelogReader(changelog, dialect);
    ToolFolder ofTool = reader.toolFolder;
    if (ofTool == null) {
      reader.leftOut = files.check(_ -> true);
    } else {
      ofTool.check(
          ofTool.files(), changelog.encoding(), reader.scripts, reader.placeholders, false);
      reader.leftOut = ofTool.leftOut();
    }
    return reader;
  }

  /** What of its folder does not run, as a sentence; empty if all does or it was not looked through. */
  final Optional<String> leftOut() {
    if (leftOut.isEmpty()) {
      return Optional.empty();
    }
    String why =
        toolFolder == null
            ? "of the changelog's folder only .sql files run"
            : "of the changelog's folder only what %s calls a migration runs"
                .formatted(toolFolder.tool().title());
    return Optional.of(why + ", so these do not: " + String.join(", ", leftOut));
  }

  /** As it is declared, in the format that it was found to have. */
  final Changelog declared() {
    return changelog;
  }

  /** The folder of another tool as it was listed last; null: it is no tool's. */
  final @Nullable ToolFolder toolFolder() {
    return toolFolder;
  }

  /** What a Flyway folder's placeholders are replaced by, as far as is known yet. */
  final PlaceholderValues placeholders() {
    return placeholders;
  }

  /** The id of the engine whose files these are. */
  final String engine() {
    return engine;
  }

  /** The folder that holds everything of the changelog. */
  final Path folder() {
    return folder;
  }

  Contexts contexts() {
    return new Contexts(changelog.contexts());
  }

  LabelExpression labels() {
    return new LabelExpression(changelog.labels());
  }

  /**
   * Reads and checks it, as it is now. Called inside a Liquibase scope.
   *
   * @throws ProblemException with exit 65 if it asks for what is not allowed, or is too long
   */
  DatabaseChangeLog read(ChangelogRoot root, SqlSession session, Database database)
      throws Exception {
    list();
    DatabaseChangeLog read;
    try {
      read = toolFolder == null ? parse(root, database) : readTool(toolFolder, root, session);
    } catch (LiquibaseException e) {
      throw MissingFile.problem(e, root::namedBy).<Exception>map(told -> told).orElse(e);
    }
    FolderContent.refuseTooMany(read.getChangeSets().size(), changelog.path());
    ForbiddenChanges.check(read);
    return read;
  }

  /**
   * Looks through the files of these changesets that {@link #checked} does not know as they are: those
   * of a folder, which may have come while another run held the lock, and plain ones that a changelog
   * includes.
   *
   * @throws ProblemException with exit 65 if what would run is not surely what is meant
   */
  final void checkAgain(List<ChangeSet> pending) throws IOException {
    Set<String> names =
        pending.stream().map(each -> SchemaComparison.id(each).path()).collect(Collectors.toSet());
    if (toolFolder != null) {
      toolFolder.check(
          toolFolder.files().stream().filter(file -> names.contains(file.name())).toList(),
          changelog.encoding(),
          scripts,
          placeholders,
          true);
    } else if (Files.isDirectory(changelog.path())) {
      new PlainChangelogCheck(changelog, scripts).check(names::contains);
    } else {
      IncludedPlainFiles.check(pending, scripts);
    }
  }

  private DatabaseChangeLog parse(ChangelogRoot root, Database database) throws Exception {
    if (Files.isDirectory(changelog.path())) {
      return readFolder(root, parameters(database));
    }
    DatabaseChangeLog read = readFile(root, name(), parameters(database));
    for (Path file : root.openedSqlFiles()) {
      PlainFileCheck.checkFormatted(file, changelog.encoding());
    }
    IncludedPlainFiles.replace(read);
    return read;
  }

  /** In the order of the tool, under its name and versions. */
  private DatabaseChangeLog readTool(ToolFolder tool, ChangelogRoot root, SqlSession session)
      throws Exception {
    DatabaseChangeLog all = new DatabaseChangeLog(folder.getFileName().toString());
    boolean flyway = tool.tool() == SupportedTool.FLYWAY;
    if (flyway) {
      placeholders = PlaceholderValues.in(session, engine, changelog.placeholders());
    }
    PlaceholderValues values = placeholders;
    for (ToolFile file : tool.files()) {
      SqlFileChange.Source text =
          () -> {
            Reader whole = open(root, file.name());
            return flyway ? values.replaced(whole, file.name()) : whole;
          };
      boolean transaction;
      try (Reader whole = text.open()) {
        transaction = tool.isTransaction(file, whole, session);
      }
      ChangeSet changeSet =
          new ChangeSet(
              file.version(),
              tool.tool().title(),
              false,
              false,
              file.name(),
              null,
              null,
              transaction,
              all);
      changeSet.addChange(new SqlFileChange(() -> tool.upSection(text.open())));
      all.addChangeSet(changeSet);
    }
    return all;
  }

  /** Sorted by name. A file in Liquibase's format brings its own changesets. */
  private DatabaseChangeLog readFolder(ChangelogRoot root, ChangeLogParameters parameters)
      throws Exception {
    DatabaseChangeLog all = new DatabaseChangeLog(folder.getFileName().toString());
    all.setChangeLogParameters(parameters);
    for (String file : FolderContent.of(folder).files()) {
      Head head = head(root, file);
      if (head.formatted()) {
        parse(root, file, parameters).getChangeSets().forEach(all::addChangeSet);
      } else {
        all.addChangeSet(changeSet(file, () -> open(root, file), head.transaction(), all));
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

  private Head head(ChangelogRoot root, String file) throws IOException {
    try (BufferedReader text = new BufferedReader(open(root, file), HEAD_CHARS)) {
      String firstLine = PlainFileCheck.firstLine(text);
      return PlainFileCheck.isFormatted(firstLine)
          ? new Head(true, true)
          : new Head(false, !NoTransaction.begins(firstLine, text));
    }
  }

  private Reader open(ChangelogRoot root, String file) throws IOException {
    return StrictText.open(root.openPlain(file), changelog.encoding());
  }

  /**
   * A file of a folder as a changeset.
   *
   * @param transaction whether it runs as one transaction, together with its history row
   */
  static ChangeSet changeSet(
      String file, SqlFileChange.Source text, boolean transaction, DatabaseChangeLog parent) {
    ChangeSet changeSet =
        new ChangeSet(file, AUTHOR, false, false, file, null, null, transaction, parent);
    changeSet.addChange(new SqlFileChange(text));
    return changeSet;
  }

  private static Path root(Changelog changelog) {
    Path declared = changelog.root();
    return declared == null ? PathRoot.of(changelog.path()) : declared.toAbsolutePath().normalize();
  }

  /** The path of a changelog file from its root: so it is recorded in the history. */
  private String name() {
    Path file = changelog.path().toAbsolutePath().normalize();
    return folder.relativize(file).toString().replace(File.separatorChar, '/');
  }

  private DatabaseChangeLog readFile(
      ChangelogRoot root, String file, ChangeLogParameters parameters) throws Exception {
    return file.toLowerCase(Locale.ROOT).endsWith(".sql")
            && PlainFileCheck.isEmpty(changelog.path())
        ? IncludedPlainFiles.empty(file)
        : parse(root, file, parameters);
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

  /**
   * A file that a changelog names and that is not there. Liquibase says so in words that name a setting of
   * its own, which does not exist here.
   */
  static final class MissingFile {
    private static final Pattern TOLD =
        Pattern.compile(
            "The file (.+?) was not found in the configured search path:\\s*- (.+?)\\s*"
                + "More locations can be added with the 'searchPath' parameter\\.?(?:, (\\S+))?",
            Pattern.DOTALL);

    private MissingFile() {}

    /**
     * The problem to end with; empty if it was something else.
     *
     * @param failure what Liquibase threw
     * @param namedBy gives what names the path, where Liquibase does not say which changeset does
     */
    static Optional<ProblemException> problem(Throwable failure, UnaryOperator<String> namedBy) {
      Matcher told = TOLD.matcher(String.valueOf(failure.getMessage()));
      if (!told.find()) {
        return Optional.empty();
      }
      String path = told.group(1);
      String changeset = told.group(3);
      return Optional.of(
          new ProblemException(
              ExitCode.CHANGELOG,
              "there is no file %s: it was looked for from %s".formatted(path, told.group(2)),
              changeset == null ? namedBy.apply(path) : changeset,
              path.contains("\\")
                  ? "Leave backslashes out of the names of files: they part folders for Liquibase"
                  : "Correct the path there, or set the target's changelog-root to the folder from which"
                      + " it leads",
              failure));
    }
  }
}
