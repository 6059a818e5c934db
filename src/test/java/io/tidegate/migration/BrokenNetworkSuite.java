package io.tidegate.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.migration.Migration.Resolvable;
import io.tidegate.migration.MigrationStatus.Interrupted;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.ProblemException;
import io.tidegate.servers.Relay;
import io.tidegate.servers.Relay.Break;
import io.tidegate.target.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The network breaks at a random byte of a migration: in the question for the lock, in a changeset, in
 * COMMIT, before or after the server had it. Then it is run again, and the database must be what an
 * undisturbed run makes of it. {@code -Dtidegate.network.runs} says how often, {@code
 * -Dtidegate.network.seed} repeats a run of the test.
 */
public abstract class BrokenNetworkSuite {
  private static final int RUNS = Integer.getInteger("tidegate.network.runs", 10);
  private static final int REPORT_EVERY = 50;

  /** A silent network takes longer to be noticed than all else, so that few runs can have one. */
  private static final int ONE_SILENCE_IN = 25;

  private static final Set<ExitCode> TEMPORARY = Set.of(ExitCode.NOT_READY, ExitCode.LOCKED);

  private final Map<String, Integer> outcomes = new TreeMap<>();
  private final Queue<Throwable> uncaught = new ConcurrentLinkedQueue<>();
  @TempDir private Path changelog;

  /** The folder of the changelog. */
  protected final Path changelog() {
    return changelog;
  }

  /** Writes a changelog in which whatever is executed twice shows. */
  protected abstract void writeChangelog() throws Exception;

  /** Makes an empty database. */
  protected abstract void create(String database);

  /** The server's port on loopback. */
  protected abstract int port();

  /** A target for that database, by way of that port on loopback. */
  protected abstract Target target(String database, int port);

  /** The migration under test. */
  protected abstract Migration open(Target target);

  /** Everything in a database that two runs of one changelog must agree in. */
  protected abstract List<String> contents(String database) throws Exception;

  /** Whether each changeset is rolled back where it was not committed, so that nobody is ever asked. */
  protected abstract boolean rollsBack();

  /** Whether what was interrupted took effect, as one who looks would find. */
  protected abstract boolean made(String database, Interrupted interrupted) throws Exception;

  @BeforeEach
  void watchThreads() {
    Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> uncaught.add(thrown));
  }

  @AfterEach
  void watchThreadsNoMore() {
    Thread.setDefaultUncaughtExceptionHandler(null);
  }

  @Test
  void every_changeset_is_applied_once_wherever_the_network_breaks() throws Exception {
    writeChangelog();
    long seed = Long.getLong("tidegate.network.seed", System.nanoTime());
    Random random = new Random(seed);
    List<String> undisturbed;
    long[] bytes;
    create("undisturbed");
    try (Relay relay = new Relay(port())) {
      migrate(through(relay, "undisturbed"));
      undisturbed = contents("undisturbed");
      bytes = new long[] {relay.bytes(false), relay.bytes(true)};
    }
    for (int run = 1; run <= RUNS; run++) {
      String name = "broken" + run;
      create(name);
      boolean answers = random.nextBoolean();
      Break how =
          run % ONE_SILENCE_IN == 0
              ? Break.SILENCE
              : random.nextBoolean() ? Break.RESET : Break.END;
      long at = random.nextLong(bytes[answers ? 1 : 0]);
      boolean twoAtOnce = random.nextInt(3) == 0;
      String described =
          "seed %d, run %d: %s at byte %d of %s%s"
              .formatted(
                  seed, run, how, at, answers ? "answers" : "requests", twoAtOnce ? ", two" : "");
      broken(name, how, answers, at, twoAtOnce);
      finish(name);
      assertThat(contents(name)).as(described).isEqualTo(undisturbed);
      assertThat(uncaught).as(described).isEmpty();
      if (run % REPORT_EVERY == 0 || run == RUNS) {
        System.out.printf(
            "%s: %d broken networks, seed %d: %s%n",
            getClass().getSimpleName(), run, seed, outcomes);
      }
    }
  }

  private void broken(String name, Break how, boolean answers, long at, boolean twoAtOnce)
      throws Exception {
    try (Relay relay = new Relay(port())) {
      relay.breakAt(how, answers, at);
      CompletableFuture<Void> other = null;
      if (twoAtOnce) {
        other = CompletableFuture.runAsync(() -> count("the other", direct(name)));
      }
      count("broken", through(relay, name));
      if (other != null) {
        other.get(5, TimeUnit.MINUTES);
      }
    }
  }

  private void count(String which, Target target) {
    String ended;
    try {
      migrate(target);
      ended = "done";
    } catch (ProblemException e) {
      assertThat(e.exit())
          .as(e.getMessage())
          .matches(exit -> TEMPORARY.contains(exit) || isInterrupted(e));
      ended = e.exit().toString();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    synchronized (outcomes) {
      outcomes.merge(which + " " + ended, 1, Integer::sum);
    }
  }

  /** Runs it on a network that holds, and resolves what is named as a person who looks would. */
  private void finish(String name) throws Exception {
    try {
      migrate(direct(name));
    } catch (ProblemException e) {
      assertThat(isInterrupted(e)).as(e.getMessage()).isTrue();
      Resolvable migration = (Resolvable) open(direct(name));
      for (Interrupted interrupted : migration.interrupted()) {
        migration.resolve(interrupted.changeset(), made(name, interrupted), "a test looked");
      }
      outcomes.merge("resolved", 1, Integer::sum);
      migrate(direct(name));
    }
  }

  private boolean isInterrupted(ProblemException e) {
    return !rollsBack()
        && e.exit() == ExitCode.CHANGELOG
        && String.valueOf(e.getMessage()).contains("interrupted");
  }

  private void migrate(Target target) throws InterruptedException {
    open(target).migrate(MigrationListener.NONE);
  }

  private Target direct(String database) {
    return target(database, port());
  }

  private Target through(Relay relay, String database) {
    return target(database, relay.port());
  }
}
