package io.tidegate.engine.jdbc;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.engine.Engine;
import io.tidegate.engine.Fact;
import io.tidegate.engine.Facts;
import io.tidegate.engine.Probe;
import io.tidegate.engine.ProbeMode;
import io.tidegate.engine.ProbeResult;
import io.tidegate.engine.ProbeResult.NotYet;
import io.tidegate.engine.ProbeResult.Ready;
import io.tidegate.engine.Targets;
import io.tidegate.servers.Relay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which connections are handed on, and that none is left, over a real server and a network that counts. */
public abstract class HandoverContract {
  /** Long enough for a slow machine. */
  protected static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** What the engine under test is made with. */
  protected final Handover handover = new Handover();

  private Relay relay;

  /** The engine under test, with {@link #handover}. */
  protected abstract Engine engine();

  /** The port of the server. */
  protected abstract int serverPort();

  /** A target on that loopback port, as a user who is not a superuser. */
  protected abstract Targets at(int port);

  /** Who that is, and the password. */
  protected abstract String user();

  /** The password of {@link #user}. */
  protected abstract String password();

  /** Changes the password of {@link #user}. */
  protected abstract void changePassword(String password);

  /** Makes the server refuse writes, or take them again. */
  protected abstract void readOnly(boolean on);

  /** Ends the sessions of {@link #user} from the server's side. */
  protected abstract void endSessions();

  @BeforeEach
  final void connect() {
    relay = new Relay(serverPort());
    handover.open();
  }

  @AfterEach
  final void disconnect() {
    handover.close();
    relay.close();
  }

  /** The network between the engine and the server. */
  protected final Relay relay() {
    return relay;
  }

  /** The usual target, through the network. */
  protected final Targets target() {
    return at(relay.port());
  }

  /** One attempt, as while awaiting. */
  protected final ProbeResult probe(Targets targets) throws InterruptedException {
    try (Probe probe = engine().open(targets.target(), ProbeMode.AWAIT)) {
      return probe.attempt(TIMEOUT);
    }
  }

  /** Finds the target ready. */
  protected final void ready(Targets targets) throws InterruptedException {
    assertThat(probe(targets)).isInstanceOf(Ready.class);
  }

  /** Asks for the facts, and asserts that they were told. */
  protected final Facts facts(Targets targets) throws InterruptedException {
    Facts facts = engine().facts(targets.target(), TIMEOUT);
    assertThat(facts.get("version")).isInstanceOf(Fact.Known.class);
    return facts;
  }

  /** Asserts how many connections there were so far, and that soon none is open. */
  protected final void onlyOpened(int connections) {
    assertThat(relay.opened()).isEqualTo(connections);
    noneIsOpen();
  }

  private void noneIsOpen() {
    Awaitility.await().atMost(PATIENCE).until(() -> relay.open() == 0);
  }

  @Test
  void facts_are_asked_over_the_connection_that_found_the_target_ready()
      throws InterruptedException {
    Targets targets = target();
    ready(targets);

    Facts facts = facts(targets);

    onlyOpened(1);
    handover.close();
    assertThat(facts(targets)).as("the same over a new one").isEqualTo(facts);
  }

  @Test
  void while_shut_nothing_is_handed_on() throws InterruptedException {
    handover.close();
    Targets targets = target();

    ready(targets);
    onlyOpened(1);
    facts(targets);
    onlyOpened(2);
  }

  @Test
  void what_nobody_takes_is_closed_after_a_few_seconds() throws InterruptedException {
    Targets targets = target();
    ready(targets);
    assertThat(relay.open()).isEqualTo(1);

    onlyOpened(1);

    facts(targets);
    onlyOpened(2);
  }

  @Test
  void what_nobody_takes_is_closed_when_it_is_shut() throws InterruptedException {
    ready(target());
    ready(target());
    assertThat(relay.open()).isEqualTo(2);

    handover.close();

    Awaitility.await().atMost(Handover.LONGEST.dividedBy(2)).until(() -> relay.open() == 0);
  }

