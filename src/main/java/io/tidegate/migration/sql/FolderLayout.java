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
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Recognises whose folder a changelog of the format {@code auto} is: golang-migrate and Flyway by the
 * names of files, goose, dbmate and sql-migrate by their marks in them. All files have to say the same.
 * What is declared as {@code sql} or {@code liquibase} has to be that.
 */
final class FolderLayout {
  private static final List<Format> BY_NAME = List.of(Format.GOLANG_MIGRATE, Format.FLYWAY);
  private static final List<Format> BY_MARK =
      List.of(Format.GOOSE, Format.DBMATE, Format.SQL_MIGRATE);

  private FolderLayout() {}

  /**
   * A changelog of the format {@code auto}, in the format that it is found to have.
   *
   * @param scripts take a file apart as the database would
   * @throws ProblemException with exit 65 if the files are of several formats, or one cannot be read
   */
  static Changelog recognised(Changelog changelog, Function<Reader, StatementSplitter> scripts) {
    if (!Files.isDirectory(changelog.path())) {
      return changelog.as(Format.PLAIN);
    }
    Map<Format, String> found = new TreeMap<>();
    for (String name : FolderContent.withSubfolders(changelog.path()).files()) {
      for (Format format : formats(changelog.path().resolve(name), changelog.encoding(), scripts)) {
        found.putIfAbsent(format, name);
      }
    }
    if (found.size() > 1) {
      throw refused(changelog.path(), found);
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
  static Changelog confirmed(Changelog changelog) {
    boolean sql = changelog.format() == Format.SQL;
    List<Path> files =
        Files.isDirectory(changelog.path())
            ? FolderContent.withSubfolders(changelog.path()).files().stream()
                .map(changelog.path()::resolve)
                .toList()
            : List.of(changelog.path());
    for (Path file : files) {
      if (isLiquibase(file, changelog.encoding()) == sql) {
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

  private static boolean isLiquibase(Path file, @Nullable Charset encoding) {
    return !file.getFileName().toString().endsWith(".sql")
        || PlainFileCheck.isFormatted(file, encoding);
  }

  /** What a file may be: more than one where its name and its marks say different things. */
  private static Set<Format> formats(
      Path file, @Nullable Charset encoding, Function<Reader, StatementSplitter> scripts) {
    Set<Format> formats = EnumSet.noneOf(Format.class);
    String name = file.getFileName().toString();
    BY_NAME.stream().filter(format -> names(format, name)).forEach(formats::add);
    try {
      Optional<Finding> mark =
          PlainFileCheck.check(file, encoding, ChangelogRoot.LARGEST_PLAIN_FILE_BYTES, scripts);
      BY_MARK.stream()
          .filter(format -> mark.isPresent() && tool(format).owns(mark.get().tool()))
          .forEach(formats::add);
    } catch (IOException e) {
      throw new ProblemException(
          ExitCode.CHANGELOG,
          "the file cannot be read: " + e.getMessage(),
          file.toString(),
          "Make it readable for the user that this runs as",
          e);
    }
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

  private static ProblemException refused(Path folder, Map<Format, String> found) {
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
}
