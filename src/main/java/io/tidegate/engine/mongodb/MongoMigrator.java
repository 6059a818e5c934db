package io.tidegate.engine.mongodb;

import io.tidegate.migration.Migration;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.Migrator;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.target.Changelog;
import io.tidegate.target.Target;
import java.time.Duration;

/** Runs changelogs of database commands on MongoDB. */
final class MongoMigrator implements Migrator {
  /** Long enough for a pause of a busy pod, short enough to wait for after one was killed. */
  static final Duration LEASE = Duration.ofSeconds(15);

  @Override
  public String engine() {
    return "mongodb";
  }

  @Override
  public Migration open(Target declared, MigrationSettings settings) {
    Target target = declared.forMigration();
    Changelog changelog = target.changelog();
    if (changelog == null) {
      throw new IllegalStateException("target " + target.name() + " has no changelog");
    }
    if (target.url().path().isEmpty()) {
      throw new ProblemException(
          new Problem(
              ExitCode.REFUSED,
              "the URL names no database, so there is none to migrate",
              "target %s (%s)".formatted(target.name(), target.origin()),
              "Add the database to the URL: " + target.url() + "/NAME"));
    }
    return new MongoMigration(
        target,
        new CommandDirectory(changelog.path()),
        settings,
        LEASE,
        LEASE.dividedBy(3),
        MigrationSettings.LONGEST_SILENCE);
  }
}
