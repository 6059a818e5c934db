package io.tidegate.migration;

import io.tidegate.migration.risk.Risk;
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
        + changesets.stream().map(each -> each.marks() + each.text()).collect(Collectors.joining());
  }

  /**
   * One changeset.
   *
   * @param pending which one
   * @param text its SQL or commands, as they would be sent, and what is written into the history
   * @param risks what it would destroy or block, the destructive ones first
   * @param moreRisks how many there are besides
   * @param acceptance what a target's {@code destructive-accepted} has to hold for it; empty if it
   *     destroys nothing
   */
  public record PlannedChangeset(
      MigrationStatus.Pending pending,
      String text,
      List<Risk> risks,
      int moreRisks,
      String acceptance) {
    /** Copies the list. */
    public PlannedChangeset {
      risks = List.copyOf(risks);
    }

    /** One that is not looked at. */
    public PlannedChangeset(MigrationStatus.Pending pending, String text) {
      this(pending, text, List.of(), 0, "");
    }

    /** Comments that say what it would destroy or block, a line each. */
    String marks() {
      StringBuilder lines = new StringBuilder();
      for (Risk risk : risks) {
        lines
            .append(risk.kind().isDestructive() ? "-- DESTRUCTIVE: " : "-- BLOCKING: ")
            .append(risk.describe())
            .append('\n');
      }
      if (moreRisks > 0) {
        lines.append("-- and %d more%n".formatted(moreRisks));
      }
      if (!acceptance.isEmpty()) {
        lines
            .append("-- accepted where destructive-accepted has: ")
            .append(acceptance)
            .append('\n');
      }
      return lines.toString();
    }
  }
}
