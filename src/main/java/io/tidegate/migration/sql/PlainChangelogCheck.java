package io.tidegate.migration.sql;

import io.tidegate.migration.sql.PlainFileCheck.Finding;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.target.Changelog;
import io.tidegate.target.Changelog.Format;
import io.tidegate.target.FlywayPlaceholders;
import io.tidegate.target.LiquibaseTables;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Looks through a changelog's files before any server is connected to. A folder may belong to another
 * tool: its files hold the way back too, or run in another order, so that running all of them by name
 * would destroy what the user has. golang-migrate's and Flyway's are recognised by the names of files,
 * goose's, dbmate's and sql-migrate's by their marks in them.
 */
final class PlainChangelogCheck {
  private static final List<Format> BY_NAME = List.of(Format.GOLANG_MIGRATE, Format.FLYWAY);
  private static final List<Format> BY_MARK =
      List.of(Format.GOOSE, Format.DBMATE, Format.SQL_MIGRATE);

  /** So many files are read sooner than other threads are at work. */
  private static final int SHARE = 500;

  private final Changelog changelog;
  private final Function<Reader, StatementSplitter> scripts;

  /** What was found in each file that was read: who recognises a folder need not read it again. */
  private final Map<Path, Optional<Finding>> findings = new ConcurrentHashMap<>();

  /**
   * Looks at nothing yet.
   *
   * @param scripts take a file apart as the database would
   */
  PlainChangelogCheck(Changelog changelog, Function<Reader, StatementSplitter> scripts) {
    this.changelog = changelog;
    this.scripts = scripts;
  }

  /**
   * A changelog of the format {@code auto}, in the format that it is found to have.
   *
   * @throws ProblemException with exit 65 if the files are of several formats, or one cannot be read
   */
  Changelog recognised() {
    if (!Files.isDirectory(changelog.path())) {
      return changelog.as(Format.PLAIN);
    }
    Map<Format, String> found = new TreeMap<>();
    for (String name : FolderContent.withSubfolders(changelog.path()).files()) {
      for (Format format : formats(changelog.path().resolve(name))) {
        found.putIfAbsent(format, name);
      }
    }
    if (found.size() > 1) {
      throw ofSeveral(changelog.path(), found);
    }
    Format format = found.isEmpty() ? Format.PLAIN : found.keySet().iterator().next();
    if (format != Format.PLAIN && !changelog.liquibase().equals(LiquibaseTables.DEFAULT)) {
      throw new ProblemException(
          new Problem(
              ExitCode.CHANGELOG,
              "the folder is %s's, and settings say where Liquibase's history is"
                  .formatted(title(format)),
              changelog.path().toString(),
              "Take liquibase.history-table, .lock-table and .schema of the target out"));
    }
    if (format != Format.FLYWAY && !changelog.placeholders().equals(FlywayPlaceholders.NONE)) {
      throw new ProblemException(
          new Problem(
              ExitCode.CHANGELOG,
              "settings say how Flyway's placeholders are replaced, and the folder is not Flyway's",
              changelog.path().toString(),
              "Take all keys of the target below flyway. out"));
    }
    return changelog.as(format);
  }

  /**
   * One that is declared as {@code sql} or {@code liquibase}, as what it is then read as.
   *
   * @throws ProblemException with exit 65 if a file is not of that format, or cannot be read
   */
  Changelog confirmed() {
    boolean sql = changelog.format() == Format.SQL;
    List<Path> files =
        Files.isDirectory(changelog.path())
            ? FolderContent.withSubfolders(changelog.path()).files().stream()
                .map(changelog.path()::resolve)
                .toList()
            : List.of(changelog.path());
    for (Path file : files) {
      if (isLiquibase(file) == sql) {
        throw new ProblemException(
            new Problem(
                ExitCode.CHANGELOG,
                sql
                    ? "the file is a changelog of Liquibase, and the target's format is sql"
                    : "the file is no changelog of Liquibase, and the target's format is liquibase",
                file.toString(),
                "Correct the path, or leave the format out"));
      }
    }
    return changelog.as(Format.PLAIN);
  }

  private boolean isLiquibase(Path file) {
    return !file.getFileName().toString().endsWith(".sql")
        || PlainFileCheck.isFormatted(file, changelog.encoding());
  }

  /** What a file may be: more than one where its name and its marks say different things. */
  private Set<Format> formats(Path file) {
    Set<Format> formats = EnumSet.noneOf(Format.class);
    String name = file.getFileName().toString();
    BY_NAME.stream().filter(format -> names(format, name)).forEach(formats::add);
    Optional<Finding> mark = finding(file, ChangelogRoot.LARGEST_PLAIN_FILE_BYTES);
    BY_MARK.stream()
        .filter(format -> mark.isPresent() && tool(format).owns(mark.get().tool()))
        .forEach(formats::add);
    return formats.isEmpty() ? Set.of(Format.PLAIN) : formats;
  }

