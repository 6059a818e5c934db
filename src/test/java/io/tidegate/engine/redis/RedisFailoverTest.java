package io.tidegate.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.servers.Ports;
import io.tidegate.servers.RedisServer;
import io.tidegate.target.Probe;
import io.tidegate.target.Probe.ProbeMode;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.ProbeResult.NotYet;
import io.tidegate.target.ProbeResult.Ready;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A primary is killed under watch, and a replica takes its place. */
class RedisFailoverTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** So long a server that only waits for its turn on a busy machine is not taken for lost. */
  private static final int DOWN_AFTER_MILLIS = 5000;

  private static final RedisEngine ENGINE = new RedisEngine();

  private final List<RedisServer> servers = new ArrayList<>();

  @AfterEach
  void stop() {
    servers.forEach(RedisServer::close);
  }

  @Test
  void three_sentinels_lead_to_the_promoted_replica() throws Exception {
    RedisServer primary = started(new RedisServer());
    RedisServer replica =
        started(new RedisServer().with("--replicaof", "127.0.0.1 " + primary.port()));
    eventually().until(() -> replica.info("master_link_status").equals("up"));
    List<RedisServer> sentinels =
        List.of(sentinel(primary.port()), sentinel(primary.port()), sentinel(primary.port()));
    eventually()
        .until(() ->
            sentinels.stream()
                .allMatch(sentinel ->
                    sentinel.run("SENTINEL", "CKQUORUM", "mymaster").startsWith("+OK 3")
                        && sentinel.run("SENTINEL", "REPLICAS", "mymaster").equals("*1")));
    RedisTarget target =
        RedisTarget.at("redis-sentinel", sentinels.stream().mapToInt(RedisServer::port).toArray());
    try (Probe probe = ENGINE.open(target.target(), ProbeMode.WATCH)) {
      assertThat(probe.attempt(TIMEOUT).toString()).contains(":" + primary.port());
      primary.kill();
      assertThat(probe.attempt(TIMEOUT)).isInstanceOf(NotYet.class);
      // One Sentinel is lost as well: the other two are the quorum.
      sentinels.getFirst().kill();
      ProbeResult again =
          eventually().until(() -> probe.attempt(TIMEOUT), result -> result instanceof Ready);
      assertThat(again.toString()).contains(":" + replica.port());
    }
  }

  @Test
  void cluster_of_three_primaries_is_ready_again_once_a_replica_was_promoted() throws Exception {
    List<RedisServer> primaries = List.of(member(), member(), member());
    RedisServer replica = member();
    String[] slots = {"0 5460", "5461 10922", "10923 16383"};
    for (int i = 0; i < 3; i++) {
      String[] range = slots[i].split(" ", -1);
      primaries.get(i).run("CLUSTER", "ADDSLOTSRANGE", range[0], range[1]);
      primaries.get(i).run("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
    }
    RedisServer lost = primaries.getFirst();
    for (RedisServer other : servers.subList(1, servers.size())) {
      lost.run("CLUSTER", "MEET", "127.0.0.1", Integer.toString(other.port()), bus(other));
    }
    String id = lost.lines("CLUSTER MYID").get(1);
    eventually().until(() -> replica.run("CLUSTER", "REPLICATE", id).equals("+OK"));
    RedisTarget target = RedisTarget.at("redis-cluster", primaries.get(1).port(), lost.port());
    try (Probe probe = ENGINE.open(target.target(), ProbeMode.WATCH)) {
      eventually().until(() -> probe.attempt(TIMEOUT) instanceof Ready);
      eventually().until(() -> replica.info("master_link_status").equals("up"));
      lost.kill();
      assertThat(probe.attempt(TIMEOUT)).isInstanceOf(NotYet.class);
      ProbeResult again =
          eventually().until(() -> probe.attempt(TIMEOUT), result -> result instanceof Ready);
      assertThat(again.toString()).contains("3 primaries");
    }
  }

  private RedisServer started(RedisServer server) {
    servers.add(server);
    server.start();
    return server;
  }

  private RedisServer sentinel(int primary) throws IOException {
    RedisServer sentinel = new RedisServer();
    Path file = sentinel.folder().resolve("sentinel.conf");
    Files.writeString(
        file,
        """
        sentinel monitor mymaster 127.0.0.1 %d 2
        sentinel down-after-milliseconds mymaster %d
        sentinel failover-timeout mymaster 5000
        """
            .formatted(primary, DOWN_AFTER_MILLIS));
    return started(sentinel.with("--sentinel", "--protected-mode", "no").configuredBy(file));
  }

  private RedisServer member() {
    RedisServer member = new RedisServer();
    int bus = Ports.free();
    return started(
        member
            .with("--cluster-enabled", "yes", "--cluster-port", Integer.toString(bus))
            .with("--cluster-node-timeout", Integer.toString(DOWN_AFTER_MILLIS)));
  }

  /** Where the others reach it: it says so in its own line of the nodes, behind the @. */
  private static String bus(RedisServer member) {
    String line = member.lines("CLUSTER NODES").get(1);
    return line.replaceAll(".*@(\\d+).*", "$1");
  }

  private static ConditionFactory eventually() {
    return Awaitility.await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions();
  }
}
