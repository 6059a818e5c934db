package io.tidegate.migration.sql;

import io.micronaut.context.ApplicationContext;
import io.tidegate.engine.Changelog;
import io.tidegate.engine.Target;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationSettings;
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
      String engine = args[0].equals("mariadb") ? "mysql" : args[0];
      SqlDialect dialect =
          beans.getBeansOfType(SqlDialect.class).stream()
              .filter(d -> d.engine().equals(engine))
              .findFirst()
              .orElseThrow();
      ChangelogReader reader = new ChangelogReader(new Changelog(changelog, "", ""));
      int applied =
          new SqlMigration(target, MigrationSettings.DEFAULT, dialect, reader)
              .migrate(MigrationListener.NONE)
              .applied();
      System.out.println("applied " + applied);
    } catch (ProblemException e) {
      System.out.println(e.getMessage());
      System.exit(e.exit().number());
    }
  }
}
