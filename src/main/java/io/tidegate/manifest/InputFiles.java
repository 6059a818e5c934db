package io.tidegate.manifest;

import io.tidegate.manifest.platforms.PlatformFiles;
import io.tidegate.policy.Severity;
import io.tidegate.source.SourceFile;
import io.tidegate.source.SourceFile.Location;
import io.tidegate.source.SourceFile.Note;
import io.tidegate.source.SourceFile.UnreadableFileException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds and reads the files that are named: files, directories, standard input. */
final class InputFiles {
  /** Standard input. */
  static final String STDIN = "-";

  private static final int MOST_FILES = 20_000;

  private final List<Input> files = new ArrayList<>();
  private final List<Note> notes = new ArrayList<>();
  private final Set<Path> seen = new HashSet<>();

  /**
   * A file that was read.
   *
   * @param named whether someone named the file itself, and not a directory that it is in
   */
  record Input(SourceFile file, boolean named) {}

  InputFiles(List<String> names, InputStream stdin) {
    for (String name : names) {
      if (name.equals(STDIN)) {
        stdin(stdin);
        continue;
      }
      try {
        Path path = Path.of(name);
        if (Files.isDirectory(path)) {
          directory(path);
        } else {
          file(path, true);
        }
      } catch (InvalidPathException e) {
        note(Severity.ERROR, "argument", "is no path", "Correct it");
      }
    }
  }

  /** The files that could be read, in the order named. */
  List<Input> files() {
    return List.copyOf(files);
  }

  /** What could not. */
  List<Note> notes() {
    return List.copyOf(notes);
  }

  private void stdin(InputStream in) {
    try {
      files.add(new Input(SourceFile.read(in, null, STDIN), true));
    } catch (UnreadableFileException e) {
      notes.add(e.note());
    } catch (IOException e) {
      note(Severity.ERROR, STDIN, "standard input ended early", "Look at the command before the |");
    }
  }

  private void directory(Path directory) {
    YamlFiles tree = YamlFiles.in(directory, MOST_FILES);
    notes.addAll(tree.notes());
    if (tree.files().size() > MOST_FILES) {
      note(
          Severity.ERROR,
          directory.toString(),
          "holds more than %d YAML files".formatted(MOST_FILES),
          "Name a directory further down");
      return;
    }
    if (tree.files().isEmpty()) {
      note(
          Severity.WARNING, directory.toString(), "holds no file that is read", "Correct the path");
    }
    Set<Path> charts = new TreeSet<>();
    for (Path path : tree.files()) {
      Optional<Path> chart = chart(directory, path);
      chart.ifPresent(charts::add);
      if (chart.isEmpty()) {
        file(path, false);
      }
    }
    charts.forEach(this::unrendered);
  }

  /** A chart's templates are no YAML yet: said once, and no fault of whoever keeps a chart there. */
  private void unrendered(Path chart) {
    note(
        Severity.NOTICE,
        chart.resolve("templates").toString(),
        "holds the templates of a Helm chart, which are not checked",
        "Render them first, as in: helm template CHART | tidegate check -");
  }

  /** The chart, within a directory, that has a file among its templates. */
  private static Optional<Path> chart(Path directory, Path file) {
    for (Path at = file.getParent(); at != null && !at.equals(directory); at = at.getParent()) {
      if (at.endsWith("templates") && Files.isRegularFile(at.resolveSibling("Chart.yaml"))) {
        return Optional.ofNullable(at.getParent());
      }
    }
    return Optional.empty();
  }

  private void file(Path path, boolean named) {
    String name = path.toString();
    if (!seen.add(path.toAbsolutePath().normalize())) {
      return;
    }
    boolean sought = named || YamlFiles.isYaml(path);
    try {
      SourceFile file = SourceFile.read(path, name);
      if (sought || PlatformFiles.deploys(file)) {
        files.add(new Input(file, named));
      }
    } catch (UnreadableFileException e) {
      if (sought) {
        notes.add(e.note());
      }
    }
  }

  private void note(Severity severity, String file, String what, String remedy) {
    notes.add(new Note(severity, Location.start(file), what, remedy));
  }

  /**
   * The YAML files in a directory and those below it. What is hidden, and what tools put there, is never
   * entered; what cannot be read is noted, and the rest is read; links to directories are not followed.
   */
  private static final class YamlFiles implements FileVisitor<Path> {
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
      } else if ((isYaml(path) || mayBeOfPlatform(path, attributes)) && Files.isRegularFile(path)) {
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
          (denied ? "may not" : "cannot") + " be read, so nothing in it is checked",
          denied ? "Make it readable if it holds what is deployed" : "Check the file system");
    }

    /** What it leads to within the directory is found there; a circle leads nowhere else. */
    private void link(Path path) {
      try {
        if (!path.toRealPath().startsWith(start.toRealPath())) {
          note(
              path, "is a link to another directory, which is not followed", "Name that directory");
        }
      } catch (IOException e) {
        unreadable(path, e);
      }
    }

    private void note(Path path, String what, String remedy) {
      notes.add(new Note(Severity.WARNING, Location.start(named(path).toString()), what, remedy));
    }

    private Path named(Path path) {
      return path.equals(start) ? directory : directory.resolve(start.relativize(path));
    }

    private static boolean mayBeOfPlatform(Path path, BasicFileAttributes attributes) {
      return attributes.size() <= SourceFile.LARGEST_BESIDE && PlatformFiles.mayBe(path.toString());
    }

    static boolean isYaml(Path path) {
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
}
