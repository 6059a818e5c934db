package io.tidegate.engine.mongodb;

import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** A changelog: the command files of one directory, in the order of their names. */
final class CommandDirectory {
  private final Path path;

  /**
   * Reads nothing yet.
   *
   * @param path a directory, or a single file that is the only changeset
   */
  CommandDirectory(Path path) {
    this.path = path;
  }

  /**
   * The files, sorted by name. Hidden files, directories and files of other kinds are left out; a
   * link must lead to a file below the directory, as those of a mounted ConfigMap do.
   *
   * @throws ProblemException with exit 65 if it cannot be listed, or holds what looks like a
   *     changeset and is none
   */
  List<MongoChangelogFile> files() {
    try {
      Path root = path.toRealPath();
      if (Files.isRegularFile(root)) {
        return List.of(new MongoChangelogFile(path.getFileName().toString(), root));
      }
      List<MongoChangelogFile> files = new ArrayList<>();
      List<Problem> problems = new ArrayList<>();
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
        for (Path entry : entries) {
          add(entry, root, files, problems);
        }
      }
      if (!problems.isEmpty()) {
        throw new ProblemException(problems);
      }
      files.sort(Comparator.comparing(MongoChangelogFile::name));
      return files;
    } catch (DirectoryIteratorException e) {
      throw unreadable(e);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static void add(
      Path entry, Path root, List<MongoChangelogFile> files, List<Problem> problems) {
    String name = entry.getFileName().toString();
    String lower = name.toLowerCase(Locale.ROOT);
    if (name.startsWith(".")) {
      return;
    }
    if (lower.endsWith(".js") || lower.endsWith(".mongodb") || lower.endsWith(".bson")) {
      problems.add(
          new Problem(
              ExitCode.CHANGELOG,
              "is not a file of commands in Extended JSON, so it would be skipped",
              entry.toString(),
              "Write its commands into a .json file, or take it out of the directory"));
    } else if (lower.endsWith(".json")) {
      try {
        Path real = entry.toRealPath();
        if (!real.startsWith(root)) {
          problems.add(
              new Problem(
                  ExitCode.CHANGELOG,
                  "is a link that leads out of the changelog's directory",
                  entry.toString(),
                  "Put the file itself into the directory"));
        } else if (Files.isRegularFile(real)) {
          files.add(new MongoChangelogFile(name, real));
        }
      } catch (IOException e) {
        problems.add(
            new Problem(
                ExitCode.CHANGELOG,
                "cannot be read (" + e.getClass().getSimpleName() + ")",
                entry.toString(),
                "Check the link's target and the file's permissions"));
      }
    }
  }

  private ProblemException unreadable(Exception e) {
    return new ProblemException(
        ExitCode.CHANGELOG,
        "the changelog cannot be listed (%s)".formatted(e.getClass().getSimpleName()),
        path.toString(),
        "Check that the directory exists and that Tidegate may read it",
        e);
  }
}
