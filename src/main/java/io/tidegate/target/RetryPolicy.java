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
          /* deadline= */ Duration.ofMinutes(5),
          /* attempt= */ Duration.ofSeconds(5),
          /* firstDelay= */ Duration.ofMillis(50),
          /* earlyCap= */ Duration.ofMillis(100),
          /* lateCap= */ Duration.ofSeconds(1),
          /* successes= */ 1,
          /* grace= */ Duration.ofSeconds(15));
}
