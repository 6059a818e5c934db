package io.tidegate.engine.mongodb;

import com.mongodb.MongoException;
import com.mongodb.client.MongoDatabase;
import io.tidegate.engine.mongodb.MongoLease.LeaseLostException;
import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.Migration.MigrationOutcome;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationStatus.Interrupted;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One run over a changelog. */
final class MigrationRun {
  /** How long a former holder that lost its lease may take to clear what it did not send. */
  private static final int CLEARING_TRIES = 20;

  private static final long CLEARING_PAUSE_MILLIS = 100;

  private final String target;
  private final CommandDirectory directory;
  private final LeaseQueue queue;
  private final MigrationJournal journal;
  private final CommandRunner runner;
  private final MigrationListener listener;
  private final CountDownLatch stop;

  MigrationRun(
      String target,
      MongoDatabase database,
      CommandDirectory directory,
      LeaseQueue queue,
      MigrationListener listener,
      CountDownLatch stop) {
    this.target = target;
    this.directory = directory;
    this.queue = queue;
    this.journal = new MigrationJournal(database);
    this.runner = new CommandRunner(target, database, journal);
    this.listener = listener;
    this.stop = stop;
  }

  /**
   * Applies what is pending.
   *
   * @throws LeaseLostException if the lease went to another meanwhile
   * @throws InterruptedException if told to stop; the current command is finished
   */
  MigrationOutcome run() throws InterruptedException {
    long begun = System.nanoTime();
    MongoChangelogComparison comparison = comparison();
    // What is applied stays applied, so no lease is needed to see that nothing is to be done.
    if (comparison.pending().isEmpty()) {
      return outcome(comparison, 0, begun, Duration.ZERO);
    }
    long queued = System.nanoTime();
    try (HeldLease held = queue.take(listener)) {
      Duration waited = Duration.ofNanos(System.nanoTime() - queued);
      comparison = comparison();
      comparison.refuseInterrupted();
      int number = 0;
      for (MongoChangelogFile source : comparison.pending()) {
        number++;
        long started = System.nanoTime();
        listener.started(source.changeset(), number, comparison.pending().size());
        apply(CommandFile.read(source), comparison.journal().get(source.name()), held);
        listener.applied(source.changeset(), Duration.ofNanos(System.nanoTime() - started));
      }
      return outcome(comparison, number, begun, waited);
    }
  }

  private MongoChangelogComparison comparison() {
    MongoChangelogComparison comparison =
        MongoChangelogComparison.of(directory, journal.read(), target);
    comparison.refuseChanged();
    return comparison;
  }

  private static MigrationOutcome outcome(
      MongoChangelogComparison comparison, int applied, long begun, Duration waited) {
    return new MigrationOutcome(
        applied,
        comparison.known().size(),
        comparison.unexpected().size(),
        Duration.ofNanos(System.nanoTime() - begun),
        waited,
        0);
  }

  private void apply(
      CommandFile file, @org.jspecify.annotations.Nullable JournalEntry entry, HeldLease held)
      throws InterruptedException {
    boolean begunHere = false;
    int next = 0;
    if (entry == null) {
      stopIfTold();
      begunHere = begin(file, held);
    } else {
      next = entry.done();
      if (!journal.adopt(entry, file, held.token(), held.owner())) {
        throw new LeaseLostException();
      }
    }
    if (next >= file.size() && !journal.complete(file, held.token())) {
      throw new LeaseLostException();
    }
    for (int i = next; i < file.size(); i++) {
      boolean written = begunHere && i == 0;
      if (!written) {
        stopIfTold();
        if (!journal.sending(file, held.token(), i)) {
          throw new LeaseLostException();
        }
      }
      confirm(file, i, held);
      runner.run(file, i, held.token());
    }
  }

  private void stopIfTold() throws InterruptedException {
    if (stop.getCount() == 0) {
      throw new InterruptedException("told to stop between two commands");
    }
  }

  private boolean begin(CommandFile file, HeldLease held) throws InterruptedException {
    for (int i = 0; i < CLEARING_TRIES; i++) {
      if (journal.begin(file, held.token(), held.owner())) {
        return true;
      }
      // Somebody wrote it since the comparison: our successor, or our predecessor, who wakes up.
      held.confirm(file.name());
      JournalEntry entry = journal.read(file.name());
      if (entry != null && !entry.uncertain() && !entry.applied() && entry.done() == 0) {
        if (!journal.adopt(entry, file, held.token(), held.owner())) {
          throw new LeaseLostException();
        }
        return false;
      }
      if (stop.await(CLEARING_PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new InterruptedException("told to stop");
      }
    }
    JournalEntry entry = journal.read(file.name());
    if (entry == null || !entry.uncertain()) {
      throw new LeaseLostException();
    }
    throw new ProblemException(Interruption.problem(entry, target));
  }

  /** The last look before a command is sent; what was written as sent is cleared if it fails. */
  private void confirm(CommandFile file, int index, HeldLease held) {
    try {
      held.confirm("%s, command %d of %d".formatted(file.name(), index + 1, file.size()));
    } catch (LeaseLostException | MongoException e) {
      journal.notDone(file.name(), held.token(), index);
      throw e;
    }
  }

  /** Tells of a changeset that was interrupted. */
  static final class Interruption {
    private Interruption() {}

    static Interrupted of(JournalEntry entry) {
      return new Interrupted(
          new ChangesetId(entry.id(), entry.id(), ""),
          entry.startedAt(),
          entry.by(),
          entry.uncertainCommand());
    }

    static Problem problem(JournalEntry entry, String target) {
      return new Problem(
          ExitCode.CHANGELOG,
          "changeset %s, begun %s by %s, was interrupted: %s was sent, and whether it took effect is not known"
              .formatted(
                  entry.id(),
                  entry.startedAt() == null ? "at an unknown time" : "at " + entry.startedAt(),
                  entry.by(),
                  entry.uncertainCommand()),
          "target " + target,
          "Make sure that it no longer runs (db.currentOp()) and look at what it should have changed; "
              + "then run: tidegate resolve %s %s --applied (it took full effect) or --not-applied (it took none), with --reason"
                  .formatted(target, entry.id()));
    }
  }
}
