package io.tidegate.manifest.source;

/**
 * Where something is written.
 *
 * @param file as named on the command line, or relative to what was named
 * @param line from 1
 * @param column from 1
 */
public record Place(String file, int line, int column) {

  /** The start of a file. */
  public static Place start(String file) {
    return new Place(file, 1, 1);
  }

  /** As compilers write it. */
  @Override
  public String toString() {
    return file + ":" + line + ":" + column;
  }
}