  private static boolean names(Format format, String name) {
    return tool(format).version(name).isPresent() || tool(format).leadsBack(name);
  }

  private static SupportedTool tool(Format format) {
    return Objects.requireNonNull(SupportedTool.of(format));
  }

  private static String title(Format format) {
    SupportedTool tool = SupportedTool.of(format);
    return tool == null ? "no tool" : tool.title();
  }

  private static ProblemException ofSeveral(Path folder, Map<Format, String> found) {
    return new ProblemException(
        new Problem(
            ExitCode.CHANGELOG,
            "whose folder this is cannot be recognised, since its files are not of one kind: "
                + found.entrySet().stream()
                    .map(each -> "%s is of %s".formatted(each.getValue(), title(each.getKey())))
                    .collect(Collectors.joining(", ")),
            folder.toString(),
            "Leave the files of one tool in it, or name the tool as the target's format"));
  }

  /**
   * Looks through what would run if all of it is plain SQL, in a folder or one file. Of Liquibase's own
   * formats only whether the file is text.
   *
   * @param which the names of a folder's files that are read; its names are all looked at
   * @return the names of the entries of a folder that will not run, for people
   * @throws ProblemException with exit 65 if what would run is not surely what is meant
   */
  List<String> check(Predicate<String> which) {
    Path path = changelog.path();
    if (Files.isDirectory(path)) {
      FolderContent content = FolderContent.of(path);
      checkNames(path, content.files());
      checkFiles(
          content.files().stream().filter(which).map(path::resolve).toList(),
          ChangelogRoot.LARGEST_PLAIN_FILE_BYTES);
      return content.leftOut();
    }
    if (path.toString().toLowerCase(Locale.ROOT).endsWith(".sql")) {
      checkFiles(List.of(path), ChangelogRoot.LARGEST_FILE_BYTES);
    }
    return List.of();
  }

  private void checkNames(Path folder, List<String> files) {
    Map<OtherTool, List<String>> named = new LinkedHashMap<>();
    for (String file : files) {
      OtherTool.ofFile(file)
          .ifPresent(tool -> named.computeIfAbsent(tool, _ -> new ArrayList<>()).add(file));
    }
    refuse(
        named.entrySet().stream()
            .map(each ->
                new Problem(
                    ExitCode.CHANGELOG,
                    "the file is named as %s names its own%s: %s"
                        .formatted(
                            each.getKey().title(),
                            more(each.getValue().size()),
                            each.getKey().danger()),
                    folder.resolve(each.getValue().getFirst()).toString(),
                    each.getKey().remedy()))
            .toList());
    refuse(
        ConflictingFileNames.check(
            folder,
            files,
            file -> PlainFileCheck.isFormatted(folder.resolve(file), changelog.encoding())));
  }

  private void checkFiles(List<Path> files, long largest) {
    Stream<Path> all = files.size() > SHARE ? files.parallelStream() : files.stream();
    Map<String, List<Finding>> byTool = new LinkedHashMap<>();
    all.map(file -> finding(file, largest))
        .flatMap(Optional::stream)
        .toList()
        .forEach(finding ->
            byTool
                .computeIfAbsent(Objects.toString(finding.tool()), _ -> new ArrayList<>())
                .add(finding));
    refuse(
        byTool.values().stream().map(same -> same.getFirst().problem(more(same.size()))).toList());
  }

  private Optional<Finding> finding(Path file, long largest) {
    Optional<Finding> known = findings.get(file);
    if (known != null) {
      return known;
    }
    Optional<Finding> found = read(file, largest); // Others may read other files meanwhile.
    findings.put(file, found);
    return found;
  }

  private Optional<Finding> read(Path file, long largest) {
    try {
      return PlainFileCheck.check(file, changelog.encoding(), largest, scripts);
    } catch (IOException e) {
      throw new ProblemException(
          ExitCode.CHANGELOG,
          "the file cannot be read: " + e.getMessage(),
          file.toString(),
          "Make it readable for the user that this runs as",
          e);
    }
  }

  private static String more(int files) {
    return switch (files) {
      case 1 -> "";
      case 2 -> ", and so is 1 more file";
      default -> ", and so are %d more files".formatted(files - 1);
    };
  }

  private static void refuse(List<Problem> problems) {
    if (!problems.isEmpty()) {
      throw new ProblemException(problems);
    }
  }
}
