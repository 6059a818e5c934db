package io.tidegate.manifest.appfile;

import java.util.List;

/**
 * A setting in a configuration file of an app.
 *
 * @param path its key, after those of the sections it stands in; never empty
 * @param value without quotes
 * @param line in the file, from 1
 * @param column where the setting begins, from 1
 */
public record Setting(List<String> path, String value, int line, int column) {
  private static final int TELLING = 2;

  /** Copies the list. */
  public Setting {
    path = List.copyOf(path);
  }

  /** The whole key: {@code spring.datasource.url}. */
  public String key() {
    return String.join(".", path);
  }

  /** Its own key with that of its section: what stands further out says nothing of a database. */
  public String name() {
    return String.join(".", path.subList(Math.max(0, path.size() - TELLING), path.size()));
  }

  /** The sections that it stands in. */
  public List<String> section() {
    return path.subList(0, path.size() - 1);
  }

  /** The key only: the value may be secret. */
  @Override
  public String toString() {
    return key();
  }
}
