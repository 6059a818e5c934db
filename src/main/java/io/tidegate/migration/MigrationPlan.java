package io.tidegate.migration;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a migration would run now.
 *
 * @param preparation what would be sent before the first changeset, as the statements that create the
 *     history; empty: nothing
 * @param changesets in the order in which they would run
 */
public record MigrationPlan(String preparation, List<PlannedChangeset> changesets) {
  /** Nothing is pending. */
  public static final MigrationPlan NOTHING = new MigrationPlan("", List.of());

  /** Copies the list. */
  public MigrationPlan {
    changesets = List.copyOf(changesets);
  }

  /** The SQL, or the commands, of all of it; empty where nothing is pending. */
  public String text() {
    return preparation
        + changesets.stream().map(PlannedChangeset::text).collect(Collectors.joining());
  }

  /**
   * One changeset.
   *
   * @param pending which one
   * @param text its SQL or commands, as they would be sent, and what is written into the history
   */
  public record PlannedChangeset(MigrationStatus.Pending pending, String text) {}
}
