package io.tidegate.manifest.stack;

import io.tidegate.manifest.source.Place;
import java.util.List;

/**
 * How the platform finds out whether a container is well.
 *
 * @param words the command's words; empty where it is none
 */
public record ServiceHealthCheck(Kind kind, List<String> words, Place place) {
  /** Copies the list. */
  public ServiceHealthCheck {
    words = List.copyOf(words);
  }

  /** What is done. */
  public enum Kind {
    COMMAND,
    TCP,
    HTTP,
    GRPC,
    /** The image's own, which is not known here. */
    OF_IMAGE,
    /** Said to be none. */
    DISABLED
  }

  /** The command as one line. */
  public String line() {
    return String.join(" ", words);
  }
}
