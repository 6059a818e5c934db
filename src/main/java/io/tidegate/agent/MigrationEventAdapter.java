package io.tidegate.agent;

import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.Interrupted;
import io.tidegate.migration.LockHolder;
import io.tidegate.migration.MigrationListener;
import io.tidegate.target.Target;
import java.time.Duration;

/** Passes what a migration does on to the agent's loop. */
record MigrationEventAdapter(SnapshotStore loop, Target target) implements MigrationListener {

  @Override
  public void waiting(LockHolder holder) {
    loop.tell(new Event.LockAwaited(target, holder));
  }

  @Override
  public void started(ChangesetId changeset, int number, int of) {
    loop.tell(new Event.ChangesetStarted(target, changeset, number, of));
  }

  @Override
  public void applied(ChangesetId changeset, Duration took) {
    loop.tell(new Event.ChangesetApplied(target, changeset, took));
  }

  @Override
  public void retrying(ChangesetId changeset, String why) {
    loop.tell(new Event.ChangesetRetried(target, changeset, why));
  }

  @Override
  public void interrupted(Interrupted what) {
    loop.tell(new Event.ChangesetInterrupted(target, what));
  }

  @Override
  public void noticed(String sentence) {
    loop.tell(new Event.Noticed(target, sentence));
  }
}
