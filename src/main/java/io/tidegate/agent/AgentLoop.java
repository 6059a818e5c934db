package io.tidegate.agent;

import io.tidegate.agent.Snapshot.SnapshotSource;
import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationListener.LockHolder;
import io.tidegate.migration.MigrationStatus.Interrupted;
import io.tidegate.target.Target;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one owner of the agent's state. It takes events one by one, publishes the snapshot that
 * follows, has the event logger report it, and beats its heart at least once a second whatever else
 * happens: probes, migrations and requests run on other threads.
 */
final class AgentLoop implements SnapshotSource, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AgentLoop.class);
  private static final Duration BEAT = Duration.ofSeconds(1);

  /** How long the last lines may take to be written when the loop is closed. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  /**
   * An event, and who waits for it.
   *
   * @param event null: nothing follows
   */
  private record Parcel(@Nullable Event event, CountDownLatch taken) {}

  private final BlockingQueue<Parcel> events = new LinkedBlockingQueue<>();
  private final EventLogger eventLogger = new EventLogger();
  private final int failuresToUnready;
  private final Clock clock;
  private final @Nullable RunTrace trace;
  private final Thread thread;
  private volatile Snapshot snapshot;
  private volatile long heartbeat = System.nanoTime();
  private volatile boolean watcherDied;
  private volatile @Nullable Error died;

  /**
   * Makes one that does not run yet.
   *
   * @param failuresToUnready how many failures in a row make a watched target not ready
   * @param trace is told of every event; null: nobody asks for a trace
   */
  AgentLoop(Snapshot first, int failuresToUnready, Clock clock, @Nullable RunTrace trace) {
    this.snapshot = first;
    this.failuresToUnready = failuresToUnready;
    this.clock = clock;
    this.trace = trace;
    // A platform thread: it must beat even if every carrier of virtual threads were pinned.
    this.thread = Thread.ofPlatform().name("agent").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Hands over an event and returns at once. */
  void submit(Event event) {
    events.add(new Parcel(event, new CountDownLatch(0)));
  }

  /**
   * Hands over an event and returns when it, and all before it, are in the snapshot.
   *
   * @throws IllegalStateException if the loop has died: nobody takes events any more
   */
  void submitAndWait(Event event) throws InterruptedException {
    CountDownLatch taken = new CountDownLatch(1);
    events.add(new Parcel(event, taken));
    boolean done;
    do {
      done = taken.await(BEAT.toMillis(), TimeUnit.MILLISECONDS);
      Error error = died;
      if (error != null || !(done || thread.isAlive())) {
        throw new IllegalStateException("the agent's loop has died: " + error, error);
      }
    } while (!done);
  }

  /** Reports that the thread that watches a target has died. From now on the agent does not count as alive. */
  void watcherDied(Target target, Throwable thrown) {
    watcherDied = true;
    submit(new Event.WatcherDied(target, thrown));
  }

  /** Takes what the migration of a target reports. */
  MigrationListener listener(Target target) {
    return new MigrationEvents(this, target);
  }

  private void run() {
    try {
      boolean open = true;
      while (open) {
        Parcel parcel = events.poll(BEAT.toMillis(), TimeUnit.MILLISECONDS);
        heartbeat = System.nanoTime();
        if (parcel != null) {
          open = parcel.event() != null;
          take(parcel);
        }
        tick();
      }
    } catch (InterruptedException e) {
      return;
    } catch (Error e) {
      die(e);
    }
  }

  private void take(Parcel parcel) {
    Event event = parcel.event();
    try {
      if (event != null) {
        Snapshot before = snapshot;
        Instant now = clock.instant();
        Snapshot after = before.after(event, now, failuresToUnready);
        snapshot = after;
        if (trace != null) {
          trace.submit(event, after, now);
        }
        eventLogger.submit(event, before, after);
      }
    } catch (RuntimeException e) {
      // A fault in telling must not stop the heart.
      LOG.error("bug: the agent's loop could not take an event", e);
    }
    parcel.taken().countDown();
  }

  private void tick() {
    try {
      eventLogger.tick(snapshot);
    } catch (RuntimeException e) {
      LOG.error("bug: the agent's loop could not sum up", e);
    }
  }

  /** Lets everybody know: who waits for the loop, who asks whether it is alive, and who reads the log. */
  private void die(Error error) {
    died = error;
    try {
      // By no clock of ours: it may be what has failed.
      snapshot = snapshot.afterDeath("the agent's loop", error, Instant.now());
    } finally {
      LOG.error("bug: the agent's loop has died", error);
    }
  }

  @Override
  public Snapshot snapshot() {
    return snapshot;
  }

  @Override
  public Duration sinceHeartbeat() {
    return watcherDied || died != null ? STOPPED : Duration.ofNanos(System.nanoTime() - heartbeat);
  }

  /** Takes all that it was told before, so that no line of the log is lost, and ends. */
  @Override
  public void close() {
    events.add(new Parcel(null, new CountDownLatch(0)));
    try {
      if (!thread.join(LAST_WORDS)) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  /** Submits what a migration reports. */
  private record MigrationEvents(AgentLoop loop, Target target) implements MigrationListener {

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
    public void risky(ChangesetId changeset, String sentence) {
      loop.submit(new Event.ChangesetRisky(target, changeset, sentence));
    }

    @Override
    public void noticed(String sentence) {
      loop.submit(new Event.Noticed(target, sentence));
    }
  }
}
