package io.tidegate.schema;

import io.tidegate.problem.ProblemException;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads which migrations a tool's folder holds. Nothing in it is run. */
final class MigrationFolder {
  /** Folders that hold no migrations of the app's own. */
  private static final Pattern PASSED =
      Pattern.compile("\\..*|site-packages|node_modules|__pycache__");

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
   * The paths of all files below, with a slash between their parts. Hidden folders are passed over, in
   * which a volume of Kubernetes holds each file once more, and so are installed packages. Links are
   * followed, to folders too; one that leads nowhere counts as a file, so that it is not passed over.
   */
  static List<String> files(Path directory) {
    List<String> files = new ArrayList<>();
    try {
      Path root = directory.toRealPath();
      Files.walkFileTree(
          root,
          Set.of(FileVisitOption.FOLLOW_LINKS),
          Integer.MAX_VALUE,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
              boolean passed =
                  !folder.equals(root) && PASSED.matcher(folder.getFileName().toString()).matches();
              return passed ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              boolean counts = attributes.isRegularFile() || attributes.isSymbolicLink();
              if (counts && !file.getFileName().toString().startsWith(".")) {
                files.add(root.relativize(file).toString());
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
              boolean passed =
                  e instanceof FileSystemLoopException
                      || PASSED.matcher(file.getFileName().toString()).matches();
              if (passed) {
                return FileVisitResult.CONTINUE;
              }
              throw e;
            }
          });
    } catch (IOException e) {
      throw HistoryGate.refusal(
          "leads to %s, which cannot be read".formatted(e.getMessage()),
          "Make it readable for the user that Tidegate runs as");
    }
    Collections.sort(files);
    return files;
  }
}
