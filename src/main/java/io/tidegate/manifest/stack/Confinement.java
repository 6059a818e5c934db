package io.tidegate.manifest.stack;

import io.tidegate.manifest.source.SourceText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a container may do to its host.
 *
 * @param user its user; null: not said, so that the image decides
 * @param mustNotBeRoot whether the platform refuses to start it as root
 * @param privileged where it is said to be; null: it is not
 * @param readOnlyRoot whether its root file system is read-only
 * @param dropped the capabilities taken from it
 */
public record Confinement(
    @Nullable SourceText user,
    boolean mustNotBeRoot,
    @Nullable SourceText privileged,
    boolean readOnlyRoot,
    List<String> dropped) {
  /** Copies the list. */
  public Confinement {
    dropped = List.copyOf(dropped);
  }

  /** Whether all capabilities are taken from it. */
  public boolean dropsAll() {
    return dropped.stream().anyMatch("ALL"::equalsIgnoreCase);
  }
}
