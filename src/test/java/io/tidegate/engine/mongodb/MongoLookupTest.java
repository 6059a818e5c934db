package io.tidegate.engine.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.servers.ScriptedDns;
import io.tidegate.target.Probe;
import io.tidegate.target.Probe.ProbeMode;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.ServiceUrl;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Target;
import io.tidegate.target.Targets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code mongodb+srv} where the name server is slow: the driver looks up before it has a client. */
final class MongoLookupTest {
  private static final String HOST = "cluster.lookup.test";

  private static final String NAME_SERVER = "java.naming.provider.url";

  private final ScriptedDns dns = new ScriptedDns("a.lookup.test", 27017);
  private final Target target =
      Targets.of(new ServiceUrl("mongodb+srv", List.of(new HostPort(HOST, 27017)), "app", Map.of()))
          .target();

  MongoLookupTest() {
    System.setProperty(NAME_SERVER, dns.url());
  }

  @AfterEach
  void stop() {
    System.clearProperty(NAME_SERVER);
    dns.close();
  }

  @Test
  void slowLookup_leavesNoClientBehind() throws InterruptedException {
    try (Probe probe = new MongoEngine().open(target, ProbeMode.WATCH)) {
      for (int i = 0; i < 4; i++) {
        assertThat(probe.attempt(Duration.ofMillis(200))).isInstanceOf(ProbeResult.NotYet.class);
      }
      dns.release();
      soon().until(() -> !clients().isEmpty());
      assertThat(probe.attempt(Duration.ofMillis(200))).isInstanceOf(ProbeResult.NotYet.class);
      assertThat(clients()).hasSize(1);
    }
    soon().until(() -> clients().isEmpty());
  }

  @Test
  void lookupThatEndsAfterTheProbe_leavesNoClientBehind() throws InterruptedException {
    try (Probe probe = new MongoEngine().open(target, ProbeMode.AWAIT)) {
      assertThat(probe.attempt(Duration.ofMillis(200))).isInstanceOf(ProbeResult.NotYet.class);
    }
    soon().until(() -> dns.questions() > 0);
    dns.release();
    soon().during(Duration.ofSeconds(1)).until(() -> clients().isEmpty());
  }

  @Test
  void nameWithoutRecords_isNamed() throws InterruptedException {
    try (ScriptedDns none = ScriptedDns.withoutRecords();
        Probe probe = new MongoEngine().open(target, ProbeMode.AWAIT)) {
      System.setProperty(NAME_SERVER, none.url());
      none.release();
      soon()
          .untilAsserted(() ->
              assertThat(probe.attempt(Duration.ofSeconds(5)))
                  .isInstanceOfSatisfying(
                      ProbeResult.NotYet.class,
                      notYet ->
                          assertThat(notYet.sentence())
                              .startsWith("DNS has no servers of mongodb+srv://" + HOST)));
    }
  }

  /** Each client of such a URL has a thread that looks its records up again from time to time. */
  private static List<String> clients() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.contains("srv-" + HOST))
        .toList();
  }

  private static ConditionFactory soon() {
    return Awaitility.await().atMost(Duration.ofMinutes(2));
  }
}
