package io.tidegate.check.stack;

import io.tidegate.check.source.Text;
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
    @Nullable Text user,
    boolean mustNotBeRoot,
    @Nullable Text privileged,
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
