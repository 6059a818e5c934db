package io.tidegate.engine.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.servers.MongoWireServer;
import io.tidegate.servers.ScriptedMongo;
import io.tidegate.servers.StandInServer;
import io.tidegate.target.Probe;
import io.tidegate.target.Probe.ProbeMode;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.ProbeResult.NotYet;
import io.tidegate.target.ProbeResult.Ready;
import io.tidegate.target.ProbeResult.Wrong;
import io.tidegate.target.Reason;
import io.tidegate.target.Target.Role;
import io.tidegate.target.Targets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the probe makes of answers that only mongod gives. They come over the wire and through the
 * driver, from a {@link ScriptedMongo}, and are written as MongoDB documents them.
 *
 * @see <a href="https://www.mongodb.com/docs/manual/reference/command/hello/">MongoDB: hello</a>
 * @see <a href="https://www.mongodb.com/docs/manual/reference/error-codes/">MongoDB: error codes</a>
 */
class MongoAnswersTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final MongoWireServer SERVER = MongoWireServer.started();

  private ScriptedMongo front = new ScriptedMongo(SERVER);

  @BeforeEach
  void start() {
    front = new ScriptedMongo(SERVER).start();
  }

  @AfterEach
  void stop() {
    front.close();
  }

  @AfterAll
  static void stopServer() {
    SERVER.close();
  }

  /** The driver says hello for itself, as often as it likes. */
  @Test
  void facts_takeFiveCommands() throws InterruptedException {
    new MongoEngine().facts(targets().target(), TIMEOUT);
    assertThat(front.commands()).containsAnyOf("hello", "isMaster", "ismaster");
    assertThat(front.commands())
        .filteredOn(command -> !command.toLowerCase(Locale.ROOT).matches("hello|ismaster"))
        .containsExactlyInAnyOrder(
            "buildInfo", "getDefaultRWConcern", "getCmdLineOpts", "connectionStatus");
  }

  private Targets targets() {
    return Targets.at("mongodb", front.port(), "app");
  }

  private static ProbeResult probe(Targets targets) throws InterruptedException {
    try (Probe probe = new MongoEngine().open(targets.target(), ProbeMode.AWAIT)) {
      return probe.attempt(TIMEOUT);
    }
  }

  /** An answer that the driver asked for before the change may still be on its way. */
  private static void becomesReady(Probe probe) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> probe.attempt(TIMEOUT) instanceof Ready);
  }

  private static void assertNotYet(ProbeResult result, Reason reason) {
    assertThat(result).isInstanceOf(NotYet.class);
    assertThat(((NotYet) result).reason()).as("%s", result).isEqualTo(reason);
  }

  private String secondary() {
    return ("{setName: 'rs0', secondary: true, ismaster: false, me: '%1$s', hosts: ['%1$s'], "
            + "primary: 'other:1'}")
        .formatted("127.0.0.1:" + front.port());
  }

  private String primary() {
    return "{setName: 'rs0', isWritablePrimary: true, ismaster: true, me: '%1$s', hosts: ['%1$s']}"
        .formatted("127.0.0.1:" + front.port());
  }

  @Test
  void userThatIsMissing_isWrong() throws InterruptedException {
    front.requiring("someone", "with-a-password");
    ProbeResult result = probe(targets());
    assertThat(result).isInstanceOf(Wrong.class);
    assertThat(((Wrong) result).reason()).isEqualTo(Reason.CREDENTIALS);
  }

  @Test
  void secondary_isNotReadyAsAPrimary_untilItIsElected() throws InterruptedException {
    front.answering("hello", secondary());
    Targets set = targets().parameters(Map.of("replicaSet", "rs0"));
    assertNotYet(probe(targets()), Reason.ROLE);
    assertThat(probe(targets().role(Role.ANY))).isInstanceOf(Ready.class);
    try (Probe probe = new MongoEngine().open(set.target(), ProbeMode.AWAIT)) {
      assertNotYet(probe.attempt(TIMEOUT), Reason.ROLE);
      assertNotYet(probe.attempt(TIMEOUT), Reason.ROLE);
      front.answering("hello", primary());
      becomesReady(probe);
    }
  }

  @Test
  void memberOfNoSetYet_isAwaitedUntilItIsPrimary() throws InterruptedException {
    front.answering(
        "hello",
        "{isreplicaset: true, ismaster: false, secondary: false, "
            + "info: 'Does not have a valid replica set config'}");
    Targets set = targets().parameters(Map.of("replicaSet", "rs0"));
    assertNotYet(probe(targets()), Reason.STARTING);
    try (Probe probe = new MongoEngine().open(set.target(), ProbeMode.AWAIT)) {
      assertNotYet(probe.attempt(TIMEOUT), Reason.STARTING);
      assertNotYet(probe.attempt(TIMEOUT), Reason.STARTING);
      front.answering("hello", primary());
      becomesReady(probe);
    }
  }

  @Test
  void memberOfAnotherSet_isUnsuitable() throws InterruptedException {
    front.answering("hello", primary());
    assertNotYet(probe(targets().parameters(Map.of("replicaSet", "other"))), Reason.UNSUITABLE);
  }

  @ParameterizedTest
  @CsvSource({"11600, InterruptedAtShutdown", "13436, NotPrimaryOrSecondary", "91, Shutting down"})
  void helloThatIsRefused_isStarting(int code, String message) throws InterruptedException {
    front.refusing("hello", code, message);
    try (Probe probe = new MongoEngine().open(targets().target(), ProbeMode.AWAIT)) {
      assertNotYet(probe.attempt(TIMEOUT), Reason.STARTING);
      assertNotYet(probe.attempt(TIMEOUT), Reason.STARTING);
      front.handingOn("hello");
      becomesReady(probe);
    }
  }

  /** Between the hello and the query the server can change. */
  @ParameterizedTest
  @CsvSource({"11600, STARTING", "13436, STARTING", "10107, ROLE", "13435, ROLE", "1, OTHER"})
  void queryThatIsRefused_isNotYet(int code, Reason reason) throws InterruptedException {
    front.refusing("find", code, "said by the script");
    assertNotYet(probe(targets()), reason);
  }

  @Test
  void rightThatIsMissing_isWrong() throws InterruptedException {
    front.refusing("find", 13, "not authorized on app to execute command");
    ProbeResult result = probe(targets());
    assertThat(result).isInstanceOf(Wrong.class);
    assertThat(((Wrong) result).reason()).isEqualTo(Reason.CREDENTIALS);
  }

  @Test
  void serverOlderThanTheDriverTakes_isUnsuitable() throws InterruptedException {
    front.answering("hello", "{isWritablePrimary: true, ismaster: true, maxWireVersion: 6}");
    ProbeResult result = probe(targets());
    assertThat(result).isInstanceOf(Wrong.class);
    assertThat(((Wrong) result).reason()).isEqualTo(Reason.UNSUITABLE);
  }

  /** mongod closes what comes past its limit at once, and does not say why. */
  @Test
  void tooManyConnections_areWaitedFor() throws InterruptedException {
    try (StandInServer full = StandInServer.greeting()) {
      assertNotYet(probe(Targets.at("mongodb", full.port(), "app")), Reason.UNREACHABLE);
    }
    // The driver's monitor gets the last connection, the query none.
    front.accepting(1);
    try (Probe probe = new MongoEngine().open(targets().target(), ProbeMode.AWAIT)) {
      assertNotYet(probe.attempt(TIMEOUT), Reason.UNREACHABLE);
      front.accepting(10);
      becomesReady(probe);
    }
  }
}
