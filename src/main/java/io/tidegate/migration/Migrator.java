package io.tidegate.migration;

import io.tidegate.target.Target;

/** Applies changelogs to the databases of one engine. Loads no driver until a migration is run. */
public interface Migrator {

  /** The id of the engine, as in its {@link io.tidegate.target.EngineTraits}. */
  String engine();

  /**
   * Prepares one target's migration, over the connection of {@link Target#forMigration}; does no
   * network work itself.
   *
   * @throws io.tidegate.problem.ProblemException if the changelog cannot be read
   */
  Migration open(Target target, MigrationSettings settings);

  /**
   * Does for nobody what a migration of that target will do, while its server is still awaited, so
   * that the migration itself finds its code ready. Takes as long whatever the changelog holds,
   * writes nothing, asks no server and keeps nothing. What goes wrong is thrown and told to nobody.
   *
   * @throws InterruptedException if the thread is interrupted; nothing runs on then
   */
  default void warmUp(Target target) throws Exception {}
}
