package io.tidegate.migration.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.program.TidegateProcess;
import io.tidegate.servers.MariaDbServer;
import io.tidegate.servers.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The holder of the lock runs in a network namespace of its own, whose link is cut: the server hears
 * nothing more of it, no end of the connection either. Run by {@code .ci/vanish}, which makes the
 * namespace; skipped without one.
 */
class VanishedClientIT {
  /** The namespace, its device, its address, and the address of this side. */
  private static final String NAMESPACE = System.getProperty("tidegate.vanish.namespace", "");

  private static final String DEVICE = System.getProperty("tidegate.vanish.device", "");
  private static final String CLIENT = System.getProperty("tidegate.vanish.client", "");
  private static final String SERVER = System.getProperty("tidegate.vanish.server", "");

  private static final Duration POSTGRESQL_BOUND = Duration.ofSeconds(30);
  private static final Duration MARIADB_BOUND = Duration.ofSeconds(130);

  @TempDir private Path changelog;

  @BeforeEach
  void link() throws Exception {
    Assumptions.assumeFalse(NAMESPACE.isEmpty(), "there is no network namespace: see .ci/vanish");
    link("up");
  }

  @AfterEach
  void linkAgain() throws Exception {
    if (!NAMESPACE.isEmpty()) {
      link("up");
    }
  }

  /** The server waits for nothing from the client: it has to look. */
  @Test
  void postgresql_frees_the_lock_of_a_client_that_vanished_within_a_long_statement()
      throws Exception {
    changesets(2, "SELECT pg_sleep(600);");
    onPostgresql("in a statement of 600 s", AS_IT_IS);
  }

  /** The result of the statement is sent into the void, and never acknowledged. */
  @Test
  void postgresql_frees_the_lock_of_a_client_that_vanished_before_its_statement_ended()
      throws Exception {
    changesets(20, "SELECT pg_sleep(6);");
    onPostgresql("in a statement of 6 s", AS_IT_IS);
  }

  /** The server waits for the next statement. The client is stopped, so that it sends none. */
  @Test
  void postgresql_frees_the_lock_of_a_client_that_vanished_between_two_statements()
      throws Exception {
    changesets(200, "SELECT pg_sleep(0.3);");
    onPostgresql("between two statements", PAUSED);
  }

  /** MariaDB asks nobody whether he is there: what it waits for is bounded. */
  @Test
  void mariadb_frees_the_lock_of_a_client_that_vanished_between_two_statements() throws Exception {
    Changelogs.write(changelog, "000.sql", "CREATE TABLE slow (work int);");
    changesets(200, "INSERT INTO slow SELECT sleep(0.3);");
    try (MariaDbServer server = new MariaDbServer().with("--bind-address=*")) {
      server.start();
      server.createDatabase("app");
      server.execute("", "CREATE USER app@'" + CLIENT + "' IDENTIFIED BY 'app-password'");
      server.execute("", "GRANT ALL ON app.* TO app@'" + CLIENT + "'");
      String fromAfar = "mariadb://app:app-password@%s:%d/app".formatted(SERVER, server.port());
      try (Sessions sessions = Sessions.mariaDb(server.connect("app"))) {
        long millis = vanish(sessions, fromAfar, server.url("app"), PAUSED);
        report("mariadb, between two statements", millis, MARIADB_BOUND);
      }
    }
  }

  /** What is done to the holder before the link is cut; true: wait until its session is silent. */
  private interface Before {
    boolean with(TidegateProcess holder);
  }

  private static final Before AS_IT_IS = holder -> false;

  private static final Before PAUSED =
      holder -> {
        holder.pause();
        return true;
      };

  private void onPostgresql(String when, Before before) throws Exception {
    try (PostgresServer server = new PostgresServer().listeningOn(SERVER, CLIENT)) {
      server.start();
      try (Sessions sessions = Sessions.postgresql(server.connect("postgres"))) {
        long millis =
            vanish(sessions, server.url(SERVER, "postgres"), server.url("postgres"), before);
        report("postgresql, " + when, millis, POSTGRESQL_BOUND);
      }
    }
  }

  /** From the cut until a successor is at work. */
  private long vanish(Sessions sessions, String fromAfar, String fromHere, Before before)
      throws Exception {
    List<String> inside = List.of("ip", "netns", "exec", NAMESPACE);
    try (TidegateProcess holder = Contender.start(inside, fromAfar, changelog)) {
      long held = sessions.awaitWorkOfAnother(0);
      try (TidegateProcess successor = Contender.start(fromHere, changelog)) {
        Awaitility.await()
            .atMost(Duration.ofMinutes(2))
            .until(() -> successor.output().contains("waiting for the migration lock"));
        boolean sleeps = before.with(holder);
        if (sleeps) {
          held = silent(sessions, holder, held);
        }
        long cut = System.nanoTime();
        link("down");
        awaitWork(sessions, held, successor);
        long millis = Duration.ofNanos(System.nanoTime() - cut).toMillis();
        notices(holder, sleeps);
        System.out.printf(
            Locale.ROOT,
            "the holder knows of it %d ms after the cut%n",
            Duration.ofNanos(System.nanoTime() - cut).toMillis());
        return millis;
      }
    }
  }

  private static void awaitWork(Sessions sessions, long former, TidegateProcess successor) {
    try {
      sessions.awaitWorkOfAnother(former);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("the successor printed: " + successor.output(), e);
    }
  }

  /** The paused holder's session. One that is caught while it changes its session is paused again. */
  private static long silent(Sessions sessions, TidegateProcess holder, long first)
      throws Exception {
    long session = sessions.holder(first);
    for (int times = 1; session == 0 && times < 20; times++) {
      holder.resume();
      Thread.sleep(50);
      holder.pause();
      session = sessions.holder(first);
    }
    assertThat(session).as(holder.output()).isPositive();
    sessions.awaitSilence(session);
    return session;
  }

  /**
   * Whoever waits for the server knows by himself; who slept over it knows when he wakes, in a
   * changeset or while it opens the session of the next one.
   */
  private static void notices(TidegateProcess holder, boolean slept) throws Exception {
    if (slept) {
      holder.resume();
      link("up");
    }
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() -> assertThat(holder.output()).contains("the migration did not finish"));
  }

  private void changesets(int count, String sql) {
    for (int i = 1; i <= count; i++) {
      Changelogs.write(changelog, "%03d.sql".formatted(i), sql);
    }
  }

  private static void report(String what, long millis, Duration bound) {
    System.out.printf(
        Locale.ROOT, "%s: a successor is at work %d ms after the cut%n", what, millis);
    assertThat(Duration.ofMillis(millis)).isLessThan(bound);
  }

  private static void link(String state) throws Exception {
    Process ip =
        new ProcessBuilder("ip", "-n", NAMESPACE, "link", "set", DEVICE, state).inheritIO().start();
    assertThat(ip.waitFor()).isZero();
  }
}
