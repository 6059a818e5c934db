package io.tidegate.engine.mongodb;

import io.tidegate.migration.ChangesetId;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A changelog's file, not yet read.
 *
 * @param name its name in the directory: the changeset's id
 * @param path where its bytes are, links followed
 */
record MongoChangelogFile(String name, Path path) {
  /** What MongoDB takes in one document; a file above it could not be sent, and is not opened. */
  static final int MAX_BYTES = 16 * 1024 * 1024;

  ChangesetId changeset() {
    return new ChangesetId(name, name, "");
  }

  /**
   * Its bytes.
   *
   * @throws ProblemException with exit 65 if it cannot be read or is too large
   */
  byte[] read() {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new ProblemException(
            new io.tidegate.problem.Problem(
                ExitCode.CHANGELOG,
                "the file is larger than %d MiB".formatted(MAX_BYTES / 1024 / 1024),
                path.toString(),
                "Split it into several files"));
      }
      return bytes;
    } catch (IOException e) {
      throw new ProblemException(
          ExitCode.CHANGELOG,
          "the file cannot be read (%s)".formatted(e.getClass().getSimpleName()),
          path.toString(),
          "Check its permissions",
          e);
    }
  }
}
