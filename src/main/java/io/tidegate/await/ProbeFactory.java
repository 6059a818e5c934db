package io.tidegate.await;

import io.tidegate.engine.Probe;
import io.tidegate.engine.Target;

/** Gives the probe of a target, which the caller closes. */
@FunctionalInterface
public interface ProbeFactory {

  /** Does no network work itself. */
  Probe open(Target target);
}
