package io.tidegate.settings;

import java.time.Duration;

/**
 * How targets are watched after the start.
 *
 * @param interval between the probes of one target
 * @param failures in a row that make a target unready
 */
public record WatchSettings(Duration interval, int failures) {
  /** What holds where nothing is declared. */
  public static final WatchSettings DEFAULT = new WatchSettings(Duration.ofSeconds(5), 3);
}
