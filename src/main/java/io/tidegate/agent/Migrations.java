package io.tidegate.agent;

import io.tidegate.migration.Migration;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.Migrator;
import io.tidegate.target.Target;
import java.util.Collection;
import java.util.List;

/** All migrators, found by the target that they serve. */
public final class Migrations {
  private final List<Migrator> migrators;

  /** Takes every migrator there is. */
  public Migrations(Collection<Migrator> migrators) {
    this.migrators = List.copyOf(migrators);
  }

  /**
   * The migration of a target that has a changelog.
   *
   * @throws io.tidegate.problem.ProblemException if the changelog cannot be read
   */
  public Migration of(Target target, MigrationSettings settings) {
    return serving(target).open(target, settings);
  }

  /** Does for nobody what a migration of that target will do. See {@link Migrator#warmUp}. */
  void warmUp(Target target) throws Exception {
    serving(target).warmUp(target);
  }

  private Migrator serving(Target target) {
    List<Migrator> serving =
        migrators.stream().filter(migrator -> migrator.serves(target)).toList();
    if (serving.size() != 1) {
      throw new IllegalStateException(
          "%d migrators serve %s".formatted(serving.size(), target.url().scheme()));
    }
    return serving.getFirst();
  }
}
