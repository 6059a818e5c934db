package io.tidegate.config;

import java.time.Duration;

/**
 * How targets are watched after the start.
 *
 * @param interval between the probes of one target
 * @param failures in a row that make a target unready
 * @param recount between two counts of the replicas: a scale-up is noticed within so long
 */
public record WatchSettings(Duration interval, int failures, Duration recount) {
  /** What holds where nothing is declared. */
  public static final WatchSettings DEFAULT =
      new WatchSettings(Duration.ofSeconds(5), 3, Duration.ofSeconds(30));
}
