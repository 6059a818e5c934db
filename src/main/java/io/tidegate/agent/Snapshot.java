package io.tidegate.agent;

import io.tidegate.migration.Migration.MigrationOutcome;
import io.tidegate.migration.MigrationListener.LockHolder;
import io.tidegate.policy.Guard.Verdict;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.replicas.ReplicaCount;
import io.tidegate.secret.Redactor;
import io.tidegate.target.EngineCatalog;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.Reason;
import io.tidegate.target.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that endpoints may tell, at one moment, and what follows from it with each event. Made
 * by the agent's loop alone; readers never cause any work.
 *
 * @param state where the run is
 * @param started when the agent started
 * @param since when it entered this state
 * @param steps the states it went through, this one included, in the order entered; what follows in
 *     one state, as the migrations of several targets, is one step
 * @param targets in the order declared
 * @param migrations of the targets that have a changelog, in the same order
 * @param replicas the replica count
 * @param verdict the guard's, as of the last evaluation
 */
public record Snapshot(
    AgentState state,
    Instant started,
    Instant since,
    List<Step> steps,
    List<TargetState> targets,
    List<MigrationState> migrations,
    ReplicaCount replicas,
    Verdict verdict) {

  /** Copies the lists. */
  public Snapshot {
    steps = List.copyOf(steps);
    targets = List.copyOf(targets);
    migrations = List.copyOf(migrations);
  }

  /** What is known before anything was asked. */
  static Snapshot first(List<Target> targets, EngineCatalog engines, Instant now) {
    AgentState state = new AgentState.EvaluatingSettings();
    return new Snapshot(
        state,
        now,
        now,
        List.of(new Step(state, now)),
        targets.stream()
            .map(target -> TargetState.unknown(target, engines.of(target).traits().id(), now))
            .toList(),
        targets.stream()
            .filter(target -> target.changelog() != null)
            .map(target -> MigrationState.pending(target.name()))
            .toList(),
        new ReplicaCount.Unknown("not counted yet"),
        Verdict.CLEAN);
  }

  /**
   * What is known once this has happened.
   *
   * @param failuresToUnready how many failures in a row make a target that is watched not ready;
   *     before it is watched, one does
   */
  Snapshot after(Event event, Instant at, int failuresToUnready) {
    return switch (event) {
      case Event.Entered(AgentState entered) -> in(entered, at);
      case Event.Evaluated(var counted, var found) ->
          new Snapshot(state, started, since, steps, targets, migrations, counted, found);
      case Event.Probed(var target, var result, var took) -> {
        int failures = state instanceof AgentState.Watching ? failuresToUnready : 1;
        yield withTarget(target, known -> known.probed(result, took, at, failures));
      }
      case Event.LockAwaited(var target, var holder) ->
          withMigration(target, migration -> migration.waiting(holder));
      case Event.ChangesetStarted(var target, var changeset, int number, int of) ->
          withMigration(target, migration -> migration.running(changeset.toString(), number, of));
      case Event.ChangesetRetried(var target, var _, var _) ->
          withMigration(target, MigrationState::retried);
      case Event.ChangesetInterrupted(var target, var what) ->
          withMigration(
              target, migration -> migration.foundInterrupted(what.changeset().toString()));
      case Event.Migrated(var target, var outcome) ->
          withMigration(target, migration -> migration.done(outcome));
      case Event.MigrationFailed(var target) -> withMigration(target, MigrationState::failed);
      case Event.WatcherDied(var target, Throwable thrown) ->
          afterDeath("what watches " + target.name(), thrown, at);
      case Event.Noticed _,
          Event.ChangesetRisky _,
          Event.ChangesetApplied _,
          Event.RecountFailed _ ->
          this;
    };
  }

  /** Nothing follows by itself any more from what was known: a part of the program has died. */
  Snapshot afterDeath(String part, Throwable thrown, Instant at) {
    List<Problem> problems = new ArrayList<>();
    if (state instanceof AgentState.Failed(List<Problem> before)) {
      problems.addAll(before);
    }
    problems.add(
        new Problem(
            ExitCode.BUG,
            "it has died, which is a bug: " + Redactor.redact(thrown.toString()),
            part,
            "Start Tidegate again, and report it with the log of TIDEGATE_LOG_LEVEL=debug"));
    return in(new AgentState.Failed(problems), at);
  }

  private Snapshot in(AgentState entered, Instant at) {
    boolean goesOn = steps.getLast().state().id().equals(entered.id());
    List<Step> taken =
        goesOn ? steps : Stream.concat(steps.stream(), Stream.of(new Step(entered, at))).toList();
    return new Snapshot(entered, started, at, taken, targets, migrations, replicas, verdict);
  }

  private Snapshot withTarget(Target target, UnaryOperator<TargetState> change) {
    List<TargetState> changed =
        targets.stream()
            .map(each -> each.target().name().equals(target.name()) ? change.apply(each) : each)
            .toList();
    return new Snapshot(state, started, since, steps, changed, migrations, replicas, verdict);
  }

  private Snapshot withMigration(Target target, UnaryOperator<MigrationState> change) {
    List<MigrationState> changed =
        migrations.stream()
            .map(each -> each.target().equals(target.name()) ? change.apply(each) : each)
            .toList();
    return new Snapshot(state, started, since, steps, targets, changed, replicas, verdict);
  }

  /** Whether the app may take traffic: all is done once, and every required target is ready. */
  public boolean ready() {
    return state instanceof AgentState.Watching
        && targets.stream().allMatch(state -> state.ready() || !state.target().required());
  }

  /** A state of the run, and when it was entered. */
  public record Step(AgentState state, Instant since) {}

  /**
   * What is known of one target now.
   *
   * @param target as declared
   * @param engine the engine's id
   * @param ready whether it counts as ready
   * @param detail what answered, or why it is not ready, for people; never holds a secret
   * @param reason the reason's id while it is not ready; null while it is ready or was never probed
   * @param since when it last became ready or not ready
   * @param lastProbe when it was last probed; null: never
   * @param lastProbeTook how long that took; null: never probed
   * @param failuresInARow failed probes since the last success
   * @param failuresByReason all failed probes since the start, by the reason's id; only ever grows
   * @param changes how it became what it is: the last {@value #MOST_CHANGES} times that it became ready,
   *     or not ready for another reason; the oldest first
   */
  public record TargetState(
      Target target,
      String engine,
      boolean ready,
      String detail,
      @Nullable String reason,
      Instant since,
      @Nullable Instant lastProbe,
      @Nullable Duration lastProbeTook,
      int failuresInARow,
      Map<String, Long> failuresByReason,
      List<Change> changes) {
    private static final int MOST_CHANGES = 10;

    /**
     * A moment when it became ready, or not ready for another reason.
     *
     * @param reason the reason's id; null: it became ready
     * @param detail what answered, or why it is not ready, for people
     */
    public record Change(@Nullable String reason, String detail, Instant since) {}

    /** A target that was never probed. */
    static TargetState unknown(Target target, String engine, Instant now) {
      return new TargetState(
          target, engine, false, "not probed yet", null, now, null, null, 0, Map.of(), List.of());
    }

    /** Copies the collections. */
    public TargetState {
      failuresByReason = Map.copyOf(failuresByReason);
      changes = List.copyOf(changes);
    }

    /** It was probed; so many failures in a row make it not ready. */
    private TargetState probed(
        ProbeResult result, Duration took, Instant at, int failuresToUnready) {
      return switch (result) {
        case ProbeResult.Ready(String answer) ->
            new TargetState(
                target,
                engine,
                true,
                answer,
                null,
                ready ? since : at,
                at,
                took,
                0,
                failuresByReason,
                ready ? changes : with(new Change(null, answer, at)));
        case ProbeResult.NotYet(Reason why, String sentence) ->
            failed(why.id(), sentence, took, at, failuresToUnready);
        case ProbeResult.Wrong(Reason why, String sentence) ->
            failed(why.id(), sentence, took, at, failuresToUnready);
      };
    }

    private TargetState failed(
        String why, String sentence, Duration took, Instant at, int failuresToUnready) {
      boolean staysReady = ready && failuresInARow + 1 < failuresToUnready;
      Map<String, Long> byReason = new HashMap<>(failuresByReason);
      byReason.merge(why, 1L, Long::sum);
      return new TargetState(
          target,
          engine,
          staysReady,
          sentence,
          why,
          ready == staysReady ? since : at,
          at,
          took,
          failuresInARow + 1,
          byReason,
          staysReady || isLast(why) ? changes : with(new Change(why, sentence, at)));
    }

    /** Whether it is not ready for that reason already. */
    private boolean isLast(String why) {
      return !changes.isEmpty() && why.equals(changes.getLast().reason());
    }

    private List<Change> with(Change change) {
      return Stream.concat(changes.stream(), Stream.of(change))
          .skip(Math.max(0, changes.size() + 1 - MOST_CHANGES))
          .toList();
    }
  }

  /**
   * What is known of one target's migration now.
   *
   * @param target the target's name
   * @param phase {@code pending}, {@code waiting}, {@code running}, {@code done} or {@code failed}
   * @param changeset the changeset that runs, for people; null: none
   * @param number which of the pending ones it is, from 1; 0: none
   * @param of how many were pending when it began; 0: not known
   * @param holder who holds the lock while it is waited for; null: nobody
   * @param retries how often a changeset was tried again so far, since another session was in the way
   * @param interrupted the changesets that an earlier run left half done, which ended this one
   * @param outcome what it did; null until it is done
   */
  public record MigrationState(
      String target,
      Phase phase,
      @Nullable String changeset,
      int number,
      int of,
      @Nullable LockHolder holder,
      int retries,
      List<String> interrupted,
      @Nullable MigrationOutcome outcome) {

    /** Copies the list. */
    public MigrationState {
      interrupted = List.copyOf(interrupted);
    }

    /** Where a migration is. */
    public enum Phase {
      PENDING,
      WAITING,
      RUNNING,
      DONE,
      FAILED;

      /** The name in JSON and metrics. */
      public String id() {
        return name().toLowerCase(Locale.ROOT);
      }
    }

    /** A migration that has not begun. */
    public static MigrationState pending(String target) {
      return new MigrationState(target, Phase.PENDING, null, 0, 0, null, 0, List.of(), null);
    }

    /** It waits for the lock that this one holds. */
    private MigrationState waiting(LockHolder holder) {
      return new MigrationState(
          target, Phase.WAITING, null, 0, 0, holder, retries, List.of(), null);
    }

    /** It applies a changeset. */
    private MigrationState running(String changeset, int number, int of) {
      return new MigrationState(
          target, Phase.RUNNING, changeset, number, of, null, retries, List.of(), null);
    }

    /** The changeset is tried again. */
    private MigrationState retried() {
      return new MigrationState(
          target, phase, changeset, number, of, holder, retries + 1, interrupted, outcome);
    }

    /** It has found one more changeset that an earlier run left half done. */
    private MigrationState foundInterrupted(String changeset) {
      List<String> all = Stream.concat(interrupted.stream(), Stream.of(changeset)).toList();
      return new MigrationState(
          target, phase, this.changeset, number, of, holder, retries, all, outcome);
    }

    /** It is done. */
    private MigrationState done(MigrationOutcome outcome) {
      return new MigrationState(
          target, Phase.DONE, null, 0, 0, null, outcome.retries(), List.of(), outcome);
    }

    /** It failed, at the changeset that ran. */
    private MigrationState failed() {
      return new MigrationState(
          target, Phase.FAILED, changeset, number, of, null, retries, interrupted, null);
    }
  }

  /** What the agent's loop publishes, as readers see it. Reading is a volatile read and nothing else. */
  public interface SnapshotSource {
    /** The age of a heartbeat that will not come again. */
    Duration STOPPED = Duration.ofDays(365);

    /** The latest snapshot. */
    Snapshot snapshot();

    /**
     * How long ago the agent last showed that it is alive, by a clock that does not jump. {@link
     * #STOPPED} as soon as its loop, or what watches one of its targets, has died: what is
     * published no longer follows what happens.
     */
    Duration sinceHeartbeat();
  }
}
