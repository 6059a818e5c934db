package io.tidegate.migration.sql;

import io.tidegate.migration.sql.PlainFileCheck.Finding;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.target.Changelog;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A changelog of plain SQL, a folder or one file, looked through before any server is connected to. A
 * folder may belong to another tool: its files hold the way back too, or run in another order, so
 * that running all of them by name would destroy what the user has.
 */
final class PlainChangelogCheck {
  /** So many files are read sooner than other threads are at work. */
  private static final int SHARE = 500;

  private final @Nullable Charset encoding;
  private final Function<Reader, StatementSplitter> scripts;

  private PlainChangelogCheck(Changelog changelog, Function<Reader, StatementSplitter> scripts) {
    this.encoding = changelog.encoding();
    this.scripts = scripts;
  }

  /**
   * Looks through what would run. Of Liquibase's own formats only whether the file is text.
   *
   * @param scripts take a file apart as the database would
   * @param which the names of a folder's files that are read; its names are all looked at
   * @return the names of the entries of a folder that will not run, for people
   * @throws ProblemException with exit 65 if what would run is not surely what is meant
   */
  static List<String> check(
      Changelog changelog,
      Function<Reader, StatementSplitter> scripts,
      Predicate<String> which) {
    return new PlainChangelogCheck(changelog, scripts).check(changelog.path(), which);
  }

  private List<String> check(Path path, Predicate<String> which) {
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
            folder, files, file -> PlainFileCheck.isFormatted(folder.resolve(file), encoding)));
  }

  private void checkFiles(List<Path> files, long largest) {
    Stream<Path> all = files.size() > SHARE ? files.parallelStream() : files.stream();
    Map<String, List<Finding>> findings = new LinkedHashMap<>();
    all.map(file -> finding(file, largest))
        .flatMap(Optional::stream)
        .toList()
        .forEach(finding ->
            findings
                .computeIfAbsent(Objects.toString(finding.tool()), _ -> new ArrayList<>())
                .add(finding));
    refuse(
        findings.values().stream()
            .map(same -> same.getFirst().problem(more(same.size())))
            .toList());
  }

  private Optional<Finding> finding(Path file, long largest) {
    try {
      return PlainFileCheck.check(file, encoding, largest, scripts);
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
