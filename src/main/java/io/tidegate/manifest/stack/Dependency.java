package io.tidegate.manifest.stack;

import io.tidegate.manifest.source.Place;

/**
 * A service that is to start first.
 *
 * @param condition as Compose calls it
 */
public record Dependency(String service, String condition, Place place) {
  /** Only this waits until the other answers. */
  public static final String HEALTHY = "service_healthy";

  /** Waits until the other has ended well. */
  public static final String COMPLETED = "service_completed_successfully";
}
