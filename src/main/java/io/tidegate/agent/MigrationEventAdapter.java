package io.tidegate.agent;

import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationListener.LockHolder;
import io.tidegate.migration.MigrationStatus.Interrupted;
import io.tidegate.target.Target;
import java.time.Duration;

/** Passes what a migration does on to the agent's loop. */
record MigrationEventAdapter(SnapshotStore loop, Target target) implements MigrationListener {

  @Override
  public void waiting(LockHolder holder) {
    loop.submit(new Event.LockAwaited(target, holder));
  }

  @Override
  public void started(ChangesetId changeset, int number, int of) {
    loop.submit(new Event.ChangesetStarted(target, changeset, number, of));
  }

  @Override
  public void applied(ChangesetId changeset, Duration took) {
    loop.submit(new Event.ChangesetApplied(target, changeset, took));
  }

  @Override
  public void retrying(ChangesetId changeset, String why) {
    loop.submit(new Event.ChangesetRetried(target, changeset, why));
  }

  @Override
  public void interrupted(Interrupted what) {
    loop.submit(new Event.ChangesetInterrupted(target, what));
  }

  @Override
  public void noticed(String sentence) {
    loop.submit(new Event.Noticed(target, sentence));
  }
}
