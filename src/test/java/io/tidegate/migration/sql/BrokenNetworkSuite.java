package io.tidegate.migration.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.migration.BackupCheck;
import io.tidegate.migration.Migration.Resolvable;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.MigrationStatus.Interrupted;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.ProblemException;
import io.tidegate.servers.Relay;
import io.tidegate.servers.Relay.Break;
import io.tidegate.target.ServiceUrl;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Target;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The network breaks at a random byte of a migration: in the question for the lock, in a changeset, in
 * COMMIT, before or after the server had it. Then it is run again, and the database must be what an
 * undisturbed run makes of it. {@code -Dtidegate.network.runs} says how often, {@code
 * -Dtidegate.network.seed} repeats a run of the test.
 */
public abstract class BrokenNetworkSuite {
  private static final int RUNS = Integer.getInteger("tidegate.network.runs", 25);
  private static final int REPORT_EVERY = 50;

  private static final Duration SILENCE = Duration.ofSeconds(15);

  /** A silent network takes longer to be noticed than all else, so that few runs can have one. */
  private static final int ONE_SILENCE_IN = 25;

  private static final Set<ExitCode> TEMPORARY = Set.of(ExitCode.NOT_READY, ExitCode.LOCKED);

  private final Map<String, Integer> outcomes = new TreeMap<>();
  @TempDir private Path folder;

  /** The databases of the engine under test. */
  protected abstract TestDatabases databases();

  /** Whether each changeset is rolled back where it was not committed, so that nobody is ever asked. */
  protected abstract boolean rollsBack();

  @Test
  void every_changeset_is_applied_once_wherever_the_network_breaks() throws Exception {
    new KillChangelog(folder, "INSERT INTO slow VALUES (1)");
    long seed = Long.getLong("tidegate.network.seed", System.nanoTime());
    Random random = new Random(seed);
    List<String> undisturbed;
    long[] bytes;
    databases().create("undisturbed");
    try (Relay relay = new Relay(port())) {
      migrate(through(relay, "undisturbed"));
      undisturbed = contents("undisturbed");
      bytes = new long[] {relay.bytes(false), relay.bytes(true)};
    }
    for (int run = 1; run <= RUNS; run++) {
      String name = "broken" + run;
      databases().create(name);
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
        try (Connection connection = databases().connect(name)) {
          boolean made = Contents.made(connection, interrupted.changeset().path());
          migration.resolve(interrupted.changeset(), made, "a test looked");
        }
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

  private List<String> contents(String name) throws Exception {
    try (Connection connection = databases().connect(name)) {
      return Contents.of(connection);
    }
  }

  private void migrate(Target target) throws InterruptedException {
    open(target).migrate(MigrationListener.NONE);
  }

  private io.tidegate.migration.Migration open(Target target) {
    return new SqlMigrator(databases().dialect(), BackupCheck.NONE, SILENCE)
        .open(target, MigrationSettings.DEFAULT);
  }

  private int port() {
    return direct("any").url().hosts().getFirst().port();
  }

  private Target direct(String name) {
    return databases().target(name, folder);
  }

  private Target through(Relay relay, String name) {
    ServiceUrl url = direct(name).url();
    return SqlTargets.at(
        direct(name),
        new ServiceUrl(
            url.scheme(),
            List.of(new HostPort("127.0.0.1", relay.port())),
            url.path(),
            url.parameters()));
  }
}
