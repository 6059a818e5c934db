package io.tidegate.agent;

import io.tidegate.agent.Agent.RunMode;
import io.tidegate.agent.Snapshot.SnapshotSource;
import io.tidegate.config.Settings;
import io.tidegate.config.Settings.HttpSettings;
import io.tidegate.config.Settings.WatchSettings;
import io.tidegate.engine.jdbc.ConnectionHandoff;
import io.tidegate.logging.Logs.LogSettings;
import io.tidegate.migration.Migration;
import io.tidegate.migration.Migration.MigrationOutcome;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationPlan;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.migration.MigrationStatus;
import io.tidegate.migration.Migrator;
import io.tidegate.migration.MigratorCatalog;
import io.tidegate.policy.Guard;
import io.tidegate.policy.Rule;
import io.tidegate.readiness.Ticker;
import io.tidegate.replicas.ReplicaCount;
import io.tidegate.replicas.ReplicaCounter;
import io.tidegate.replicas.ReplicaSource;
import io.tidegate.target.Changelog;
import io.tidegate.target.Credentials;
import io.tidegate.target.Engine;
import io.tidegate.target.EngineCatalog;
import io.tidegate.target.EngineTraits;
import io.tidegate.target.EngineTraits.ChangelogKind;
import io.tidegate.target.Facts;
import io.tidegate.target.Probe;
import io.tidegate.target.Probe.ProbeMode;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.Reason;
import io.tidegate.target.RetryPolicy;
import io.tidegate.target.ServiceUrl;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Target;
import io.tidegate.target.Target.Purpose;
import io.tidegate.target.Target.Role;
import io.tidegate.target.TlsPolicy.TlsSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An agent over an engine, a migrator, a count of replicas and a clock that do as a test says: no real server
 * can be made to fail at exactly that moment, nor time to pass. It runs on a thread of its own, as the
 * program's main thread does.
 */
final class Staged implements AutoCloseable {
  static final ProbeResult READY = new ProbeResult.Ready("there");
  static final ProbeResult GONE =
      new ProbeResult.NotYet(Reason.UNREACHABLE, "nothing listens there");

  /** What one attempt, one migration or one count does. */
  interface Act<T> {
    T now() throws InterruptedException;
  }

  private final Map<String, Act<ProbeResult>> answers = new ConcurrentHashMap<>();
  private final Map<String, Act<MigrationOutcome>> migrations = new ConcurrentHashMap<>();
  private final List<Target> targets = new ArrayList<>();
  private final List<Rule> rules = new ArrayList<>();
  final List<String> migrated = new CopyOnWriteArrayList<>();
  final AtomicInteger openProbes = new AtomicInteger();
  private volatile Act<ReplicaCount> count = () -> new ReplicaCount.Exactly(1, "a test");
  private volatile @Nullable Supplier<Instant> clock;
  private final Turned ticker = new Turned();
  private @Nullable Agent agent;
  private @Nullable Thread runner;
  private volatile @Nullable Throwable ended;

  /** Adds a target that is ready, and whose migration, if it has a changelog, applies one changeset. */
  Staged target(String name, boolean required, boolean changelog) {
    targets.add(
        new Target(
            name,
            "TEST",
            new ServiceUrl("staged", List.of(new HostPort(name, 1)), "app", Map.of()),
            Credentials.NONE,
            false,
            Purpose.STORE,
            Role.ANY,
            required,
            null,
            TlsSettings.FROM_URL,
            changelog ? new Changelog(Path.of("changelog"), "", "") : null,
            RetryPolicy.DEFAULT,
            null));
    answers.put(name, () -> READY);
    migrations.put(
        name, () -> new MigrationOutcome(1, 0, 0, Duration.ofMillis(1), Duration.ZERO, 0));
    return this;
  }

  Staged rule(Rule rule) {
    rules.add(rule);
    return this;
  }

  /** What every attempt at a target gives from now on. */
  Staged answers(String target, Act<ProbeResult> answer) {
    answers.put(target, answer);
    return this;
  }

  /** What every migration of a target does from now on. */
  Staged migrates(String target, Act<MigrationOutcome> migration) {
    migrations.put(target, migration);
    return this;
  }

  /** What every count of the replicas gives from now on. */
  Staged counts(Act<ReplicaCount> count) {
    this.count = count;
    return this;
  }

  /** What the clock says from now on. */
  void clock(Supplier<Instant> clock) {
    this.clock = clock;
  }

