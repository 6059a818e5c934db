package io.tidegate.manifest.compose;

import io.tidegate.manifest.source.SourceFile;
import io.tidegate.manifest.source.SourceFile.Place;
import io.tidegate.manifest.source.SourceFile.UnreadableFileException;
import io.tidegate.manifest.source.YamlNode;
import io.tidegate.manifest.source.YamlReader;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The files that Compose files name: other Compose files, files of variables, configurations. */
final class Sources {
  private static final int LARGEST_CONFIGURATION = 1024 * 1024;

  private final Map<Path, YamlNode.Mapping> read = new HashMap<>();
  private final Map<Path, Optional<SourceFile>> mounted = new HashMap<>();
  private long mountedCharacters;

  /** A Compose file beside another one. */
  YamlNode.Mapping compose(SourceFile from, String name) throws UnreadableFileException {
    Path path = beside(from.path(), name);
    if (path == null) {
      return empty(name);
    }
    YamlNode.Mapping known = read.get(path);
    if (known == null) {
      known = first(SourceFile.read(path, shown(from, name)));
      read.put(path, known);
    }
    return known;
  }

  /** The first document of a file; empty where that is no mapping. */
  static YamlNode.Mapping first(SourceFile file) throws UnreadableFileException {
    List<YamlNode> documents = YamlReader.read(file);
    return !documents.isEmpty() && documents.getFirst() instanceof YamlNode.Mapping mapping
        ? mapping
        : empty(file.name());
  }

  /** A small text file beside another one; empty where there is none that can be read. */
  static Optional<SourceFile> text(SourceFile from, String name) {
    Path path = beside(from.path(), name);
    if (path == null || !path.toFile().isFile() || path.toFile().length() > LARGEST_CONFIGURATION) {
      return Optional.empty();
    }
    try {
      return Optional.of(SourceFile.read(path, shown(from, name)));
    } catch (UnreadableFileException e) {
      return Optional.empty();
    }
  }

  /**
   * A small text file in the folder of another one or below it; empty where there is none that can be
   * read. Neither {@code ..} nor a link leads out of that folder. Each is read once, and all of them
   * together may be no larger than one Compose file.
   */
  Optional<SourceFile> inside(SourceFile from, String name) {
    Path path = beside(from.path(), name);
    Path folder = beside(from.path(), ".");
    if (path == null || folder == null) {
      return Optional.empty();
    }
    try {
      if (!path.toRealPath().startsWith(folder.toRealPath())) {
        return Optional.empty();
      }
      Optional<SourceFile> known = mounted.get(path);
      if (known == null) {
        known = mountedCharacters > SourceFile.LARGEST_BYTES ? Optional.empty() : text(from, name);
        mountedCharacters += known.map(file -> file.text().length()).orElse(0);
        mounted.put(path, known);
      }
      return known;
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** A path that is meant from the directory of a file; null where it means nothing here. */
  static @Nullable Path beside(@Nullable Path from, String name) {
    if (from == null || name.isEmpty() || name.startsWith("~") || name.contains("${")) {
      return null;
    }
    try {
      return from.toAbsolutePath().resolveSibling(name).normalize();
    } catch (InvalidPathException e) {
      return null;
    }
  }

  private static String shown(SourceFile from, String name) {
    int slash = from.name().lastIndexOf('/');
    String folder = slash < 0 || name.startsWith("/") ? "" : from.name().substring(0, slash + 1);
    return folder + (name.startsWith("./") ? name.substring(2) : name);
  }

  private static YamlNode.Mapping empty(String name) {
    return new YamlNode.Mapping(Map.of(), Place.start(name), YamlNode.PLAIN);
  }
}
