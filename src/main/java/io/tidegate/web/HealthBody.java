package io.tidegate.web;

import io.micronaut.core.annotation.Introspected;
import java.util.Map;

/**
 * The body of {@code /health} and what is below it.
 *
 * @param name the program, the target, or {@code loop} for the agent's own
 * @param status {@code UP} or {@code DOWN}
 * @param details of its parts, by their names
 */
@Introspected
record HealthBody(String name, String status, Map<String, HealthBody> details) {
  private static final String UP = "UP";

  static HealthBody of(String name, boolean up, Map<String, HealthBody> details) {
    return new HealthBody(name, up ? UP : "DOWN", details);
  }

  /** Whether all is well. */
  boolean up() {
    return status.equals(UP);
  }
}
