package io.tidegate.engine.redis;

import io.tidegate.target.Engine;
import io.tidegate.target.EngineTraits;
import io.tidegate.target.EngineTraits.ChangelogKind;
import io.tidegate.target.Facts;
import io.tidegate.target.Probe;
import io.tidegate.target.Probe.ProbeMode;
import io.tidegate.target.Target;
import java.time.Duration;
import java.util.Set;

/** Waits for Redis and Valkey. Names no class of the driver, so that none is loaded before its time. */
public final class RedisEngine implements Engine {
  private static final EngineTraits TRAITS =
      new EngineTraits(
          "redis",
          "Redis",
          Set.of(
              "redis",
              "rediss",
              "valkey",
              "valkeys",
              "redis-sentinel",
              "rediss-sentinel",
              "redis-cluster",
              "rediss-cluster"),
          6379,
          ChangelogKind.NONE,
          true);

  @Override
  public EngineTraits traits() {
    return TRAITS;
  }

  @Override
  public Probe open(Target target, ProbeMode mode) {
    return RedisProbe.of(target, mode);
  }

  @Override
  public Facts facts(Target target, Duration timeout) throws InterruptedException {
    return RedisFacts.ask(target, timeout);
  }
}
