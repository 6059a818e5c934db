package io.tidegate.readiness;

import io.tidegate.target.Probe;
import io.tidegate.target.Target;

/** Gives the probe of a target, which the caller closes. */
@FunctionalInterface
public interface ProbeFactory {

  /** Does no network work itself. */
  Probe open(Target target);
}
