package io.tidegate.manifest.stack;

import io.tidegate.manifest.source.Place;

/**
 * Something mounted into a container.
 *
 * @param source a volume's name or a path; empty where it has none
 * @param target the path in the container
 */
public record Mount(Kind kind, String source, String target, Place place) {

  /** What is mounted. */
  public enum Kind {
    /** A volume with a name, which outlives its container. */
    VOLUME,
    /** A claim that each replica has for itself. */
    CLAIM_PER_REPLICA,
    /** A path of the host. */
    HOST,
    /** A volume that nothing finds again once its container is gone. */
    ANONYMOUS,
    EMPTY_DIR,
    TMPFS,
    /** Files that come with the deployment: configurations, secrets. */
    FILES,
    /** Anything else: it is not judged. */
    OTHER;

    /** Whether what is written there is gone with the container or the pod. */
    public boolean isLost() {
      return this == ANONYMOUS || this == EMPTY_DIR || this == TMPFS;
    }
  }

  /** Whether a path in the container lies in it. */
  public boolean holds(String path) {
    String folder = target.endsWith("/") ? target : target + "/";
    return (path + "/").startsWith(folder);
  }
}
