package io.tidegate.readiness;

import io.tidegate.target.Reason;
import io.tidegate.target.RetryPolicy;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Exponential backoff with jitter: each delay is drawn evenly between half a bound, which doubles,
 * and the whole. The bound's cap is small at first, when a server is likely to come up at any
 * moment, and larger later. Half a bound is always waited: draws near nothing ask again where
 * nothing can have changed, and are paid for by long ones. Replicas that began in step are spread
 * evenly after some ten attempts.
 */
final class Backoff {
  /** For so long the early cap holds. */
  static final Duration EARLY = Duration.ofSeconds(30);

  /** How many times as often a schema is asked for, late. */
  private static final int SCHEMA_SHARE = 3;

  private final RetryPolicy retryPolicy;
  private final RandomGenerator random;
  private long boundNanos;

  Backoff(RetryPolicy retryPolicy, RandomGenerator random) {
    this.retryPolicy = retryPolicy;
    this.random = random;
    this.boundNanos = retryPolicy.firstDelay().toNanos();
  }

  /**
   * The next delay.
   *
   * @param waited how long the target has been awaited
   * @param reason why the last attempt failed: a server that has too many connections is asked
   *     rarely from the start, so as not to add to its load; and one whose schema is behind more often
   *     later, since it is up and asked for one small row
   */
  Duration next(Duration waited, Reason reason) {
    Duration cap =
        reason == Reason.OVERLOADED || waited.compareTo(EARLY) >= 0
            ? retryPolicy.lateCap()
            : retryPolicy.earlyCap();
    long bound = cap.toNanos();
    if (reason == Reason.SCHEMA && waited.compareTo(EARLY) >= 0) {
      bound /= SCHEMA_SHARE;
    }
    if (reason != Reason.OVERLOADED) {
      bound = Math.min(boundNanos, bound);
      boundNanos = Math.min(boundNanos * 2, retryPolicy.lateCap().toNanos());
    }
    return Duration.ofNanos(bound / 2 + random.nextLong(bound / 2 + 1));
  }
}
