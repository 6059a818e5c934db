package io.tidegate.migration;

import io.tidegate.migration.MigrationStatus.Interrupted;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Is told what a migration does, for the log, the endpoints and the metrics. Called by its thread. */
public interface MigrationListener {
  /** Hears nothing. */
  MigrationListener NONE =
      new MigrationListener() {
        @Override
        public void waiting(LockHolder holder) {}

        @Override
        public void started(ChangesetId changeset, int number, int of) {}

        @Override
        public void applied(ChangesetId changeset, Duration took) {}
      };

  /** Another holds the lock. Told at first, and again when the holder or its work changes. */
  void waiting(LockHolder holder);

  /** A changeset begins: the number-th of those pending, counted from 1. */
  void started(ChangesetId changeset, int number, int of);

  /** A changeset is applied and in the history. */
  void applied(ChangesetId changeset, Duration took);

  /** A changeset is tried again, since another session was in the way. */
  default void retrying(ChangesetId changeset, String why) {}

  /** A changeset was interrupted in an earlier run, and the migration ends here because of it. */
  default void interrupted(Interrupted what) {}

  /** Something that a person on call should know: a sentence without its full stop. */
  default void noticed(String sentence) {}

  /** Before the first changeset: what this one would destroy or block, a sentence without its full stop. */
  default void risky(ChangesetId changeset, String sentence) {}

  /**
   * Who holds a migration lock, as far as the server tells.
   *
   * @param who a host, a process, an application name: for people
   * @param since when it took the lock; null where the server does not tell
   * @param work what it is doing, for people; null where the server does not tell
   */
  public record LockHolder(String who, @Nullable Instant since, @Nullable String work) {}
}
