package io.tidegate.manifest.stack;

import io.tidegate.manifest.source.Place;
import io.tidegate.manifest.source.Tree;
import org.jspecify.annotations.Nullable;

/**
 * A file in a container that comes with its deployment.
 *
 * @param path in the container
 * @param mount where it is mounted
 * @param lines where its first line begins; null where its lines stand nowhere as they are, or may not
 *     be shown
 */
public record MountedFile(String path, String text, Place mount, @Nullable Place lines) {

  /** A file whose text stands in a YAML file, or is made of what stands there. */
  public static MountedFile of(String path, Tree.Scalar text, Place mount) {
    return new MountedFile(path, text.text(), mount, text.lines());
  }

  /** A place in it: its own, or where it is mounted. */
  public Place at(int line, int column) {
    return lines == null
        ? mount
        : new Place(lines.file(), lines.line() + line - 1, lines.column() + column - 1);
  }

  /** The path only: the text may hold secrets. */
  @Override
  public String toString() {
    return path;
  }
}
