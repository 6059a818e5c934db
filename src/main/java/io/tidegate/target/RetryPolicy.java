package io.tidegate.target;

import java.time.Duration;

/**
 * How a target is awaited.
 *
 * @param deadline how long in all
 * @param attempt how long one attempt may take
 * @param firstDelay the backoff's first bound
 * @param earlyCap the backoff's upper bound during the first 30 s
 * @param lateCap the backoff's upper bound after that
 * @param successes how many in a row make a target ready
 * @param grace how long a permanent error may last before the wait is given up
 */
public record RetryPolicy(
    Duration deadline,
    Duration attempt,
    Duration firstDelay,
    Duration earlyCap,
    Duration lateCap,
    int successes,
    Duration grace) {
  /** What holds where nothing is declared. */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(
          Duration.ofMinutes(5),
          Duration.ofSeconds(5),
          Duration.ofMillis(50),
          Duration.ofMillis(100),
          Duration.ofSeconds(1),
          1,
          Duration.ofSeconds(15));
}
