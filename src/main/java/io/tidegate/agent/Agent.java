package io.tidegate.agent;

import io.tidegate.agent.Snapshot.SnapshotSource;
import io.tidegate.config.Settings;
import io.tidegate.engine.jdbc.ConnectionHandoff;
import io.tidegate.migration.Migration;
import io.tidegate.migration.MigratorCatalog;
import io.tidegate.policy.Evidence;
import io.tidegate.policy.Guard;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.ProblemException;
import io.tidegate.readiness.Await;
import io.tidegate.readiness.Await.ProbeFactory;
import io.tidegate.readiness.Ticker;
import io.tidegate.replicas.ReplicaCount;
import io.tidegate.replicas.ReplicaCounter;
import io.tidegate.target.EngineCatalog;
import io.tidegate.target.Facts;
import io.tidegate.target.Probe;
import io.tidegate.target.Probe.ProbeMode;
import io.tidegate.target.Target;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ordered run: check, await, check the live servers, migrate, watch. */
public final class Agent implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  /** A server that is lost while it is migrated is awaited again so many times. */
  private static final int MIGRATION_ATTEMPTS = 3;

  /** Replicas are counted once where nothing has to be awaited: an API server's answers take long. */
  private static final Duration RECENT = Duration.ofSeconds(5);

  private final EngineCatalog engines;
  private final MigratorCatalog migrators;
  private final Guard guard;
  private final ReplicaCounter replicaCounter;
  private final RefusalListener refusals;
  private final ConnectionHandoff handoff;
  private final Settings settings;
  private final Clock clock;
  private final Ticker ticker;
  private final AgentLoop loop;
  private final Map<String, Migration> opened = new ConcurrentHashMap<>();

  /**
   * Takes what it runs over. Nothing happens before {@link #run}.
   *
   * @param trace records the run; null: nobody asks for that
   */
  public Agent(
      EngineCatalog engines,
      MigratorCatalog migrators,
      Guard guard,
      ReplicaCounter replicaCounter,
      RefusalListener refusals,
      ConnectionHandoff handoff,
      Settings settings,
      Clock clock,
      Ticker ticker,
      @Nullable RunTrace trace) {
    this.engines = engines;
    this.migrators = migrators;
    this.guard = guard;
    this.replicaCounter = replicaCounter;
    this.refusals = refusals;
    this.handoff = handoff;
    this.settings = settings;
    this.clock = clock;
    this.ticker = ticker;
    this.loop =
        new AgentLoop(
            Snapshot.first(settings.targets(), engines, clock.instant()),
            settings.watch().failures(),
            clock,
            trace);
    loop.start();
  }

  /** What the agent publishes. */
  public SnapshotSource snapshots() {
    return loop;
  }

  /**
   * Runs a course to its end; one that watches ends only by interruption.
   *
   * @throws ProblemException if the run cannot go on
   * @throws InterruptedException if the thread is interrupted: everything that was open is closed
   */
  public void run(RunMode mode) throws InterruptedException {
    try {
      if (mode.evaluates()) {
        enter(new AgentState.EvaluatingSettings());
        evaluate(replicaCounter.count(RECENT), Map.of());
      }
      if (mode.migrates() || mode.awaitsSchema()) {
        openChangelogs();
      }
      Map<String, Facts> facts = prepare(mode);
      if (mode.watches()) {
        watch(facts);
      }
    } catch (ProblemException e) {
      enter(new AgentState.Failed(e.problems()));
      throw e;
    } catch (InterruptedException e) {
      enter(new AgentState.Stopping());
      throw e;
    }
  }

  @Override
  public void close() {
    loop.close();
  }

  /** All that comes before watching. No connection of it is left open. */
  private Map<String, Facts> prepare(RunMode mode) throws InterruptedException {
    try (handoff) {
      if (mode.evaluates() || mode.migrates()) {
        handoff.open();
      }
      Set<String> ready = firstAwait(mode);
      Map<String, Facts> facts = Map.of();
      if (mode.evaluates()) {
        enter(new AgentState.EvaluatingServers());
        facts = FactFinder.ask(engines, ready(ready), clock);
        evaluate(replicaCounter.countWithSessions(RECENT), facts);
      }
      if (mode.migrates()) {
        migrateAll(mode);
      }
      return facts;
    }
  }

  /** Before any target is connected to: a changelog that cannot be right ends the run. */
  private void openChangelogs() {
    for (Target target : settings.targets()) {
      if (target.changelog() != null) {
        opened.put(target.name(), migrators.of(target).open(target, settings.migration()));
      }
    }
  }

  private Migration migration(Target target) {
    return Objects.requireNonNull(opened.get(target.name()));
  }

  private void enter(AgentState state) throws InterruptedException {
    loop.submitAndWait(new Event.Entered(state));
  }

  private void evaluate(ReplicaCount replicas, Map<String, Facts> facts)
      throws InterruptedException {
    Event.Evaluated evaluated = evaluation(replicas, facts);
    loop.submitAndWait(evaluated);
    if (evaluated.verdict().refused()) {
      ProblemException refusal = new ProblemException(guard.problems(evaluated.verdict()));
      refusals.refused(refusal);
      throw refusal;
    }
  }

  private Event.Evaluated evaluation(ReplicaCount replicas, Map<String, Facts> facts) {
    Evidence evidence =
        new Evidence(
            replicas, settings.replicas(), settings.targets(), facts, settings.environment());
    return new Event.Evaluated(
        replicas, guard.evaluate(evidence, settings.acceptances(), LocalDate.now(clock)));
  }

  /** A run that goes on to watch does not warm up: what that loads would stay in its memory. */
  private Set<String> firstAwait(RunMode mode) throws InterruptedException {
    if (!mode.migrates() || mode.watches()) {
      return await(mode);
    }
    List<Target> migrated =
        settings.targets().stream().filter(target -> target.changelog() != null).toList();
    try (WarmUp _ = new WarmUp(migrators, migrated, ticker)) {
      return await(mode);
    }
  }

  private Set<String> await(RunMode mode) throws InterruptedException {
    enter(new AgentState.Awaiting());
    ProbeFactory probes = mode.awaitsSchema() ? this::schemaProbe : this::probe;
    return new Await(
            probes,
            (target, result, took) -> loop.submit(new Event.Probed(target, result, took)),
            ticker,
            RandomGenerator.getDefault())
        .run(settings.targets());
  }

  private Probe probe(Target target) {
    return engines.of(target).open(target, ProbeMode.AWAIT);
  }

  private Probe schemaProbe(Target target) {
    Probe probe = probe(target);
    return target.changelog() == null ? probe : new SchemaProbe(probe, migration(target));
  }

  private List<Target> ready(Set<String> names) {
    return settings.targets().stream().filter(target -> names.contains(target.name())).toList();
  }

  /** All of them are ready: a target with a changelog is always awaited. */
  private void migrateAll(RunMode mode) throws InterruptedException {
    if (opened.isEmpty() && !mode.watches()) {
      LOG.info("no target has a changelog (TIDEGATE_CHANGELOG), so nothing is migrated");
    }
    for (Target target : settings.targets()) {
      if (target.changelog() != null) {
        migrate(mode, target, 1);
      }
    }
  }

  private void migrate(RunMode mode, Target target, int attempt) throws InterruptedException {
    enter(new AgentState.Migrating(target.name()));
    try {
      var outcome = migration(target).migrate(loop.listener(target));
      loop.submitAndWait(new Event.Migrated(target, outcome));
    } catch (ProblemException e) {
      loop.submitAndWait(new Event.MigrationFailed(target));
      if (e.exit() != ExitCode.NOT_READY || attempt >= MIGRATION_ATTEMPTS) {
        throw e;
      }
      LOG.warn("{}", e.getMessage());
      await(mode);
      migrate(mode, target, attempt + 1);
    }
  }

  private void watch(Map<String, Facts> facts) throws InterruptedException {
    enter(new AgentState.Watching());
    try (Watch watch = new Watch(engines, settings.watch(), loop, ticker)) {
      watch.start(settings.targets());
      System.gc(); // From here on little is allocated: what the start used would stay for hours.
      while (true) {
        ticker.sleep(settings.watch().recount());
        loop.submit(recount(facts));
      }
    }
  }

  /**
   * A verdict that has turned bad is told, and does not take down what runs; neither does a count that
   * fails.
   */
  private Event recount(Map<String, Facts> facts) throws InterruptedException {
    try {
      return evaluation(replicaCounter.countWithSessions(Duration.ZERO), facts);
    } catch (RuntimeException e) {
      return new Event.RecountFailed(e);
    }
  }

  /** Hears of a start that is refused, before it ends. */
  public interface RefusalListener {
    /**
     * Once for each verdict that refuses the start.
     *
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    void refused(ProblemException why) throws InterruptedException;
  }

  /**
   * How far a run goes.
   *
   * @param evaluates whether the rules are evaluated, before waiting and after
   * @param migrates whether pending changesets are applied
   * @param awaitsSchema whether a target with a changelog is ready only when another has applied it
   * @param watches whether targets are watched until SIGTERM
   */
  public record RunMode(
      boolean evaluates, boolean migrates, boolean awaitsSchema, boolean watches) {
    /** Check, await, check the live servers, migrate. */
    public static final RunMode INIT = new RunMode(true, true, false, false);

    /** The same, then watch. */
    public static final RunMode RUN = new RunMode(true, true, false, true);

    /** Await only, the schema included. */
    public static final RunMode WAIT = new RunMode(false, false, true, false);

    /** Migrate only. */
    public static final RunMode MIGRATE = new RunMode(false, true, false, false);
  }
}
