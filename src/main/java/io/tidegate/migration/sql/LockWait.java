package io.tidegate.migration.sql;

import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationListener.LockHolder;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the migration lock by asking for it again and again, with jitter. A session that waits
 * inside a statement would hold a snapshot, and {@code CREATE INDEX CONCURRENTLY} of the holder would
 * never end.
 */
final class LockWait {
  private static final int SHORTEST_PAUSE_MILLIS = 50;
  private static final int LONGEST_PAUSE_MILLIS = 400;

  private final MigrationLock lock;
  private final Duration limit;
  private final String target;

  LockWait(MigrationLock lock, Duration limit, String target) {
    this.lock = lock;
    this.limit = limit;
    this.target = target;
  }

  /**
   * Returns when the lock is ours.
   *
   * @return how long that took
   * @throws ProblemException with exit 75 when the limit is reached, naming the holder
   */
  Duration acquire(MigrationListener listener) throws SQLException, InterruptedException {
    long start = System.nanoTime();
    @Nullable LockHolder told = null;
    while (!lock.tryAcquire()) {
      LockHolder holder = lock.holder();
      if (holder != null && !Objects.equals(holder, told)) {
        listener.waiting(holder);
        told = holder;
      }
      if (since(start).compareTo(limit) >= 0) {
        throw new ProblemException(refusal(told));
      }
      Thread.sleep(
          ThreadLocalRandom.current().nextInt(SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS));
    }
    return since(start);
  }

  private Problem refusal(@Nullable LockHolder holder) {
    String who =
        holder == null
            ? "another session, which the server does not name,"
            : holder.who()
                + (holder.since() == null ? "" : ", connected since " + holder.since() + ",")
                + (holder.work() == null ? "" : " working on \"" + holder.work() + "\"");
    return new Problem(
        ExitCode.LOCKED,
        "the migration lock was not free within %d s: %s holds it"
            .formatted(limit.toSeconds(), who),
        "target " + target,
        "Let that migration end or end its session; the lock is free at that moment. Raise the lock"
            + " wait if migrations take longer");
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
