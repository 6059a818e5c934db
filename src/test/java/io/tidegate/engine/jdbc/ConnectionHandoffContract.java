package io.tidegate.engine.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.sql.SqlDialect;
import io.tidegate.migration.sql.SqlDialect.Access;
import io.tidegate.migration.sql.SqlSession;
import io.tidegate.servers.Relay;
import io.tidegate.target.Engine;
import io.tidegate.target.Facts;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Probe;
import io.tidegate.target.Probe.ProbeMode;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.ProbeResult.NotYet;
import io.tidegate.target.ProbeResult.Ready;
import io.tidegate.target.Targets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which connections are handed on, and that none is left, over a real server and a network that counts. */
public abstract class ConnectionHandoffContract {
  /** Who logs in: not a superuser. */
  protected static final String USER = "app_user";

  /** The password of {@link #USER}, but while a test has changed it. */
  protected static final String PASSWORD = "app-user-password";

  /** Long enough for a slow machine. */
  protected static final Duration TIMEOUT = Duration.ofMinutes(1);

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Longer than in the program: a busy machine may not get from one step to the next in 3 s. */
  private static final Duration LONGEST = Duration.ofSeconds(10);

  /** Longer than in the program as well: one that answers late is not to be replaced. */
  private static final Duration PROOF = Duration.ofSeconds(10);

  /** What is closed within this was closed at once, and not since nobody took it. */
  private static final Duration AT_ONCE = Duration.ofSeconds(7);

  /** What the engine under test is made with. */
  protected final ConnectionHandoff handoff = new ConnectionHandoff(LONGEST, PROOF);

  private Relay relay;

  /** The engine under test, with {@link #handoff}. */
  protected abstract Engine engine();

  /** The dialect of that engine, with {@link #handoff}. */
  protected abstract SqlDialect dialect();

  /** A migration's connection as it is opened where nothing is handed on. */
  protected abstract Connection fresh(Targets targets) throws SQLException;

  /** All that the server knows of a session but its name and number: settings, locks, what is open. */
  protected abstract Set<String> session(Connection connection) throws SQLException;

