package io.tidegate.agent;

import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.Migration.MigrationOutcome;
import io.tidegate.migration.MigrationListener.LockHolder;
import io.tidegate.migration.MigrationStatus.Interrupted;
import io.tidegate.policy.Guard.Verdict;
import io.tidegate.replicas.ReplicaCount;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.Target;
import java.time.Duration;

/** What the agent's loop is told: the only way to change its state. */
sealed interface Event {

  /** The run entered a phase. */
  record Entered(AgentState state) implements Event {}

  /** A target was probed. */
  record Probed(Target target, ProbeResult result, Duration took) implements Event {}

  /** The rules were evaluated. */
  record Evaluated(ReplicaCount replicas, Verdict verdict) implements Event {}

  /** A migration waits for the lock that another holds. */
  record LockAwaited(Target target, LockHolder holder) implements Event {}

  /** A changeset begins. */
  record ChangesetStarted(Target target, ChangesetId changeset, int number, int of)
      implements Event {}

  /** A changeset is applied. */
  record ChangesetApplied(Target target, ChangesetId changeset, Duration took) implements Event {}

  /** A changeset is tried again, since another session was in the way. */
  record ChangesetRetried(Target target, ChangesetId changeset, String why) implements Event {}

  /** A changeset was interrupted in an earlier run, which ends this migration. */
  record ChangesetInterrupted(Target target, Interrupted what) implements Event {}

  /** A pending changeset destroys data or blocks the database. */
  record ChangesetRisky(Target target, ChangesetId changeset, String sentence) implements Event {}

  /** A migration has something to say to a person on call. */
  record Noticed(Target target, String sentence) implements Event {}

  /** A migration is done. */
  record Migrated(Target target, MigrationOutcome outcome) implements Event {}

  /** A migration failed. */
  record MigrationFailed(Target target) implements Event {}

  /** What watches a target has ended, which it never should. */
  record WatcherDied(Target target, Throwable thrown) implements Event {}

  /** The replicas could not be counted again: what was known of them stays. */
  record RecountFailed(Throwable thrown) implements Event {}
}
