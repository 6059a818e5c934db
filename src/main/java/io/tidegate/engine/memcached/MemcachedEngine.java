package io.tidegate.engine.memcached;

import io.tidegate.target.Engine;
import io.tidegate.target.EngineTraits;
import io.tidegate.target.EngineTraits.ChangelogKind;
import io.tidegate.target.Facts;
import io.tidegate.target.Probe;
import io.tidegate.target.Probe.ProbeMode;
import io.tidegate.target.Target;
import java.time.Duration;
import java.util.Set;

/** Waits for Memcached. */
public final class MemcachedEngine implements Engine {
  private static final EngineTraits TRAITS =
      new EngineTraits(
          "memcached", "Memcached", Set.of("memcached"), 11_211, ChangelogKind.NONE, false);

  @Override
  public EngineTraits traits() {
    return TRAITS;
  }

  @Override
  public Probe open(Target target, ProbeMode mode) {
    return new MemcachedProbe(target);
  }

  @Override
  public Facts facts(Target target, Duration timeout) throws InterruptedException {
    try (MemcachedProbe probe = new MemcachedProbe(target)) {
      return probe.facts(timeout);
    }
  }
}
