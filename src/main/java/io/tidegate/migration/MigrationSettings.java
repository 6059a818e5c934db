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
          /* migrationLockWait= */ Duration.ofMinutes(10),
          /* tableLockTimeout= */ Duration.ofSeconds(5),
          /* statementTimeout= */ null,
          /* stopGrace= */ Duration.ofSeconds(20));

  /**
   * How long a migration waits for a server that answers nobody: longer than a proxy that is full lets a
   * new connection wait for one of its own, 120 s for many.
   */
  public static final Duration LONGEST_SILENCE = Duration.ofMinutes(3);
}
