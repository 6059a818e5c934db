package io.tidegate.schema;

/** What has to be applied: declared as revisions, or found in a folder. */
interface Requirement {

  /** How far a history has come that is not dirty. */
  Progress check(AppliedMigrations history);

  /**
   * How far it has come.
   *
   * @param sentence {@code revision 3f2a is applied, 2 behind 9c1d}; what is at hand where it is reached
   */
  record Progress(State state, String sentence) {}

  /** Where a history stands. */
  enum State {
    /** Something that is needed is not applied. */
    BEHIND,
    /** All that is needed is applied. */
    REACHED,
    /** All that is needed is applied, and something newer. */
    AHEAD
  }
}
