package io.tidegate.manifest;

import io.tidegate.manifest.source.SourceFile.Note;
import io.tidegate.manifest.source.SourceFile.Place;
import io.tidegate.policy.Severity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The YAML files in a directory and those below it. What is hidden, and what tools put there, is never
 * entered; what cannot be read is noted, and the rest is read; links to directories are not followed.
 */
final class YamlFiles implements FileVisitor<Path> {
  private static final int DEEPEST = 30;
  private static final Set<String> SKIPPED =
      Set.of("node_modules", "vendor", "target", "build", "dist", "venv", "__pycache__");

  private final Path directory;
  private final Path start;
  private final int most;
  private final List<Path> files = new ArrayList<>();
  private final List<Note> notes = new ArrayList<>();

  private YamlFiles(Path directory, int most) {
    this.directory = directory;
    // A directory that is itself a link was named, so that one is followed.
    this.start = Files.isSymbolicLink(directory) ? directory.resolve(".") : directory;
    this.most = most;
  }

  /**
   * Searches a directory.
   *
   * @param most ends the search when more files than these are found
   */
  static YamlFiles in(Path directory, int most) {
    YamlFiles found = new YamlFiles(directory, most);
    try {
      Files.walkFileTree(found.start, Set.of(), DEEPEST, found);
    } catch (IOException e) {
      throw new UncheckedIOException("the visitor throws nothing", e);
    }
    return found;
  }

  /** The files, sorted, as they are named from the directory on. */
  List<Path> files() {
    return files.stream().sorted().toList();
  }

  /** What was not read and why. */
  List<Note> notes() {
    return List.copyOf(notes);
  }

  @Override
  public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
    return isSkipped(path) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
    if (isSkipped(path)) {
      return FileVisitResult.CONTINUE;
    }
    if (attributes.isSymbolicLink() && Files.isDirectory(path)) {
      link(path);
    } else if (attributes.isDirectory()) {
      note(path, "is too deep in the directory that is named", "Name it itself");
    } else if (isYaml(path) && Files.isRegularFile(path)) {
      files.add(named(path));
    }
    return files.size() > most ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path path, IOException failure) {
    if (!isSkipped(path)) {
      unreadable(path, failure);
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult postVisitDirectory(Path path, @Nullable IOException failure) {
    if (failure != null) {
      unreadable(path, failure);
    }
    return FileVisitResult.CONTINUE;
  }

  private void unreadable(Path path, IOException failure) {
    boolean denied = failure instanceof AccessDeniedException;
    note(
        path,
        (denied ? "may not" : "cannot") + " be read, so nothing in it is judged",
        denied ? "Make it readable if it holds what is deployed" : "Check the file system");
  }

  /** What it leads to within the directory is found there; a circle leads nowhere else. */
  private void link(Path path) {
    try {
      if (!path.toRealPath().startsWith(start.toRealPath())) {
        note(path, "is a link to another directory, which is not followed", "Name that directory");
      }
    } catch (IOException e) {
      unreadable(path, e);
    }
  }

  private void note(Path path, String what, String remedy) {
    notes.add(new Note(Severity.WARNING, Place.start(named(path).toString()), what, remedy));
  }

  private Path named(Path path) {
    return path.equals(start) ? directory : directory.resolve(start.relativize(path));
  }

  private static boolean isYaml(Path path) {
    String name = path.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".yaml") || name.endsWith(".yml");
  }

  /** What tools put there, and what is hidden, is not what someone deploys. */
  private boolean isSkipped(Path path) {
    String name = String.valueOf(path.getFileName());
    boolean hidden = name.startsWith(".") && !name.equals(".devcontainer");
    return !path.equals(start) && (hidden || SKIPPED.contains(name));
  }
}
