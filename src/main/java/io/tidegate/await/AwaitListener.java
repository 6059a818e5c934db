package io.tidegate.await;

import io.tidegate.engine.ProbeResult;
import io.tidegate.engine.Target;
import java.time.Duration;

/** Is told each attempt's outcome. Called by the threads of all targets at once. */
public interface AwaitListener {

  /** An attempt ended. */
  void probed(Target target, ProbeResult result, Duration took);
}
