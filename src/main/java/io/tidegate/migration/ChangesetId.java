package io.tidegate.migration;

/**
 * Names a changeset.
 *
 * @param path the file it stands in, relative to the changelog's root
 * @param id its id within the file
 * @param author its author; empty where the changelog names none
 */
public record ChangesetId(String path, String id, String author) {
  /** A file that is one changeset is named by its path alone. */
  @Override
  public String toString() {
    if (path.equals(id)) {
      return path;
    }
    return path + "::" + id + (author.isEmpty() ? "" : "::" + author);
  }
}
