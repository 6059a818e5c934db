package io.tidegate.manifest;

import java.io.InputStream;
import java.time.LocalDate;
import java.util.Map;

/**
 * How files are judged.
 *
 * @param merge whether all Compose files are one project, laid over each other in the order given
 * @param environment the variables with which Compose files are filled in, before {@code .env}
 * @param stdin what {@code -} reads
 * @param today the day on which acceptances must still hold
 */
public record CheckOptions(
    boolean merge, Map<String, String> environment, InputStream stdin, LocalDate today) {
  /** Copies the map. */
  public CheckOptions {
    environment = Map.copyOf(environment);
  }

  /** Without the environment, which may hold secrets. */
  @Override
  public String toString() {
    return "CheckOptions[merge=" + merge + "]";
  }
}
