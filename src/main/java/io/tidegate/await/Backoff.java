package io.tidegate.await;

import io.tidegate.engine.Patience;
import io.tidegate.engine.Reason;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Exponential backoff with full jitter: each delay is drawn evenly between nothing and a bound that
 * doubles. The bound's cap is small at first, when a server is likely to come up at any moment, and
 * larger later.
 */
final class Backoff {
  /** For so long the early cap holds. */
  static final Duration EARLY = Duration.ofSeconds(30);

  private final Patience patience;
  private final RandomGenerator random;
  private long boundNanos;

  Backoff(Patience patience, RandomGenerator random) {
    this.patience = patience;
    this.random = random;
    this.boundNanos = patience.firstDelay().toNanos();
  }

  /**
   * The next delay.
   *
   * @param waited how long the target has been awaited
   * @param reason why the last attempt failed: a server that has too many connections is asked
   *     rarely from the start, so as not to add to its load
   */
  Duration next(Duration waited, Reason reason) {
    if (reason == Reason.OVERLOADED) {
      long cap = patience.lateCap().toNanos();
      return Duration.ofNanos(cap / 2 + random.nextLong(cap / 2 + 1));
    }
    Duration cap = waited.compareTo(EARLY) < 0 ? patience.earlyCap() : patience.lateCap();
    long bound = Math.min(boundNanos, cap.toNanos());
    boundNanos = Math.min(boundNanos * 2, patience.lateCap().toNanos());
    return Duration.ofNanos(random.nextLong(bound + 1));
  }
}
