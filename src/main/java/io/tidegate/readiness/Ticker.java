package io.tidegate.readiness;

import java.time.Duration;

/** Elapsed time and sleep: a clock that does not jump, and that a test can turn. */
public interface Ticker {
  /** The system's own. */
  Ticker SYSTEM =
      new Ticker() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
          Thread.sleep(duration);
        }
      };

  /** Nanoseconds since some moment; only differences mean anything. */
  long nanos();

  /** Sleeps for that long. */
  void sleep(Duration duration) throws InterruptedException;

  /** The time since a moment that {@link #nanos} gave. */
  default Duration since(long nanos) {
    return Duration.ofNanos(nanos() - nanos);
  }
}
