package io.tidegate.manifest;

import io.tidegate.manifest.source.SourceFile;
import io.tidegate.manifest.source.SourceFile.Note;
import io.tidegate.manifest.source.SourceFile.Place;
import io.tidegate.manifest.source.SourceFile.UnreadableFileException;
import io.tidegate.policy.Severity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Finds and reads the files that are named: files, directories, standard input. */
final class Inputs {
  /** Standard input. */
  static final String STDIN = "-";

  private static final int MOST_FILES = 20_000;

  private final List<Input> files = new ArrayList<>();
  private final List<Note> notes = new ArrayList<>();
  private final Set<String> seen = new HashSet<>();

  /**
   * A file that was read.
   *
   * @param named whether someone named the file itself, and not a directory that it is in
   */
  record Input(SourceFile file, boolean named) {}

  Inputs(List<String> names, InputStream stdin) {
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
      note(Severity.WARNING, directory.toString(), "holds no YAML file", "Correct the path");
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
        "holds the templates of a Helm chart, which are not judged",
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
    if (!seen.add(name)) {
      return;
    }
    try {
      files.add(new Input(SourceFile.read(path, name), named));
    } catch (UnreadableFileException e) {
      notes.add(e.note());
    }
  }

  private void note(Severity severity, String file, String what, String remedy) {
    notes.add(new Note(severity, Place.start(file), what, remedy));
  }
}
