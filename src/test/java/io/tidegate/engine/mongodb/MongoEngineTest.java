package io.tidegate.engine.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.servers.MongoWireServer;
import io.tidegate.servers.Ports;
import io.tidegate.target.Credentials;
import io.tidegate.target.Probe;
import io.tidegate.target.Probe.ProbeMode;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.ProbeResult.NotYet;
import io.tidegate.target.ProbeResult.Ready;
import io.tidegate.target.Reason;
import io.tidegate.target.RetryPolicy;
import io.tidegate.target.ServiceUrl;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Target;
import io.tidegate.target.Target.Purpose;
import io.tidegate.target.Target.Role;
import io.tidegate.target.TlsPolicy.TlsSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MongoEngineTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final MongoEngine ENGINE = new MongoEngine();

  private static Target target(int port, @Nullable String query, Map<String, String> parameters) {
    return new Target(
        "docs",
        "MONGODB_URI",
        new ServiceUrl("mongodb", List.of(new HostPort("127.0.0.1", port)), "app", parameters),
        Credentials.NONE,
        false,
        Purpose.STORE,
        Role.PRIMARY,
        true,
        query,
        TlsSettings.FROM_URL,
        null,
        RetryPolicy.DEFAULT,
        null);
  }

  private static ProbeResult probe(Target target, Duration timeout) throws InterruptedException {
    try (Probe probe = ENGINE.open(target, ProbeMode.AWAIT)) {
      return probe.attempt(timeout);
    }
  }

  private static void assertNotYet(ProbeResult result, Reason reason) {
    assertThat(result).isInstanceOf(NotYet.class);
    assertThat(((NotYet) result).reason()).as("%s", result).isEqualTo(reason);
  }

  @Test
  void server_isAwaitedFromUnreachableToReady() throws InterruptedException {
    try (MongoWireServer server = MongoWireServer.create();
        Probe probe = ENGINE.open(target(server.port(), null, Map.of()), ProbeMode.AWAIT)) {
      assertNotYet(probe.attempt(TIMEOUT), Reason.UNREACHABLE);
      assertNotYet(probe.attempt(TIMEOUT), Reason.UNREACHABLE);
      server.start();
      // The driver's monitor looks again after half a second, and may still tell what it saw
      // before.
      await()
          .atMost(Duration.ofMinutes(2))
          .untilAsserted(() -> assertThat(probe.attempt(TIMEOUT)).isInstanceOf(Ready.class));
      assertThat(probe.attempt(TIMEOUT)).isInstanceOf(Ready.class);
    }
  }

  @Test
  void watchedServer_thatIsStopped_isNoticedAndBack() throws InterruptedException {
    try (MongoWireServer server = MongoWireServer.started();
        Probe probe = ENGINE.open(target(server.port(), null, Map.of()), ProbeMode.WATCH)) {
      assertThat(probe.attempt(TIMEOUT)).isInstanceOf(Ready.class);
      server.stop();
      assertNotYet(probe.attempt(TIMEOUT), Reason.UNREACHABLE);
      server.start();
      await()
          .atMost(Duration.ofMinutes(2))
          .untilAsserted(() -> assertThat(probe.attempt(TIMEOUT)).isInstanceOf(Ready.class));
    }
  }

  @Test
  void readinessQuery_mustFindSomething() throws InterruptedException {
    try (MongoWireServer server = MongoWireServer.started()) {
      assertNotYet(
          probe(target(server.port(), "{\"find\": \"orders\"}", Map.of()), TIMEOUT), Reason.QUERY);
      assertThat(probe(target(server.port(), "{\"ping\": 1}", Map.of()), TIMEOUT))
          .isInstanceOf(Ready.class);
    }
  }

  /** The temporary server of the official image's first start is no member of a replica set. */
  @Test
  void serverOutsideTheReplicaSetOfTheUrl_isNotReady() throws InterruptedException {
    try (MongoWireServer server = MongoWireServer.started();
        Probe probe =
            ENGINE.open(
                target(server.port(), null, Map.of("replicaSet", "rs0")), ProbeMode.AWAIT)) {
      assertNotYet(probe.attempt(TIMEOUT), Reason.STARTING);
      assertNotYet(probe.attempt(TIMEOUT), Reason.STARTING);
    }
  }

  @Test
  void silence_endsInTime() throws InterruptedException, IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      long start = System.nanoTime();
      ProbeResult result =
          probe(target(silent.getLocalPort(), null, Map.of()), Duration.ofMillis(700));
      assertNotYet(result, Reason.NO_ANSWER);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT);
    }
  }

  @Test
  void port_withoutListener_isUnreachable() throws InterruptedException {
    assertNotYet(probe(target(Ports.free(), null, Map.of()), TIMEOUT), Reason.UNREACHABLE);
  }

  /** Replies as MongoDB documents them, since the wire server here knows no replica sets. */
  @Test
  void hello_tellsTheStanding() {
    assertStanding("{isreplicaset: true}", null, Reason.STARTING);
    assertStanding("{setName: 'rs0', secondary: true}", "rs0", Reason.STARTING);
    assertStanding("{setName: 'rs0', secondary: true, primary: 'a:1'}", "rs0", Reason.ROLE);
    assertStanding("{setName: 'other', isWritablePrimary: true}", "rs0", Reason.UNSUITABLE);
    assertStanding("{isWritablePrimary: true}", "rs0", Reason.STARTING);
    assertThat(standing("{setName: 'rs0', isWritablePrimary: true}", "rs0")).isEmpty();
  }

  private static void assertStanding(String hello, @Nullable String set, Reason reason) {
    assertNotYet(standing(hello, set).orElseThrow(), reason);
  }

  private static Optional<ProbeResult> standing(String hello, @Nullable String set) {
    return ReplicaSetRole.of(BsonDocument.parse(hello), Role.PRIMARY, set, "mongo:27017");
  }
}
