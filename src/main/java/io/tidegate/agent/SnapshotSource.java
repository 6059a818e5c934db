package io.tidegate.agent;

import java.time.Duration;

/** What the agent's loop publishes, as readers see it. Reading is a volatile read and nothing else. */
public interface SnapshotSource {
  /** The age of a heartbeat that will not come again. */
  Duration STOPPED = Duration.ofDays(365);

  /** The latest snapshot. */
  Snapshot snapshot();

  /**
   * How long ago the agent last showed that it is alive, by a clock that does not jump. {@link
   * #STOPPED} as soon as its loop, or what watches one of its targets, has died: what is published
   * no longer follows what happens.
   */
  Duration sinceHeartbeat();
}
