package io.tidegate.agent;

import java.time.Duration;

/** What the agent's loop publishes, as readers see it. Reading is a volatile read and nothing else. */
public interface Bulletin {

  /** The latest snapshot. */
  Snapshot snapshot();

  /** How long ago the loop last showed that it is alive, by a clock that does not jump. */
  Duration sinceHeartbeat();
}
