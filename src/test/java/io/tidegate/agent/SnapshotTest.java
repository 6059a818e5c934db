package io.tidegate.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.agent.Snapshot.MigrationState;
import io.tidegate.agent.Snapshot.TargetState;
import io.tidegate.agent.Snapshot.TargetState.Change;
import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.Migration.MigrationOutcome;
import io.tidegate.migration.MigrationListener.LockHolder;
import io.tidegate.migration.MigrationStatus.Interrupted;
import io.tidegate.policy.Guard.Verdict;
import io.tidegate.problem.Problem;
import io.tidegate.replicas.ReplicaCount;
import io.tidegate.target.Credentials;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.Reason;
import io.tidegate.target.RetryPolicy;
import io.tidegate.target.ServiceUrl;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Target;
import io.tidegate.target.Target.Purpose;
import io.tidegate.target.Target.Role;
import io.tidegate.target.TlsPolicy.TlsSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SnapshotTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final ProbeResult READY = new ProbeResult.Ready("there");
  private static final ProbeResult GONE =
      new ProbeResult.NotYet(Reason.UNREACHABLE, "nothing listens");

  private static final ChangesetId CHANGESET = new ChangesetId("a.sql", "ada", "1");

  private final Target required = target("db", true);
  private final Target extra = target("extra", false);
  private Snapshot snapshot = first(required, extra);
  private int second;

  @Test
  void nothing_is_ready_before_the_gate_is_open() {
    probe(required, READY);
    assertThat(snapshot.ready()).isFalse();
    enter(new AgentState.Watching());
    assertThat(snapshot.ready()).isTrue();
  }

  @Test
  void a_watched_target_is_unready_after_three_failures_in_a_row_and_ready_after_one_success() {
    probe(required, READY);
    enter(new AgentState.Watching());
    probe(required, GONE);
    probe(required, GONE);
    assertThat(snapshot.ready()).isTrue();
    probe(required, READY);
    probe(required, GONE);
    probe(required, GONE);
    assertThat(snapshot.ready()).isTrue();
    probe(required, GONE);
    assertThat(snapshot.ready()).isFalse();
    assertThat(state().detail()).isEqualTo("nothing listens");
    assertThat(state().failuresInARow()).isEqualTo(3);
    assertThat(state().failuresByReason()).containsExactly(Map.entry("unreachable", 5L));
    probe(required, READY);
    assertThat(snapshot.ready()).isTrue();
  }

  @Test
  void while_awaiting_one_failure_is_enough_to_be_unready() {
    enter(new AgentState.Awaiting());
    probe(required, READY);
    probe(required, GONE);
    assertThat(state().ready()).isFalse();
  }

  @Test
  void steps_are_the_states_in_order_and_several_migrations_are_one() {
    enter(new AgentState.EvaluatingSettings());
    enter(new AgentState.Awaiting());
    enter(new AgentState.Migrating("db"));
    enter(new AgentState.Migrating("extra"));
    enter(new AgentState.Watching());
    assertThat(snapshot.steps())
        .extracting(step -> step.state().id())
        .containsExactly("judging", "awaiting", "migrating", "watching");
    assertThat(snapshot.steps())
        .extracting(Snapshot.Step::since)
        .containsExactly(START, START.plusSeconds(2), START.plusSeconds(3), START.plusSeconds(5));
  }

  @Test
  void since_moves_only_when_readiness_changes() {
    enter(new AgentState.Watching());
    probe(required, READY);
    Instant ready = state().since();
    probe(required, READY);
    probe(required, GONE);
    assertThat(state().since()).isEqualTo(ready);
    probe(required, GONE);
    probe(required, GONE);
    assertThat(state().since()).isAfter(ready);
  }

  @Test
  void changes_are_the_last_ten_moments_of_readiness_and_of_another_reason() {
    ProbeResult starting = new ProbeResult.NotYet(Reason.STARTING, "starting up");
    probe(required, GONE);
    probe(required, GONE);
    probe(required, starting);
    probe(required, READY);
    probe(required, READY);
    assertThat(state().changes())
        .extracting(Change::reason)
        .containsExactly("unreachable", "starting", null);
    assertThat(state().changes().getLast().since()).isEqualTo(state().since());
    for (int i = 0; i < 10; i++) {
      probe(required, GONE);
      probe(required, starting);
    }
    assertThat(state().changes()).hasSize(10);
    assertThat(state().changes().getLast().detail()).isEqualTo("starting up");
    enter(new AgentState.Watching());
    probe(required, READY);
    probe(required, GONE);
    assertThat(state().changes().getLast().reason()).isNull();
  }

  @Test
  void a_target_that_is_not_required_does_not_close_the_gate() {
    enter(new AgentState.Watching());
    probe(required, READY);
    for (int i = 0; i < 5; i++) {
      probe(extra, GONE);
    }
    assertThat(snapshot.ready()).isTrue();
  }

  @Test
  void a_wrong_answer_counts_as_a_failure_with_its_own_reason() {
    probe(required, new ProbeResult.Wrong(Reason.CREDENTIALS, "the password is refused"));
    assertThat(state().ready()).isFalse();
    assertThat(state().reason()).isEqualTo(Reason.CREDENTIALS.id());
    assertThat(state().failuresByReason()).containsExactly(Map.entry(Reason.CREDENTIALS.id(), 1L));
    probe(required, READY);
    assertThat(state().reason()).isNull();
    assertThat(state().failuresInARow()).isZero();
  }

  @Test
  void a_probe_changes_its_own_target_alone_and_notes_when_and_how_long() {
    probe(required, READY);
    assertThat(state().lastProbe()).isEqualTo(START.plusSeconds(1));
    assertThat(state().lastProbeTook()).isEqualTo(Duration.ofMillis(5));
    assertThat(snapshot.targets().getLast())
        .isEqualTo(TargetState.unknown(extra, "postgresql", START));
  }

  @Test
  void a_state_that_is_entered_holds_from_that_moment() {
    enter(new AgentState.Migrating("db"));
    assertThat(snapshot.state()).isEqualTo(new AgentState.Migrating("db"));
    assertThat(snapshot.since()).isEqualTo(START.plusSeconds(1));
    assertThat(snapshot.started()).isEqualTo(START);
  }

  @Test
  void an_evaluation_brings_its_count_and_its_verdict_and_leaves_the_state() {
    ReplicaCount three = new ReplicaCount.Exactly(3, "a test");
    Verdict verdict = new Verdict(List.of(), List.of());
    take(new Event.Evaluated(three, verdict));
    assertThat(snapshot.replicas()).isEqualTo(three);
    assertThat(snapshot.verdict()).isSameAs(verdict);
    assertThat(snapshot.since()).isEqualTo(START);
  }

  @Test
  void a_migration_waits_runs_is_tried_again_and_is_done() {
    LockHolder holder = new LockHolder("another", START, "a changeset");
    take(new Event.LockAwaited(required, holder));
    assertThat(migration().phase()).isEqualTo(MigrationState.Phase.WAITING);
    assertThat(migration().holder()).isEqualTo(holder);
    take(new Event.ChangesetStarted(required, CHANGESET, 2, 7));
    assertThat(migration())
        .isEqualTo(
            new MigrationState(
                "db",
                MigrationState.Phase.RUNNING,
                CHANGESET.toString(),
                2,
                7,
                null,
                0,
                List.of(),
                null));
    take(new Event.ChangesetRetried(required, CHANGESET, "a table is locked"));
    assertThat(migration().retries()).isEqualTo(1);
    assertThat(migration().phase()).isEqualTo(MigrationState.Phase.RUNNING);
    MigrationOutcome outcome =
        new MigrationOutcome(1, 6, 0, Duration.ofSeconds(1), Duration.ZERO, 1);
    take(new Event.Migrated(required, outcome));
    assertThat(migration())
        .isEqualTo(
            new MigrationState(
                "db", MigrationState.Phase.DONE, null, 0, 0, null, 1, List.of(), outcome));
  }

  @Test
  void a_migration_that_fails_keeps_the_changeset_and_may_begin_again() {
    take(new Event.ChangesetStarted(required, CHANGESET, 1, 1));
    take(new Event.ChangesetRetried(required, CHANGESET, "a table is locked"));
    take(new Event.MigrationFailed(required));
    assertThat(migration().phase()).isEqualTo(MigrationState.Phase.FAILED);
    assertThat(migration().changeset()).isEqualTo(CHANGESET.toString());
    take(new Event.LockAwaited(required, new LockHolder("another", null, null)));
    assertThat(migration().phase()).isEqualTo(MigrationState.Phase.WAITING);
    assertThat(migration().retries()).isEqualTo(1);
  }

  @Test
  void changesets_that_were_interrupted_are_collected_and_outlast_the_failure() {
    for (String by : List.of("one", "two")) {
      take(
          new Event.ChangesetInterrupted(
              required, new Interrupted(CHANGESET, START, by, "look at it")));
    }
    take(new Event.MigrationFailed(required));
    assertThat(migration().interrupted())
        .containsExactly(CHANGESET.toString(), CHANGESET.toString());
  }

  @Test
  void what_is_only_reported_changes_nothing() {
    Snapshot before = snapshot;
    take(new Event.Noticed(required, "a sentence"));
    take(new Event.ChangesetApplied(required, CHANGESET, Duration.ZERO));
    take(new Event.RecountFailed(new IllegalStateException("no answer")));
    assertThat(snapshot).isSameAs(before);
  }

  @Test
  void a_watcher_that_died_fails_the_run_beside_what_failed_before() {
    enter(new AgentState.Watching());
    probe(required, READY);
    take(new Event.WatcherDied(required, new AssertionError("first")));
    take(new Event.WatcherDied(extra, new AssertionError("second")));
    assertThat(snapshot.ready()).isFalse();
    assertThat(snapshot.state())
        .isInstanceOfSatisfying(
            AgentState.Failed.class,
            failed ->
                assertThat(failed.problems())
                    .extracting(Problem::where)
                    .containsExactly("what watches db", "what watches extra"));
  }

  private MigrationState migration() {
    return snapshot.migrations().getFirst();
  }

  private void probe(Target target, ProbeResult result) {
    take(new Event.Probed(target, result, Duration.ofMillis(5)));
  }

  private void enter(AgentState state) {
    take(new Event.Entered(state));
  }

  private void take(Event event) {
    snapshot = snapshot.after(event, START.plusSeconds(++second), 3);
  }

  private TargetState state() {
    return snapshot.targets().getFirst();
  }

  private static Snapshot first(Target... targets) {
    return new Snapshot(
        new AgentState.EvaluatingSettings(),
        START,
        START,
        List.of(new Snapshot.Step(new AgentState.EvaluatingSettings(), START)),
        List.of(targets).stream()
            .map(target -> TargetState.unknown(target, "postgresql", START))
            .toList(),
        List.of(MigrationState.pending("db")),
        new ReplicaCount.Unknown("not counted"),
        Verdict.CLEAN);
  }

  private static Target target(String name, boolean required) {
    return new Target(
        name,
        "TEST",
        new ServiceUrl("postgresql", List.of(new HostPort("127.0.0.1", 1)), "app", Map.of()),
        Credentials.NONE,
        false,
        Purpose.STORE,
        Role.ANY,
        required,
        null,
        TlsSettings.FROM_URL,
        null,
        RetryPolicy.DEFAULT,
        null);
  }
}
