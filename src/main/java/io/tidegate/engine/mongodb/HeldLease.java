package io.tidegate.engine.mongodb;

import com.mongodb.MongoException;
import io.tidegate.engine.mongodb.MongoLease.LeaseLostException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A lease that was taken, kept alive by a thread of its own until it is closed or lost. */
final class HeldLease implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HeldLease.class);

  private final MongoLease lease;
  private final long token;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicBoolean lost = new AtomicBoolean();
  private final Thread heartbeat;

  /**
   * Starts the heartbeat.
   *
   * @param token what the lease was taken with
   * @param every the time between two renewals
   */
  HeldLease(MongoLease lease, long token, Duration every) {
    this.lease = lease;
    this.token = token;
    this.heartbeat =
        Thread.ofVirtual().name("mongodb-migration-lease").start(() -> renewEvery(every));
  }

  /** Grows each time the lease changes hands. */
  long token() {
    return token;
  }

  LeaseOwner owner() {
    return lease.owner();
  }

  private void renewEvery(Duration every) {
    try {
      while (!closed.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
        if (!renewed(null)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** True also where the server did not answer: the next renewal, or the holder's check, decides. */
  private boolean renewed(@Nullable String work) {
    try {
      if (!lease.renew(token, work)) {
        lost.set(true);
      }
    } catch (MongoException | IllegalStateException e) {
      // The latter is the driver's for a client that is closed: whoever was to wait for this, did
      // not.
      if (closed.getCount() > 0) {
        LOG.warn("The migration lease could not be renewed: {}", e.getClass().getSimpleName());
      }
    }
    return !lost.get();
  }

  /**
   * Makes sure, on the server, that the lease is still held, and renews it. To be called right
   * before each change.
   *
   * @param work what will be done, for those who wait
   * @throws LeaseLostException if another has taken it
   */
  void confirm(String work) {
    long asked;
    do {
      asked = System.nanoTime();
      if (lost.get() || !lease.renew(token, work)) {
        lost.set(true);
        throw new LeaseLostException();
      }
      // An answer that was slept over proves nothing: ask again.
    } while (System.nanoTime() - asked >= lease.length().toNanos());
  }

  /** Ends the heartbeat and gives the lease up. A server that does not answer is left alone. */
  @Override
  public void close() {
    closed.countDown();
    try {
      heartbeat.join(lease.length());
      if (!lost.get()) {
        lease.release(token);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (MongoException e) {
      LOG.warn(
          "The migration lease could not be released and runs out by itself in {} s: {}",
          lease.length().toSeconds(),
          e.getClass().getSimpleName());
    }
  }
}
