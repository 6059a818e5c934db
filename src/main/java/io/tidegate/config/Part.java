package io.tidegate.config;

import java.nio.file.Path;

/**
 * One variable that is set, or the one that names its file.
 *
 * @param inFile whether the value is a file's path
 */
record Part(String variable, String value, boolean inFile) {
  /** The value; of a file what is in it now. */
  String text() throws RefusedValue {
    return (inFile ? FileText.secret(Path.of(value)) : value).strip();
  }
}
