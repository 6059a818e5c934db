package io.tidegate.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.agent.Agent.RunMode;
import io.tidegate.agent.Snapshot.MigrationState;
import io.tidegate.agent.Snapshot.SnapshotSource;
import io.tidegate.agent.Snapshot.TargetState;
import io.tidegate.migration.Migration.MigrationOutcome;
import io.tidegate.policy.Evidence;
import io.tidegate.policy.Rule;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.replicas.ReplicaCount;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The run's phases, and what ends or disturbs each of them. */
final class AgentTest {

  // A target with a changelog is always awaited and migrated.

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void targetWithAChangelog_isAwaitedAndMigrated_requiredOrNot(boolean anotherIsRequired)
      throws InterruptedException {
    AtomicInteger attempts = new AtomicInteger();
    try (Staged staged =
        new Staged()
            .target("cache", anotherIsRequired, false)
            .target("orders", false, true)
            .answers("orders", () -> attempts.incrementAndGet() < 50 ? Staged.GONE : Staged.READY)
            .start(RunMode.INIT)) {
      assertThat(staged.end()).isNull();
      assertThat(attempts).hasValue(50);
      assertThat(staged.migrated).containsExactly("orders");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void targetWithAChangelog_thatIsNeverReady_ends69_requiredOrNot(boolean required)
      throws InterruptedException {
    try (Staged staged =
        new Staged()
            .target("cache", true, false)
            .target("orders", required, true)
            .answers("orders", () -> Staged.GONE)
            .start(RunMode.INIT)) {
      assertThat(staged.end())
          .isInstanceOfSatisfying(
              ProblemException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.NOT_READY));
      assertThat(staged.migrated).isEmpty();
    }
  }

  @Test
  void targetThatIsNotRequired_lostAfterItsMigration_leavesTheGateOpen()
      throws InterruptedException {
    try (Staged staged =
        new Staged().target("orders", false, true).target("db", true, false).start(RunMode.RUN)) {
      soon().until(() -> staged.snapshot().ready());
      staged.answers("orders", () -> Staged.GONE);
      // Each probe takes a turn when it can: the other target may take several.
      soon()
          .until(() -> {
            staged.probeAgain();
            return !target(staged, "orders").ready();
          });
      assertThat(staged.snapshot().ready()).isTrue();
    }
  }

  // The phases.

  @ParameterizedTest
  @CsvSource({
    "INIT, judging awaiting judging-live migrating",
    "RUN, judging awaiting judging-live migrating watching",
    "WAIT, awaiting",
    "MIGRATE, awaiting migrating",
  })
  void a_run_enters_the_states_of_its_mode_in_order(String mode, String states) {
    Map<String, RunMode> modes =
        Map.of(
            "INIT", RunMode.INIT,
            "RUN", RunMode.RUN,
            "WAIT", RunMode.WAIT,
            "MIGRATE", RunMode.MIGRATE);
    Set<String> entered = Collections.synchronizedSet(new LinkedHashSet<>());
    try (Staged staged = new Staged().target("db", true, true)) {
      Runnable look = () -> entered.add(staged.snapshot().state().id());
      staged
          .rule(new Looking(look))
          .answers(
              "db",
              () -> {
                look.run();
                return Staged.READY;
              })
          .migrates(
              "db",
              () -> {
                look.run();
                return new MigrationOutcome(1, 0, 0, Duration.ofMillis(1), Duration.ZERO, 0);
              })
          .start(Objects.requireNonNull(modes.get(mode)));
      List<String> expected = List.of(states.split(" ", -1));
      soon().until(() -> entered.contains(expected.getLast()));
      assertThat(entered).containsExactlyElementsOf(expected);
    }
  }

  @Test
  void refusalByTheGuard_endsTheRunBeforeAnythingIsAsked() throws InterruptedException {
    AtomicInteger attempts = new AtomicInteger();
    try (Staged staged =
        new Staged()
            .target("orders", true, true)
            .answers(
                "orders",
                () -> {
                  attempts.incrementAndGet();
                  return Staged.READY;
                })
            .rule(new Refusing())
            .start(RunMode.INIT)) {
      assertThat(staged.end())
          .isInstanceOfSatisfying(
              ProblemException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.REFUSED));
      assertThat(staged.snapshot().state()).isInstanceOf(AgentState.Failed.class);
      assertThat(attempts).hasValue(0);
      assertThat(staged.migrated).isEmpty();
    }
  }

  @Test
  void targetLostWhileItIsMigrated_isAwaitedAndMigratedAgain() throws InterruptedException {
    AtomicInteger tries = new AtomicInteger();
    try (Staged staged = new Staged().target("orders", true, true)) {
      staged.migrates(
          "orders",
          () -> {
            if (tries.incrementAndGet() < 3) {
              throw lost();
            }
            return new MigrationOutcome(2, 0, 0, Duration.ofMillis(1), Duration.ZERO, 0);
          });
      assertThat(staged.start(RunMode.INIT).end()).isNull();
      assertThat(staged.snapshot().migrations().getFirst().phase())
          .isEqualTo(MigrationState.Phase.DONE);
    }
  }

