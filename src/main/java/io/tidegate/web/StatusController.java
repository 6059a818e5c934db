package io.tidegate.web;

import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.tidegate.agent.AgentState;
import io.tidegate.agent.Snapshot;
import io.tidegate.agent.Snapshot.MigrationState;
import io.tidegate.agent.Snapshot.SnapshotSource;
import io.tidegate.agent.Snapshot.TargetState;
import io.tidegate.agent.Version;
import io.tidegate.migration.Migration.MigrationOutcome;
import io.tidegate.migration.MigrationListener.LockHolder;
import io.tidegate.policy.Guard.Verdict;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.problem.Problem;
import io.tidegate.replicas.ReplicaCount;
import io.tidegate.secret.Redactor;
import io.tidegate.web.LiveController.LiveBody;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Everything that is known, for people and programs. Always 200: it reports, and is no check itself. */
@Controller
@Produces(MediaType.ALL)
final class StatusController {
  private final SnapshotSource snapshots;

  StatusController(SnapshotSource snapshots) {
    this.snapshots = snapshots;
  }

  @Get("/status")
  HttpResponse<StatusBody> status() {
    return JsonAnswers.of(true, StatusBody.of(snapshots.snapshot(), snapshots.sinceHeartbeat()));
  }

  /**
   * The body of {@code /status}: the whole snapshot.
   *
   * @param version which Tidegate answers
   * @param steps the states that the run went through, this one included, in the order entered
   * @param problems why the run failed; empty unless the state is {@code failed}
   */
  @Introspected
  record StatusBody(
      String version,
      String state,
      boolean ready,
      boolean live,
      Instant started,
      Instant since,
      List<Step> steps,
      List<Failure> problems,
      List<TargetBody> targets,
      List<MigrationBody> migrations,
      ReplicasBody replicas,
      GuardBody guard) {

    /** A state, and when it was entered. */
    @Introspected
    record Step(String state, Instant since) {
      static Step of(Snapshot.Step step) {
        return new Step(step.state().id(), step.since());
      }
    }

    /** One problem, with the exit code it leads to. */
    @Introspected
    record Failure(int exit, String what, String where, String remedy) {
      static Failure of(Problem problem) {
        return new Failure(
            problem.exit().number(),
            Redactor.redact(problem.what()),
            Redactor.redact(problem.where()),
            Redactor.redact(problem.remedy()));
      }
    }

    static StatusBody of(Snapshot snapshot, Duration sinceHeartbeat) {
      List<Problem> problems =
          snapshot.state() instanceof AgentState.Failed failed ? failed.problems() : List.of();
      return new StatusBody(
          Version.current(),
          snapshot.state().id(),
          snapshot.ready(),
          LiveBody.live(sinceHeartbeat),
          snapshot.started(),
          snapshot.since(),
          snapshot.steps().stream().map(Step::of).toList(),
          problems.stream().map(Failure::of).toList(),
          snapshot.targets().stream().map(TargetBody::of).toList(),
          snapshot.migrations().stream().map(MigrationBody::of).toList(),
          ReplicasBody.of(snapshot.replicas()),
          GuardBody.of(snapshot.verdict()));
    }

    /**
     * What the guard says.
     *
     * @param refused whether a finding that stands is an error
     * @param findings those that stand, worst first
     * @param accepted those that a user accepted
     */
    @Introspected
    record GuardBody(boolean refused, List<Found> findings, List<Found> accepted) {

      /** One finding, with what its rule says. */
      @Introspected
      record Found(
          String rule,
          String severity,
          String subject,
          String title,
          String evidence,
          String danger,
          String fix,
          String documentation) {
        static Found of(Finding finding) {
          return new Found(
              finding.rule().id(),
              finding.severity().id(),
              Redactor.redact(finding.subject()),
              finding.rule().title(),
              Redactor.redact(finding.evidence()),
              Redactor.redact(finding.rule().danger()),
              Redactor.redact(finding.rule().fix()),
              finding.rule().documentation().toString());
        }
      }

      static GuardBody of(Verdict verdict) {
        return new GuardBody(
            verdict.refused(),
            verdict.findings().stream().map(Found::of).toList(),
            verdict.accepted().stream().map(Found::of).toList());
      }
    }

    /**
     * How many replicas of the app there are.
     *
     * @param certainty {@code exactly}, {@code up-to}, {@code at-least} or {@code unknown}
     * @param count null: unknown
     * @param source how that is known, or why it is not
     */
    @Introspected
    record ReplicasBody(String certainty, @Nullable Integer count, String source) {

      static ReplicasBody of(ReplicaCount replicas) {
        return switch (replicas) {
          case ReplicaCount.Exactly(int count, String source, int _) ->
              new ReplicasBody("exactly", count, Redactor.redact(source));
          case ReplicaCount.UpTo(int count, String source) ->
              new ReplicasBody("up-to", count, Redactor.redact(source));
          case ReplicaCount.AtLeast(int count, String source) ->
              new ReplicasBody("at-least", count, Redactor.redact(source));
          case ReplicaCount.Unknown(String reason, ReplicaCount.AtLeast _) ->
              new ReplicasBody("unknown", null, Redactor.redact(reason));
        };
      }
    }

    /**
     * A target in {@code /status}. The credentials are not left out: they are never put in.
     *
     * @param lastProbeMillis how long the last probe took
     * @param failuresByReason all failed probes since the start
     * @param changes the last ten, the oldest first
     */
    @Introspected
    record TargetBody(
        String name,
        String engine,
        String url,
        String purpose,
        String role,
        boolean required,
        boolean ready,
        @Nullable String reason,
        String detail,
        Instant since,
        @Nullable Instant lastProbe,
        @Nullable Long lastProbeMillis,
        int failuresInARow,
        Map<String, Long> failuresByReason,
        List<Change> changes) {

      /** When it became ready, or not ready for another reason. */
      @Introspected
      record Change(boolean ready, @Nullable String reason, String detail, Instant since) {
        static Change of(TargetState.Change change) {
          return new Change(
              change.reason() == null,
              change.reason(),
              Redactor.redact(change.detail()),
              change.since());
        }
      }

      static TargetBody of(TargetState state) {
        Duration took = state.lastProbeTook();
        return new TargetBody(
            state.target().name(),
            state.engine(),
            Redactor.redact(state.target().url().toString()),
            id(state.target().purpose()),
            id(state.target().role()),
            state.target().required(),
            state.ready(),
            state.reason(),
            Redactor.redact(state.detail()),
            state.since(),
            state.lastProbe(),
            took == null ? null : took.toMillis(),
            state.failuresInARow(),
            new TreeMap<>(state.failuresByReason()),
            state.changes().stream().map(Change::of).toList());
      }

      private static String id(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
      }
    }

    /**
     * A target's migration.
     *
     * @param phase {@code pending}, {@code waiting}, {@code running}, {@code done} or {@code failed}
     * @param changeset the one that runs; null: none
     * @param number which of the pending ones it is, from 1; 0: none
     * @param of how many were pending; 0: not known
     * @param holder who holds the lock while it is waited for; null: nobody
     * @param retries how often a changeset was tried again so far
     * @param interrupted the changesets that an earlier run left half done
     * @param outcome what it did; null until it is done
     */
    @Introspected
    record MigrationBody(
        String target,
        String phase,
        @Nullable String changeset,
        int number,
        int of,
        @Nullable Holder holder,
        int retries,
        List<String> interrupted,
        @Nullable Outcome outcome) {

      /** Who holds a lock. */
      @Introspected
      record Holder(String who, @Nullable Instant since, @Nullable String work) {
        static @Nullable Holder of(@Nullable LockHolder holder) {
          return holder == null
              ? null
              : new Holder(Redactor.redact(holder.who()), holder.since(), redacted(holder.work()));
        }
      }

      /** What a migration did. */
      @Introspected
      record Outcome(
          int applied,
          int alreadyApplied,
          int unexpected,
          long tookMillis,
          long lockWaitMillis,
          int retries) {
        static @Nullable Outcome of(@Nullable MigrationOutcome outcome) {
          return outcome == null
              ? null
              : new Outcome(
                  outcome.applied(),
                  outcome.alreadyApplied(),
                  outcome.unexpected(),
                  outcome.took().toMillis(),
                  outcome.lockWait().toMillis(),
                  outcome.retries());
        }
      }

      static MigrationBody of(MigrationState state) {
        return new MigrationBody(
            state.target(),
            state.phase().id(),
            redacted(state.changeset()),
            state.number(),
            state.of(),
            Holder.of(state.holder()),
            state.retries(),
            state.interrupted().stream().map(Redactor::redact).toList(),
            Outcome.of(state.outcome()));
      }
    }
  }

  private static @Nullable String redacted(@Nullable String text) {
    return text == null ? null : Redactor.redact(text);
  }
}
