package io.tidegate.manifest.rules;

import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Container.Variable;
import io.tidegate.manifest.stack.Database;
import io.tidegate.manifest.stack.Storage.Mount;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a database's data lies.
 *
 * @param mount what is mounted there; empty: nothing
 * @param surprising whether something is mounted that may be the data directory of an image that we
 *     know too little of
 */
record DataPlace(Optional<Mount> mount, boolean surprising) {

  static DataPlace of(Container container, Database database) {
    List<String> folders = new ArrayList<>(database.data());
    container
        .variable("PGDATA")
        .map(Variable::known)
        .filter(value -> !value.isEmpty())
        .ifPresent(folders::add);
    List<Mount> mounts = container.storage().mounts();
    Optional<Mount> mount =
        mounts.stream()
            .filter(candidate ->
                folders.stream()
                    .anyMatch(folder -> candidate.holds(folder) || isUnder(candidate, folder)))
            .filter(candidate -> candidate.kind() != Mount.Kind.FILES)
            .findFirst();
    boolean surprising =
        mount.isEmpty()
            && mounts.stream()
                .anyMatch(other ->
                    other.kind() == Mount.Kind.VOLUME
                        || other.kind() == Mount.Kind.CLAIM_PER_REPLICA);
    return new DataPlace(mount, surprising);
  }

  private static boolean isUnder(Mount mount, String folder) {
    return mount.target().startsWith(folder + "/");
  }

  /** Whether the data is gone with the container. */
  boolean lost() {
    return mount.map(there -> there.kind().isLost()).orElse(!surprising);
  }
}