  /** All rows of a query's only column. */
  protected static Set<String> rows(Connection connection, String query) throws SQLException {
    Set<String> rows = new TreeSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      while (row.next()) {
        rows.add(row.getString(1));
      }
    }
    return rows;
  }

  /** The port of the server. */
  protected abstract int serverPort();

  /** A target on that loopback port, as {@link #USER}. */
  protected abstract Targets at(int port);

  /** Changes the password of {@link #USER}. */
  protected abstract void changePassword(String password);

  /** Makes the server refuse writes, or take them again. */
  protected abstract void readOnly(boolean on);

  /** Ends the sessions of {@link #USER} from the server's side. */
  protected abstract void endSessions();

  @BeforeEach
  final void connect() {
    relay = new Relay(serverPort());
    handoff.open();
  }

  @AfterEach
  final void disconnect() {
    handoff.close();
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

  /** What was handed on. */
  protected final Connection taken(Targets targets, int readMillis) throws SQLException {
    return handoff.connection(
        targets.target(),
        readMillis,
        () -> {
          throw new SQLException("nothing was handed on");
        });
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
    handoff.close();
    assertThat(facts(targets)).as("the same over a new one").isEqualTo(facts);
  }

  @Test
  void the_migration_goes_on_over_the_connection_of_the_facts() throws Exception {
    Targets targets = target().changelog(Path.of("not-read"));
    ready(targets);
    facts(targets);

    assertThat(locks(targets)).isTrue();

    onlyOpened(1);
  }

  @Test
  void without_facts_the_migration_goes_on_over_the_connection_of_the_attempt() throws Exception {
    Targets targets = target().changelog(Path.of("not-read"));
    ready(targets);

    assertThat(locks(targets)).isTrue();

    onlyOpened(1);
  }

  @Test
  void the_migration_opens_its_own_where_the_server_has_ended_the_other() throws Exception {
    Targets targets = target().changelog(Path.of("not-read"));
    ready(targets);
    facts(targets);
    endSessions();

    assertThat(locks(targets)).isTrue();

    onlyOpened(2);
  }

  @Test
  void after_a_query_of_the_users_own_the_migration_opens_its_own() throws Exception {
    Targets targets = target().changelog(Path.of("not-read")).query("SELECT 1");
    ready(targets);
    facts(targets);
    onlyOpened(2);

    assertThat(locks(targets)).isTrue();

    onlyOpened(3);
  }

  @Test
  void a_look_at_the_schema_takes_nothing() throws Exception {
    Targets targets = target().changelog(Path.of("not-read"));
    ready(targets);
    try (SqlSession look =
        dialect().open(targets.target(), MigrationSettings.DEFAULT, Access.READ)) {
      assertThat(look.lock().holder()).isNull();
    }
    onlyOpened(2);
  }

  @Test
  void without_a_migration_to_come_the_facts_keep_nothing() throws InterruptedException {
    Targets targets = target();
    ready(targets);
    facts(targets);
    Awaitility.await().atMost(AT_ONCE).until(() -> relay.open() == 0);
  }

  @Test
  void the_session_that_is_handed_on_is_as_a_new_one() throws Exception {
    Targets targets = target().changelog(Path.of("not-read"));
    ready(targets);
    facts(targets);
    assertThat(relay.opened()).isEqualTo(1);

    try (Connection taken = taken(targets, 0);
        Connection fresh = handoff.connection(targets.target(), 0, () -> fresh(targets))) {
      assertThat(relay.opened()).isEqualTo(2);
      assertThat(session(taken)).isNotEmpty().isEqualTo(session(fresh));
      assertThat(taken.getNetworkTimeout()).isEqualTo(fresh.getNetworkTimeout());
      assertThat(taken.getAutoCommit()).isEqualTo(fresh.getAutoCommit());
      assertThat(taken.getTransactionIsolation()).isEqualTo(fresh.getTransactionIsolation());
      assertThat(taken.isReadOnly()).isEqualTo(fresh.isReadOnly());
      assertThat(taken.getCatalog()).isEqualTo(fresh.getCatalog());
      assertThat(taken.getSchema()).isEqualTo(fresh.getSchema());
    }
  }

  /** Opens a migration's session and takes its lock. */
  private boolean locks(Targets targets) throws SQLException {
    try (SqlSession session =
        dialect().open(targets.target(), MigrationSettings.DEFAULT, Access.WRITE)) {
      // Longer than that of an attempt: a look at a history may wait for a locked table.
      assertThat(session.connection().getNetworkTimeout()).isEqualTo(25_000);
      return session.lock().tryAcquire();
    }
  }

  @Test
  void while_shut_nothing_is_handed_on() throws InterruptedException {
    handoff.close();
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

    handoff.close();

    Awaitility.await().atMost(AT_ONCE).until(() -> relay.open() == 0);
  }

  @Test
  void attempts_hold_no_more_than_one_connection() throws InterruptedException {
    Targets targets = target();
    try (Probe probe = engine().open(targets.target(), ProbeMode.AWAIT)) {
      for (int i = 1; i <= 4; i++) {
        assertThat(probe.attempt(TIMEOUT)).isInstanceOf(Ready.class);
        assertThat(relay.opened()).isEqualTo(i);
        Awaitility.await().atMost(AT_ONCE).until(() -> relay.open() == 1);
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
      Awaitility.await().atMost(AT_ONCE).until(() -> relay.open() == 0);
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
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT);
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
    Path file = Files.writeString(folder.resolve("password"), PASSWORD);
    Targets targets = target().as(USER, file);
    ready(targets);
    changePassword("rotated-password");
    try {
      Files.writeString(file, "rotated-password");

      facts(targets);

      onlyOpened(2);
    } finally {
      changePassword(PASSWORD);
    }
  }

  @Test
  void a_password_that_cannot_be_read_any_more_ends_it(@TempDir Path folder)
      throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("password"), PASSWORD);
    Targets targets = target().as(USER, file);
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
    facts(one);

    onlyOpened(2);
  }

  @Test
  void it_has_the_limits_of_who_takes_it() throws InterruptedException, SQLException {
    Targets targets = target();
    ready(targets);

    try (Connection taken = taken(targets, 4711)) {
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
    try (ConnectionHandoff.Use use = handoff.fresh(targets.target(), () -> connection)) {
      use.handOn();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(connection.isClosed()).isTrue();
  }

  /** A connection that no interrupt ends. */
  protected abstract Connection connection() throws SQLException;
}
