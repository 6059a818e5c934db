package io.tidegate.cli;

import io.tidegate.agent.AgentState;
import io.tidegate.agent.Snapshot.SnapshotSource;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a run on SIGTERM: interrupts its thread and gives it time to tidy up, then lets the JVM end,
 * which exits with 143 by itself.
 */
final class Stop implements AutoCloseable {
  /** How long any phase but migrating may take to end. */
  private static final Duration TIDY = Duration.ofMillis(900);

  private final Thread runner;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook = new Thread(this::stop, "sigterm");
  private volatile Duration stopGrace = Duration.ZERO;
  private volatile @Nullable SnapshotSource snapshots;

  private Stop(Thread runner) {
    this.runner = runner;
  }

  static Stop onSigterm(Thread runner) {
    Stop stop = new Stop(runner);
    Runtime.getRuntime().addShutdownHook(stop.hook);
    return stop;
  }

  /** How long a changeset that runs may take to end, beyond what any phase may. */
  void patience(Duration grace) {
    stopGrace = grace;
  }

  /** Where to look whether a migration runs. */
  void watch(SnapshotSource agent) {
    snapshots = agent;
  }

  private void stop() {
    SnapshotSource agent = snapshots;
    boolean migrating = agent != null && agent.snapshot().state() instanceof AgentState.Migrating;
    Duration patience = migrating ? TIDY.plus(stopGrace) : TIDY;
    runner.interrupt();
    try {
      var _ = ended.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The process may end now. */
  void tidied() {
    ended.countDown();
  }

  @Override
  public void close() {
    tidied();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is ending already: that is what the hook waited for.
      return;
    }
  }
}
