package io.tidegate.readiness;

import io.tidegate.target.ProbeResult;
import io.tidegate.target.Target;
import java.time.Duration;

/** Is told each attempt's outcome. Called by the threads of all targets at once. */
public interface AwaitListener {

  /** An attempt ended. */
  void probed(Target target, ProbeResult result, Duration took);
}
