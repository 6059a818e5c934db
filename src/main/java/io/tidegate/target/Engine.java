package io.tidegate.target;

import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Probe.ProbeMode;
import java.time.Duration;

/**
 * Knows one kind of backing service, chosen by URL scheme. Its class is light, so that nothing of a
 * driver is loaded until {@link #open} or {@link #facts} is called.
 */
public interface Engine {

  /** What kind of service it is and which URL schemes name it. Constant, cheap, loads no driver. */
  EngineTraits traits();

  /**
   * Prepares probing one target. Does no network work itself.
   *
   * @throws io.tidegate.problem.ProblemException if the target's settings cannot be used by this
   *     engine
   */
  Probe open(Target target, ProbeMode mode);

  /**
   * Asks a target that has answered what only the live server can tell: durability, persistence,
   * version. Each fact that the server refuses to tell is {@link Fact.Unknown} with its reason.
   *
   * @param timeout for all questions together
   * @throws InterruptedException if the thread is interrupted while asking
   */
  Facts facts(Target target, Duration timeout) throws InterruptedException;
}
