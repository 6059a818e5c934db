package io.tidegate.engine.mongodb;

import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationListener.LockHolder;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Waits for the lease until it is free or has run out. */
final class LeaseQueue {
  private static final long SHORTEST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 400;

  private final String target;
  private final MongoLease lease;
  private final Duration heartbeat;
  private final Duration patience;
  private final CountDownLatch stop;

  /** Waits for so long at most, and no longer than until it is told to stop. */
  LeaseQueue(
      String target, MongoLease lease, Duration heartbeat, Duration patience, CountDownLatch stop) {
    this.target = target;
    this.lease = lease;
    this.heartbeat = heartbeat;
    this.patience = patience;
    this.stop = stop;
  }

  /**
   * The lease, which the caller closes.
   *
   * @param listener is told who holds it while it is not free
   * @throws ProblemException with exit 75 if it is not free in time; with exit 78, and nothing was
   *     written, if the server cannot hold a lease
   * @throws InterruptedException if told to stop
   */
  HeldLease take(MigrationListener listener) throws InterruptedException {
    String unfit = lease.serverWithoutAtomicUpdates();
    if (unfit != null) {
      throw unfit(unfit);
    }
    long begun = System.nanoTime();
    LockHolder told = null;
    while (true) {
      Optional<Long> token = lease.tryTake();
      if (token.isPresent()) {
        return new HeldLease(lease, token.get(), heartbeat);
      }
      LockHolder holder = lease.holder();
      if (holder != null && !holder.equals(told)) {
        listener.waiting(holder);
        told = holder;
      }
      if (System.nanoTime() - begun >= patience.toNanos()) {
        throw notInTime(told);
      }
      long pause =
          ThreadLocalRandom.current().nextLong(SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS);
      if (stop.await(pause, TimeUnit.MILLISECONDS)) {
        throw new InterruptedException("told to stop while waiting for the lease");
      }
    }
  }

  private ProblemException unfit(String server) {
    return new ProblemException(
        new Problem(
            ExitCode.REFUSED,
            "%s does not update documents atomically, so that two replicas could migrate at once"
                .formatted(server),
            "target " + target,
            "Use MongoDB, DocumentDB or FerretDB 2, or leave out the changelog: without one the target is"
                + " only waited for"));
  }

  private ProblemException notInTime(@Nullable LockHolder holder) {
    String who =
        holder == null
            ? "another migrator"
            : holder.who()
                + (holder.since() == null ? "" : " since " + holder.since())
                + (holder.work() == null ? "" : ", working on " + holder.work());
    return new ProblemException(
        new Problem(
            ExitCode.LOCKED,
            "the migration lease was not free within %d s: it is held by %s"
                .formatted(patience.toSeconds(), who),
            "target " + target,
            "Wait until it is done, or end that process: its lease then runs out within %d s"
                .formatted(lease.length().toSeconds())));
  }
}
