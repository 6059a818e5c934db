package io.tidegate.migration;

import io.tidegate.engine.Target;

/** Applies one kind of changelog. A bean, found in the collection of all migrators. */
public interface Migrator {

  /** Whether it is the one for this target, which has a changelog. Loads no driver. */
  boolean serves(Target target);

  /**
   * Prepares one target's migration; does no network work itself.
   *
   * @throws io.tidegate.problem.ProblemException if the changelog cannot be read
   */
  Migration open(Target target, MigrationSettings settings);
}
