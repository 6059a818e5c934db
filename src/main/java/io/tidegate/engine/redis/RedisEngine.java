package io.tidegate.engine.redis;

import io.tidegate.replicas.ReplicaSource;
import io.tidegate.replicas.SessionNames;
import io.tidegate.replicas.SessionReplicas;
import io.tidegate.target.Engine;
import io.tidegate.target.EngineTraits;
import io.tidegate.target.EngineTraits.ChangelogKind;
import io.tidegate.target.Facts;
import io.tidegate.target.Probe;
import io.tidegate.target.Probe.ProbeMode;
import io.tidegate.target.Target;
import java.time.Duration;
import java.util.List;
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

  private final SessionNames names;

  /** Its sessions have no names. */
  public RedisEngine() {
    this(new SessionNames());
  }

  /** Its watching sessions have these names, as soon as there are any. */
  public RedisEngine(SessionNames names) {
    this.names = names;
  }

  @Override
  public EngineTraits traits() {
    return TRAITS;
  }

  @Override
  public Probe open(Target target, ProbeMode mode) {
    boolean named = mode == ProbeMode.WATCH && keepsSession(target);
    return RedisProbe.of(target, mode, named ? names.of(target).orElse(null) : null);
  }

  @Override
  public Facts facts(Target target, Duration timeout) throws InterruptedException {
    return RedisFacts.ask(target, timeout);
  }

  /** Those that count replicas by the sessions on a target's server: one for each single server. */
  public List<ReplicaSource> sessions(List<Target> targets) {
    return targets.stream()
        .filter(target -> TRAITS.schemes().contains(target.url().scheme()))
        .filter(RedisEngine::keepsSession)
        .<ReplicaSource>map(
            target -> new SessionReplicas(target, names, "CLIENT LIST", new RedisSessions(target)))
        .toList();
  }

  /** With Sentinel and Cluster each attempt connects anew, to whatever servers there are then. */
  private static boolean keepsSession(Target target) {
    return !RedisUrl.isCluster(target) && !RedisUrl.isSentinel(target);
  }
}
