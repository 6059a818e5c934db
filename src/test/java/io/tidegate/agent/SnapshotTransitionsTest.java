package io.tidegate.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.policy.Guard.Verdict;
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

class SnapshotTransitionsTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final ProbeResult READY = new ProbeResult.Ready("there");
  private static final ProbeResult GONE =
      new ProbeResult.NotYet(Reason.UNREACHABLE, "nothing listens");

  private final SnapshotTransitions keeper = new SnapshotTransitions(3);
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
  void a_target_that_is_not_required_does_not_close_the_gate() {
    enter(new AgentState.Watching());
    probe(required, READY);
    for (int i = 0; i < 5; i++) {
      probe(extra, GONE);
    }
    assertThat(snapshot.ready()).isTrue();
  }

  private void probe(Target target, ProbeResult result) {
    take(new Event.Probed(target, result, Duration.ofMillis(5)));
  }

  private void enter(AgentState state) {
    take(new Event.Entered(state));
  }

  private void take(Event event) {
    snapshot = keeper.after(snapshot, event, START.plusSeconds(++second));
  }

  private TargetState state() {
    return snapshot.targets().getFirst();
  }

  private static Snapshot first(Target... targets) {
    return new Snapshot(
        new AgentState.EvaluatingSettings(),
        START,
        START,
        List.of(targets).stream()
            .map(target -> TargetState.unknown(target, "postgresql", START))
            .toList(),
        List.of(),
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
