package io.tidegate.migration.sql;

import io.micronaut.context.ApplicationContext;
import io.tidegate.engine.Target;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.Migrator;
import io.tidegate.problem.ProblemException;
import java.nio.file.Path;

/** Migrates one target as a process of its own: {@code scheme port database user password changelog}. */
public final class MigrateMain {
  private MigrateMain() {}

  /** Prints how many changesets were applied, and exits as Tidegate does. */
  public static void main(String[] args) throws Exception {
    Path changelog = Path.of(args[5]);
    Target target =
        args[0].equals("sqlite")
            ? SqlTargets.file(Path.of(args[2]), changelog)
            : SqlTargets.server(
                args[0], Integer.parseInt(args[1]), args[2], args[3], args[4], changelog);
    try (ApplicationContext beans = ApplicationContext.run()) {
      Migrator migrator =
          beans.getBeansOfType(Migrator.class).stream()
              .filter(m -> m.serves(target))
              .findFirst()
              .orElseThrow();
      int applied =
          migrator
              .open(target, MigrationSettings.DEFAULT)
              .migrate(MigrationListener.NONE)
              .applied();
      System.out.println("applied " + applied);
    } catch (ProblemException e) {
      System.out.println(e.getMessage());
      System.exit(e.exit().number());
    }
  }
}