  /** Starts a run and goes on. */
  Staged start(RunMode mode) {
    EngineCatalog engines = new EngineCatalog(List.of(new StagedEngine()));
    Agent started =
        new Agent(
            engines,
            new MigratorCatalog(engines, List.of(new StagedMigrator())),
            new Guard(rules),
            new ReplicaCounter(List.of(new StagedReplicas())),
            _ -> {},
            new ConnectionHandoff(),
            new Settings(
                targets,
                null,
                null,
                null,
                Path.of("."),
                List.of(),
                MigrationSettings.DEFAULT,
                WatchSettings.DEFAULT,
                HttpSettings.DEFAULT,
                LogSettings.DEFAULT,
                Map.of(),
                List.of()),
            new StagedClock(),
            ticker,
            null);
    agent = started;
    runner =
        Thread.ofPlatform()
            .name("staged")
            .start(() -> {
              try {
                started.run(mode);
              } catch (InterruptedException | RuntimeException | Error e) {
                ended = e;
              }
            });
    return this;
  }

  /** Waits for the end of the run: what it threw; null: nothing. */
  @Nullable Throwable end() throws InterruptedException {
    if (!running().join(Duration.ofMinutes(2))) {
      throw new AssertionError("the run does not end: " + snapshot());
    }
    return ended;
  }

  /** What SIGTERM does to a run. */
  void interrupt() {
    running().interrupt();
  }

  /** Lets the watch probe every target once more. */
  void probeAgain() {
    ticker.probes.release(targets.size());
  }

  /** Whether the watch has probed every target, and waits to be let do it again. */
  boolean watches() {
    return ticker.probes.getQueueLength() == targets.size();
  }

  /** Lets the watch count the replicas once more. */
  void countAgain() {
    ticker.counts.release();
  }

  /** How long the run has slept so far, by the staged time. */
  Duration slept() {
    return Duration.ofNanos(ticker.now.get());
  }

  SnapshotSource snapshots() {
    if (agent == null) {
      throw new IllegalStateException("not started");
    }
    return agent.snapshots();
  }

  Snapshot snapshot() {
    return snapshots().snapshot();
  }

  private Thread running() {
    if (runner == null) {
      throw new IllegalStateException("not started");
    }
    return runner;
  }

  /** Closes the agent, as the program does at the end of a run. */
  @Override
  public void close() {
    interrupt();
    try {
      running().join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (agent != null) {
      agent.close();
    }
  }

  private <T> T act(Map<String, Act<T>> acts, String target) throws InterruptedException {
    Act<T> act = acts.get(target);
    if (act == null) {
      throw new IllegalStateException("nothing is staged for " + target);
    }
    return act.now();
  }

  private final class StagedEngine implements Engine {
    @Override
    public EngineTraits traits() {
      return new EngineTraits("staged", "Staged", Set.of("staged"), 1, ChangelogKind.SQL, false);
    }

    @Override
    public Probe open(Target target, ProbeMode mode) {
      openProbes.incrementAndGet();
      return new Probe() {
        @Override
        public ProbeResult attempt(Duration timeout) throws InterruptedException {
          return act(answers, target.name());
        }

        @Override
        public void close() {
          openProbes.decrementAndGet();
        }
      };
    }

    @Override
    public Facts facts(Target target, Duration timeout) {
      return Facts.NONE;
    }
  }

  private final class StagedMigrator implements Migrator {
    @Override
    public String engine() {
      return new StagedEngine().traits().id();
    }

    @Override
    public Migration open(Target target, MigrationSettings settings) {
      return new Migration() {
        @Override
        public MigrationOutcome migrate(MigrationListener listener) throws InterruptedException {
          MigrationOutcome outcome = act(migrations, target.name());
          migrated.add(target.name());
          return outcome;
        }

        @Override
        public MigrationStatus status() {
          return new MigrationStatus(List.of(), List.of(), List.of(), List.of(), List.of(), null);
        }

        @Override
        public MigrationPlan plan() {
          return MigrationPlan.NOTHING;
        }
      };
    }
  }

  private final class StagedReplicas implements ReplicaSource {
    @Override
    public int order() {
      return 1;
    }

    @Override
    public Optional<ReplicaCount> count() throws InterruptedException {
      return Optional.of(count.now());
    }
  }

  private final class StagedClock extends Clock {
    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      Supplier<Instant> staged = clock;
      return staged == null ? Instant.EPOCH.plus(slept()) : staged.get();
    }
  }

  /** Time that passes only in sleep; the watch sleeps until the test wakes it. */
  private static final class Turned implements Ticker {
    private final AtomicLong now = new AtomicLong();
    private final Semaphore probes = new Semaphore(0);
    private final Semaphore counts = new Semaphore(0);

    @Override
    public long nanos() {
      return now.get();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
      if (duration.equals(WatchSettings.DEFAULT.interval())) {
        probes.acquire();
      } else if (duration.equals(WatchSettings.DEFAULT.recount())) {
        counts.acquire();
      } else if (Thread.interrupted()) {
        throw new InterruptedException();
      } else {
        now.addAndGet(duration.toNanos());
      }
    }
  }
}
