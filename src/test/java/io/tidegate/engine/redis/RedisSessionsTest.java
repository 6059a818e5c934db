package io.tidegate.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.replicas.ReplicaCount;
import io.tidegate.replicas.ReplicaCount.AtLeast;
import io.tidegate.replicas.ReplicaSource;
import io.tidegate.replicas.SessionNames;
import io.tidegate.servers.Ports;
import io.tidegate.servers.RedisServer;
import io.tidegate.target.Probe;
import io.tidegate.target.Probe.ProbeMode;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.Target;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What sessions on one server prove about replicas. */
class RedisSessionsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  @Test
  void processes_that_watch_are_counted_once_each_and_that_of_another_app_is_not()
      throws InterruptedException {
    try (RedisServer server = RedisServer.started()) {
      Target target = RedisTarget.at("redis", server.port()).target();
      RedisEngine one = process(null, target);
      try (Probe _ = watching(one, target);
          Probe _ = watching(one, target);
          Probe _ = watching(process("billing", target), target)) {
        assertThat(count(process(null, target), target)).isEmpty();
        try (Probe _ = watching(process(null, target), target)) {
          assertThat(count(process(null, target), target))
              .contains(
                  new AtLeast(
                      2,
                      "seen as sessions of Tidegate (CLIENT LIST of cache; if other apps are among"
                          + " them, set TIDEGATE_APP for each)"));
        }
      }
    }
  }

  @Test
  void a_session_that_is_missing_once_may_have_been_replaced_and_twice_is_gone()
      throws InterruptedException {
    try (RedisServer server = RedisServer.started()) {
      Target target = RedisTarget.at("redis", server.port()).target();
      ReplicaSource sessions = process("shop", target).sessions(List.of(target)).getFirst();
      try (Probe _ = watching(process("shop", target), target)) {
        try (Probe _ = watching(process("shop", target), target)) {
          assertThat(sessions.count()).map(ReplicaCount::number).contains(2);
        }
        server.run("CLIENT", "KILL", "TYPE", "normal");
        assertThat(sessions.count()).map(ReplicaCount::number).contains(2);
        assertThat(sessions.count()).isEmpty();
      }
    }
  }

  @Test
  void a_server_that_is_away_or_refuses_proves_nothing() throws InterruptedException {
    Target away = RedisTarget.at("redis", Ports.free()).target();
    assertThat(count(process(null, away), away)).isEmpty();
    try (RedisServer server = new RedisServer().with("--requirepass", "right")) {
      server.start();
      Target target = RedisTarget.at("redis", server.port()).target();
      assertThat(count(process(null, target), target)).isEmpty();
    }
  }

  @Test
  void sentinel_and_cluster_have_no_sessions_that_last() {
    for (String scheme : List.of("redis-sentinel", "redis-cluster")) {
      Target target = RedisTarget.at(scheme, 1).target();
      assertThat(process(null, target).sessions(List.of(target))).isEmpty();
    }
  }

  /** The engine of another process whose app has that one target. */
  private static RedisEngine process(@Nullable String app, Target target) {
    SessionNames names = new SessionNames();
    names.enable(app, List.of(target));
    return new RedisEngine(names);
  }

  private static Probe watching(RedisEngine engine, Target target) throws InterruptedException {
    Probe probe = engine.open(target, ProbeMode.WATCH);
    assertThat(probe.attempt(TIMEOUT)).isInstanceOf(ProbeResult.Ready.class);
    return probe;
  }

  private static Optional<ReplicaCount> count(RedisEngine engine, Target target)
      throws InterruptedException {
    return engine.sessions(List.of(target)).getFirst().count();
  }
}
