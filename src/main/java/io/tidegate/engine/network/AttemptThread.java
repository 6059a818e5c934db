package io.tidegate.engine.network;

import io.tidegate.target.ProbeResult;
import io.tidegate.target.Reason;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs one attempt at a time on a thread of its own, so that an attempt ends in time whatever its
 * driver does. Drivers count each silence of the server, not the sum. An interrupt closes the socket
 * that a virtual thread waits for; native code pins its carrier, so it gets a platform thread.
 */
public final class AttemptThread implements AutoCloseable {
  /** How long a closed attempt may take to let go of its socket. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final Thread.Builder builder;
  private @Nullable Thread running;
  private boolean closed;

  /**
   * Starts nothing yet.
   *
   * @param name of each attempt's thread
   * @param nativeCode whether the driver waits in native code
   */
  public AttemptThread(String name, boolean nativeCode) {
    builder = nativeCode ? Thread.ofPlatform().daemon().name(name) : Thread.ofVirtual().name(name);
  }

  /**
   * Runs one attempt, after the one before it has let go.
   *
   * @param work throws nothing that is meant to be an outcome
   */
  public ProbeResult run(Callable<ProbeResult> work, Duration timeout) throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    Thread former = current();
    if (former != null && !former.join(timeout)) {
      return new ProbeResult.NotYet(
          Reason.NO_ANSWER, "an earlier attempt still waits for an answer");
    }
    FutureTask<ProbeResult> task = new FutureTask<>(work);
    Thread thread = start(task);
    if (thread == null) {
      return new ProbeResult.NotYet(Reason.OTHER, "it is no longer watched");
    }
    try {
      ProbeResult result = task.get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      // Its result is there, so it ends at once: with it, nothing of the attempt is left.
      thread.join(LAST_WORDS);
      return result;
    } catch (TimeoutException e) {
      thread.interrupt();
      return new ProbeResult.NotYet(
          Reason.NO_ANSWER, "no answer within %d ms".formatted(timeout.toMillis()));
    } catch (InterruptedException e) {
      thread.interrupt();
      throw e;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException("an attempt failed unexpectedly", e.getCause());
    }
  }

  private synchronized @Nullable Thread current() {
    return running;
  }

  private synchronized @Nullable Thread start(Runnable task) {
    if (closed) {
      return null;
    }
    running = builder.unstarted(task);
    running.start();
    return running;
  }

  /** Ends a running attempt; none is begun any more. */
  @Override
  public void close() {
    Thread last;
    synchronized (this) {
      closed = true;
      last = running;
    }
    if (last != null) {
      last.interrupt();
      try {
        last.join(LAST_WORDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