  @Test
  void attempts_hold_no_more_than_one_connection() throws InterruptedException {
    Targets targets = target();
    try (Probe probe = engine().open(targets.target(), ProbeMode.AWAIT)) {
      for (int i = 1; i <= 4; i++) {
        assertThat(probe.attempt(TIMEOUT)).isInstanceOf(Ready.class);
        assertThat(relay.opened()).isEqualTo(i);
        Awaitility.await().atMost(Handover.LONGEST.dividedBy(2)).until(() -> relay.open() == 1);
      }
    }
  }

  @Test
  void an_attempt_that_finds_it_not_ready_leaves_none() throws InterruptedException {
    Targets targets = target();
    ready(targets);
    readOnly(true);
    try {
      assertThat(probe(targets)).isInstanceOf(NotYet.class);
      Awaitility.await().atMost(Handover.LONGEST.dividedBy(2)).until(() -> relay.open() == 0);
    } finally {
      readOnly(false);
    }
  }

  @Test
  void a_connection_that_the_server_ended_is_replaced() throws InterruptedException {
    Targets targets = target();
    ready(targets);
    endSessions();

    facts(targets);

    onlyOpened(2);
  }

  @Test
  void a_connection_that_the_network_cut_is_replaced() throws InterruptedException {
    Targets targets = target();
    ready(targets);
    relay.cut();

    facts(targets);

    onlyOpened(2);
  }

  @Test
  void a_connection_on_which_nothing_comes_through_is_replaced_in_time()
      throws InterruptedException {
    Targets targets = target();
    ready(targets);
    relay.lose();
    long start = System.nanoTime();

    facts(targets);

    onlyOpened(2);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void after_a_query_of_the_users_own_nothing_is_handed_on() throws InterruptedException {
    Targets targets = target().query("SELECT 1");
    ready(targets);
    onlyOpened(1);

    facts(targets);

    onlyOpened(2);
  }

  @Test
  void a_rotated_password_counts_from_the_next_question_on(@TempDir Path folder)
      throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("password"), password());
    Targets targets = target().as(user(), file);
    ready(targets);
    changePassword("rotated-password");
    try {
      Files.writeString(file, "rotated-password");

      facts(targets);

      onlyOpened(2);
    } finally {
      changePassword(password());
    }
  }

  @Test
  void a_password_that_cannot_be_read_any_more_ends_it(@TempDir Path folder)
      throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("password"), password());
    Targets targets = target().as(user(), file);
    ready(targets);
    Files.delete(file);

    Facts facts = engine().facts(targets.target(), TIMEOUT);

    assertThat(facts.get("version"))
        .isInstanceOfSatisfying(
            Fact.Unknown.class, unknown -> assertThat(unknown.reason()).contains("cannot be read"));
    onlyOpened(1);
  }

  @Test
  void each_target_is_given_its_own() throws InterruptedException {
    Targets one = target();
    Targets other = target();
    ready(one);
    ready(other);

    facts(other);
    assertThat(relay.open()).as("that of the first").isEqualTo(1);
    facts(one);

    onlyOpened(2);
  }

  @Test
  void it_has_the_limits_of_who_takes_it() throws InterruptedException, SQLException {
    Targets targets = target();
    ready(targets);

    Limits limits = new Limits(TIMEOUT, Duration.ofMillis(4711), "of the other");
    try (Connection taken = requireNonNull(handover.take(targets.target(), limits))) {
      assertThat(taken.getNetworkTimeout()).isEqualTo(4711);
      assertThat(taken.getAutoCommit()).isTrue();
    }
    onlyOpened(1);
  }

  @Test
  void who_was_interrupted_hands_nothing_on() throws SQLException {
    Targets targets = target();
    Connection connection = connection();
    Thread.currentThread().interrupt();
    try (Handover.Use use = handover.fresh(targets.target(), () -> connection)) {
      use.handOn();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(connection.isClosed()).isTrue();
  }

  /** A connection that no interrupt ends. */
  protected abstract Connection connection() throws SQLException;
}
