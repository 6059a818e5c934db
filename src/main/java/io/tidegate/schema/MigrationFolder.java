package io.tidegate.schema;

import io.tidegate.problem.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads which migrations a tool's folder holds. Nothing in it is run. */
final class MigrationFolder {
  /** A folder that is deeper is not one of migrations. */
  private static final int DEEPEST = 12;

  private static final Pattern HIDDEN = Pattern.compile("(?:^|/)\\.");

  private MigrationFolder() {}

  /**
   * What has to be applied so that all of it is.
   *
   * @throws io.tidegate.problem.ProblemException with exit 78 if it cannot be read as one of that tool
   */
  static Requirement read(SchemaTool tool, Path directory) {
    if (!Files.isDirectory(directory)) {
      throw HistoryGate.refusal(
          "names %s, which is not a directory".formatted(directory),
          "Name the folder of %s's migrations".formatted(tool.title()));
    }
    return switch (tool) {
      case ALEMBIC -> AlembicGraph.read(directory);
      case DJANGO -> DjangoApps.read(directory);
      case LIQUIBASE ->
          throw HistoryGate.refusal(
              "names a folder of Liquibase's, whose changesets stand in files that include others",
              "Name the last changeset by schema.revision; or set changelog in place of the tool and"
                  + " run wait, which reads the whole changelog");
      default -> byFileNames(tool, directory);
    };
  }

  private static Requirement byFileNames(SchemaTool tool, Path directory) {
    List<String> migrations =
        files(directory).stream()
            .flatMap(file -> tool.migration(file).stream())
            .distinct()
            .toList();
    if (migrations.isEmpty()) {
      throw none(tool, directory);
    }
    return new RequiredMigrations(tool, migrations, Map.of(), true);
  }

  /** That there is no migration of the tool in a folder. */
  static ProblemException none(SchemaTool tool, Path directory) {
    return HistoryGate.refusal(
        "names %s, which holds no migration of %s".formatted(directory, tool.title()),
        "Mount the tool's own folder of migrations there");
  }

  /**
   * The paths of all files below, with a slash between their parts. What lies in a hidden folder is none:
   * a volume of Kubernetes holds each file there once more.
   */
  static List<String> files(Path directory) {
    try {
      Path root = directory.toRealPath();
      try (Stream<Path> files = Files.walk(root, DEEPEST)) {
        return files
            .filter(Files::isRegularFile)
            .map(file -> root.relativize(file).toString())
            .filter(file -> !HIDDEN.matcher(file).find())
            .sorted()
            .toList();
      }
    } catch (IOException | UncheckedIOException e) {
      throw HistoryGate.refusal(
          "names %s, which cannot be read".formatted(directory),
          "Make it readable for the user that Tidegate runs as");
    }
  }
}
