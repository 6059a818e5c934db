package io.tidegate.migration;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How migrations are run.
 *
 * @param migrationLockWait how long to wait for another migrator
 * @param tableLockTimeout how long a statement may wait for a table's lock before it is tried again
 * @param statementTimeout how long a statement may run; null: as long as it takes
 * @param stopGrace how long a running changeset may go on after SIGTERM before it is rolled back
 */
public record MigrationSettings(
    Duration migrationLockWait,
    Duration tableLockTimeout,
    @Nullable Duration statementTimeout,
    Duration stopGrace) {
  /** What holds where nothing is declared. */
  public static final MigrationSettings DEFAULT =
      new MigrationSettings(
          Duration.ofMinutes(10), Duration.ofSeconds(5), null, Duration.ofSeconds(20));
}