  @Test
  void targetLostAgainAndAgain_endsTheRunWithItsOwnCode() throws InterruptedException {
    AtomicInteger tries = new AtomicInteger();
    try (Staged staged = new Staged().target("orders", true, true)) {
      staged.migrates(
          "orders",
          () -> {
            tries.incrementAndGet();
            throw lost();
          });
      assertThat(staged.start(RunMode.INIT).end())
          .isInstanceOfSatisfying(
              ProblemException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.NOT_READY));
      assertThat(tries).hasValue(3);
    }
  }

  @Test
  void watchedTarget_lostAndBack_closesAndOpensTheGate() throws InterruptedException {
    try (Staged staged = new Staged().target("db", true, false).start(RunMode.RUN)) {
      soon().until(() -> staged.snapshot().ready() && staged.watches());
      staged.answers("db", () -> Staged.GONE);
      staged.probeAgain();
      staged.probeAgain();
      soon().until(() -> target(staged, "db").failuresInARow() >= 2);
      assertThat(staged.snapshot().ready()).isTrue();
      staged.probeAgain();
      soon().until(() -> !staged.snapshot().ready());
      staged.answers("db", () -> Staged.READY);
      staged.probeAgain();
      soon().until(() -> staged.snapshot().ready());
    }
  }

  // SIGTERM, which interrupts the thread of the run.

  @Test
  void sigtermWhileAwaiting_endsTheRunAndClosesEveryProbe() throws InterruptedException {
    try (Staged staged = new Staged().target("db", true, true)) {
      hangs(staged, "db");
      staged.start(RunMode.INIT);
      soon().until(() -> staged.snapshot().state() instanceof AgentState.Awaiting);
      endsByInterruption(staged);
      assertThat(staged.migrated).isEmpty();
    }
  }

  @Test
  void sigtermWhileMigrating_endsTheRun() throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch migrating = new CountDownLatch(1);
    try (Staged staged = new Staged().target("db", true, true)) {
      staged.migrates(
          "db",
          () -> {
            migrating.countDown();
            never.await();
            throw new AssertionError("was not interrupted");
          });
      staged.start(RunMode.RUN);
      migrating.await();
      assertThat(staged.snapshot().state()).isEqualTo(new AgentState.Migrating("db"));
      endsByInterruption(staged);
    }
  }

  @Test
  void sigtermWhileWatching_endsTheRunAndClosesEveryProbe() throws InterruptedException {
    try (Staged staged = new Staged().target("db", true, false).start(RunMode.RUN)) {
      soon().until(() -> staged.snapshot().ready());
      hangs(staged, "db");
      staged.probeAgain();
      endsByInterruption(staged);
      assertThat(staged.snapshots().sinceHeartbeat()).isLessThan(SnapshotSource.STOPPED);
    }
  }

  // Faults of the program itself.

  @Test
  void error_inAnAttempt_endsTheRunWithIt() throws InterruptedException {
    NoClassDefFoundError missing = new NoClassDefFoundError("io/driver/Missing");
    try (Staged staged = new Staged().target("db", true, false).target("other", true, false)) {
      hangs(staged, "other");
      staged.answers(
          "db",
          () -> {
            throw missing;
          });
      assertThat(staged.start(RunMode.INIT).end()).isSameAs(missing);
    }
  }

  @Test
  void watcherThatDies_closesTheGateAndIsNotAlive() throws InterruptedException {
    try (Staged staged =
        new Staged().target("db", true, false).target("cache", false, false).start(RunMode.RUN)) {
      soon().until(() -> staged.snapshot().ready());
      assertThat(staged.snapshots().sinceHeartbeat()).isLessThan(SnapshotSource.STOPPED);
      staged.answers(
          "cache",
          () -> {
            throw new NoClassDefFoundError("io/driver/Missing");
          });
      soon()
          .until(() -> {
            staged.probeAgain();
            return staged.snapshots().sinceHeartbeat().equals(SnapshotSource.STOPPED);
          });
      soon().until(() -> !staged.snapshot().ready());
      assertThat(problems(staged))
          .singleElement()
          .satisfies(problem -> {
            assertThat(problem.exit()).isEqualTo(ExitCode.BUG);
            assertThat(problem.line()).contains("cache", "io/driver/Missing", "debug");
          });
    }
  }

  @Test
  void error_inTheLoop_endsARunThatWaitsForIt() throws InterruptedException {
    try (Staged staged = new Staged().target("db", true, true)) {
      staged.migrates(
          "db",
          () -> {
            staged.clock(() -> {
              throw new AssertionError("staged");
            });
            return new MigrationOutcome(1, 0, 0, Duration.ofMillis(1), Duration.ZERO, 0);
          });
      assertThat(staged.start(RunMode.INIT).end())
          .isInstanceOf(IllegalStateException.class)
          .hasRootCauseInstanceOf(AssertionError.class);
    }
  }

  @Test
  void error_inTheLoop_whileWatching_closesTheGateAndIsNotAlive() throws InterruptedException {
    try (Staged staged = new Staged().target("db", true, false).start(RunMode.RUN)) {
      soon().until(() -> staged.snapshot().ready());
      staged.clock(() -> {
        throw new AssertionError("staged");
      });
      staged.probeAgain();
      soon().until(() -> staged.snapshots().sinceHeartbeat().equals(SnapshotSource.STOPPED));
      soon().until(() -> !staged.snapshot().ready());
      assertThat(problems(staged)).isNotEmpty();
    }
  }

  @Test
  void exception_inTheLoop_leavesItAlive() throws InterruptedException {
    try (Staged staged = new Staged().target("db", true, false).start(RunMode.RUN)) {
      soon().until(() -> staged.snapshot().ready());
      CountDownLatch thrown = new CountDownLatch(1);
      staged.clock(() -> {
        thrown.countDown();
        throw new IllegalStateException("staged");
      });
      staged.probeAgain();
      thrown.await();
      staged.clock(() -> Instant.EPOCH.plusSeconds(86_400));
      staged.probeAgain();
      soon()
          .until(() -> Instant.EPOCH.plusSeconds(86_400).equals(target(staged, "db").lastProbe()));
      assertThat(staged.snapshots().sinceHeartbeat()).isLessThan(SnapshotSource.STOPPED);
      assertThat(staged.snapshot().ready()).isTrue();
    }
  }

  @Test
  void recountThatThrows_leavesTheGateOpenAndTheLastCount() throws InterruptedException {
    AtomicInteger counts = new AtomicInteger();
    try (Staged staged =
        new Staged()
            .target("db", true, false)
            .counts(() -> new ReplicaCount.Exactly(3, "a test"))
            .start(RunMode.RUN)) {
      soon().until(() -> staged.snapshot().ready());
      staged.counts(() -> {
        counts.incrementAndGet();
        throw new IllegalStateException("staged");
      });
      staged.countAgain();
      staged.countAgain();
      soon().until(() -> counts.get() == 2);
      assertThat(staged.snapshot().replicas()).isEqualTo(new ReplicaCount.Exactly(3, "a test"));
      staged.counts(() -> new ReplicaCount.Exactly(4, "a test"));
      staged.countAgain();
      soon().until(() -> staged.snapshot().replicas().number() == 4);
      assertThat(staged.snapshot().ready()).isTrue();
    }
  }

  @Test
  void endOfARun_losesNoEvent() throws InterruptedException {
    for (int i = 0; i < 300; i++) {
      Staged staged = new Staged().target("db", true, false).start(RunMode.WAIT);
      assertThat(staged.end()).isNull();
      staged.close();
      assertThat(staged.snapshot().targets())
          .allSatisfy(state -> assertThat(state.ready()).isTrue());
    }
  }

  private static void endsByInterruption(Staged staged) throws InterruptedException {
    staged.interrupt();
    assertThat(staged.end()).isInstanceOf(InterruptedException.class);
    assertThat(staged.snapshot().state()).isInstanceOf(AgentState.Stopping.class);
    soon().untilAtomic(staged.openProbes, org.hamcrest.Matchers.is(0));
  }

  private static void hangs(Staged staged, String target) {
    CountDownLatch never = new CountDownLatch(1);
    staged.answers(
        target,
        () -> {
          never.await();
          return Staged.READY;
        });
  }

  private static ProblemException lost() {
    return new ProblemException(
        new Problem(ExitCode.NOT_READY, "the connection failed", "target orders", "Look at it"));
  }

  private static List<Problem> problems(Staged staged) {
    return staged.snapshot().state() instanceof AgentState.Failed(List<Problem> problems)
        ? problems
        : List.of();
  }

  private static TargetState target(Staged staged, String name) {
    return staged.snapshot().targets().stream()
        .filter(state -> state.target().name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static ConditionFactory soon() {
    return Awaitility.await().pollInterval(Duration.ofMillis(5)).atMost(Duration.ofMinutes(2));
  }

  /** Finds fault with everything. */
  private static final class Refusing implements Rule {
    @Override
    public RuleCard card() {
      return new RuleCard(
          "staged",
          Severity.ERROR,
          "Staged",
          "Danger",
          "Do not",
          URI.create("https://example.org/"));
    }

    @Override
    public List<Finding> evaluate(Evidence evidence) {
      return List.of(new Finding(card(), Severity.ERROR, "db", "it is staged"));
    }
  }

  /** Finds fault with nothing, and looks at the run while it is asked. */
  private record Looking(Runnable look) implements Rule {
    @Override
    public RuleCard card() {
      return new Refusing().card();
    }

    @Override
    public List<Finding> evaluate(Evidence evidence) {
      look.run();
      return List.of();
    }
  }
}
