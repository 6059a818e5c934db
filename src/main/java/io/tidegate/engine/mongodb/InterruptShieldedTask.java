package io.tidegate.engine.mongodb;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs work on a thread of its own, so that interrupting the caller does not tear the connection
 * under a command that runs: the work is told to stop at its next step instead.
 */
final class InterruptShieldedTask {
  private InterruptShieldedTask() {}

  /** Work that looks at its stop signal between its steps. */
  interface Work<T> {
    /**
     * Does the work.
     *
     * @param stop zero as soon as the work shall end
     * @throws InterruptedException if it ended since it was told to stop
     */
    T run(CountDownLatch stop) throws InterruptedException;
  }

  /**
   * The work's result.
   *
   * @param grace how long the work may go on after the caller was interrupted
   * @throws InterruptedException if the caller was interrupted; the work has ended, or its grace has
   */
  static <T> T call(String name, Duration grace, Work<T> work) throws InterruptedException {
    CountDownLatch stop = new CountDownLatch(1);
    FutureTask<T> task = new FutureTask<>(() -> work.run(stop));
    Thread thread = Thread.ofVirtual().name(name).start(task);
    try {
      return result(task);
    } catch (InterruptedException e) {
      stop.countDown();
      try {
        task.get(grace.toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException | TimeoutException ended) {
        // Whatever it says, the caller is to stop.
        e.addSuppressed(ended);
      }
      thread.interrupt();
      throw e;
    }
  }

  private static <T> T result(FutureTask<T> task) throws InterruptedException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case InterruptedException stopped -> throw stopped;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }
}
