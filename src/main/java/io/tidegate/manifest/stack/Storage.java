package io.tidegate.manifest.stack;

import io.tidegate.source.SourceFile.Location;
import io.tidegate.source.YamlNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is mounted into a container.
 *
 * @param mounts all mounts
 * @param files the files in the container, as far as they are known, by path
 * @param recreates whether a new one starts only after the old one has ended
 */
public record Storage(List<Mount> mounts, Map<String, MountedFile> files, boolean recreates) {
  /** Copies the collections. */
  public Storage {
    mounts = List.copyOf(mounts);
    files = Map.copyOf(files);
  }

  /** The names of the files: their text may hold secrets. */
  @Override
  public String toString() {
    return "Storage" + mounts + files.keySet();
  }

  /**
   * Something mounted into a container.
   *
   * @param source a volume's name or a path; empty where it has none
   * @param target the path in the container
   */
  public record Mount(MountType type, String source, String target, Location location) {
    /** Whether a path in the container lies in it. */
    public boolean holds(String path) {
      String folder = target.endsWith("/") ? target : target + "/";
      return (path + "/").startsWith(folder);
    }
  }

  /** What is mounted. */
  public enum MountType {
    /** A volume with a name, which outlives its container. */
    VOLUME,
    /** A claim that each replica has for itself. */
    CLAIM_PER_REPLICA,
    /** A path of the host. */
    HOST,
    /** A volume that nothing finds again once its container is gone. */
    ANONYMOUS,
    EMPTY_DIR,
    /** A claim that is made for a pod and deleted with it. */
    EPHEMERAL,
    /** A directory of a task of ECS. */
    OF_TASK,
    TMPFS,
    /** Files that come with the deployment: configurations, secrets. */
    FILES,
    /** Anything else: it is not checked. */
    OTHER;

    /** Whether what is written there is gone with the container or the pod. */
    public boolean isLost() {
      return switch (this) {
        case ANONYMOUS, EMPTY_DIR, EPHEMERAL, OF_TASK, TMPFS -> true;
        case VOLUME, CLAIM_PER_REPLICA, HOST, FILES, OTHER -> false;
      };
    }

    /** Whether what is written there outlives the container, as far as is known. */
    public boolean mayKeep() {
      return !isLost() && this != FILES;
    }
  }

  /**
   * A file in a container that comes with its deployment.
   *
   * @param path in the container
   * @param mount where it is mounted
   * @param lines where its first line begins; null where its lines stand nowhere as they are, or may not
   *     be shown
   */
  public record MountedFile(String path, String text, Location mount, @Nullable Location lines) {

    /** A file whose text stands in a YAML file, or is made of what stands there. */
    public static MountedFile of(String path, YamlNode.Scalar text, Location mount) {
      return new MountedFile(path, text.text(), mount, text.lines());
    }

    /** A place in it: its own, or where it is mounted. */
    public Location at(int line, int column) {
      return lines == null
          ? mount
          : new Location(lines.file(), lines.line() + line - 1, lines.column() + column - 1);
    }

    /** The path only: the text may hold secrets. */
    @Override
    public String toString() {
      return path;
    }
  }
}
