package io.tidegate.agent;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one owner of the agent's state. It takes events one by one, publishes the snapshot that
 * follows, has the narrator tell of it, and beats its heart at least once a second whatever else
 * happens: probes, migrations and requests run on other threads.
 */
final class Loop implements Bulletin, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
  private static final Duration BEAT = Duration.ofSeconds(1);

  private record Parcel(Event event, CountDownLatch taken) {}

  private final BlockingQueue<Parcel> events = new LinkedBlockingQueue<>();
  private final StateKeeper keeper;
  private final Narrator narrator;
  private final Clock clock;
  private final Thread thread;
  private volatile Snapshot snapshot;
  private volatile long heartbeat = System.nanoTime();

  Loop(Snapshot first, StateKeeper keeper, Narrator narrator, Clock clock) {
    this.snapshot = first;
    this.keeper = keeper;
    this.narrator = narrator;
    this.clock = clock;
    // A platform thread: it must beat even if every carrier of virtual threads were pinned.
    this.thread = Thread.ofPlatform().name("agent").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Hands over an event and returns at once. */
  void tell(Event event) {
    events.add(new Parcel(event, new CountDownLatch(0)));
  }

  /** Hands over an event and returns when it, and all before it, are in the snapshot. */
  void tellAndWait(Event event) throws InterruptedException {
    CountDownLatch taken = new CountDownLatch(1);
    events.add(new Parcel(event, taken));
    taken.await();
  }

  private void run() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        Parcel parcel = events.poll(BEAT.toMillis(), TimeUnit.MILLISECONDS);
        heartbeat = System.nanoTime();
        if (parcel == null) {
          narrator.tick(snapshot);
        } else {
          take(parcel);
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void take(Parcel parcel) {
    try {
      Snapshot before = snapshot;
      Snapshot after = keeper.after(before, parcel.event(), clock.instant());
      snapshot = after;
      narrator.tell(parcel.event(), before, after);
      narrator.tick(after);
    } catch (RuntimeException e) {
      // A fault in telling must not stop the heart.
      LOG.error("bug: the agent's loop could not take {}", parcel.event().getClass(), e);
    } finally {
      parcel.taken().countDown();
    }
  }

  @Override
  public Snapshot snapshot() {
    return snapshot;
  }

  @Override
  public Duration sinceHeartbeat() {
    return Duration.ofNanos(System.nanoTime() - heartbeat);
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
