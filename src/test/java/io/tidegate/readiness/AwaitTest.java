package io.tidegate.readiness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidegate.problem.ExitCode;
import io.tidegate.problem.ProblemException;
import io.tidegate.target.Credentials;
import io.tidegate.target.Probe;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * The order of things over time: attempts, grace, deadline. Outcomes are scripted here, since no
 * real server can be made to fail for exactly so long; each engine's own suite has the real ones.
 */
class AwaitTest {
  private static final ProbeResult READY = new ProbeResult.Ready("there");
  private static final ProbeResult REFUSED =
      new ProbeResult.NotYet(Reason.UNREACHABLE, "nothing listens");
  private static final ProbeResult WRONG_PASSWORD =
      new ProbeResult.Wrong(Reason.CREDENTIALS, "the password was refused");

  private final Turned ticker = new Turned();
  private final List<Boolean> closed = new ArrayList<>();

  @Test
  void a_target_that_answers_ends_the_wait_and_its_probe_is_closed() throws Exception {
    assertThat(await(attempt -> attempt < 5 ? REFUSED : READY).run(List.of(target("db", true))))
        .containsExactly("db");
    assertThat(closed).hasSize(1);
  }

  @Test
  void the_deadline_names_the_target_and_its_last_reason() {
    ProblemException e =
        catchThrowableOfType(
            ProblemException.class,
            () -> await(attempt -> REFUSED).run(List.of(target("db", true))));
    assertThat(e.exit()).isEqualTo(ExitCode.NOT_READY);
    assertThat(e).hasMessageContaining("db").hasMessageContaining("nothing listens");
    assertThat(ticker.elapsed()).isLessThanOrEqualTo(RetryPolicy.DEFAULT.deadline());
  }

  @Test
  void an_attempt_that_the_deadline_cuts_off_does_not_hide_the_reason() {
    RetryPolicy retryPolicy = RetryPolicy.DEFAULT;
    Duration lastAttempts = retryPolicy.deadline().minus(retryPolicy.attempt());
    ProbeResult stub = new ProbeResult.NotYet(Reason.NO_ANSWER, "no answer within 1 ms");
    IntFunction<ProbeResult> script =
        attempt -> ticker.elapsed().compareTo(lastAttempts) > 0 ? stub : REFUSED;
    ProblemException e =
        catchThrowableOfType(
            ProblemException.class, () -> await(script).run(List.of(target("db", true))));
    assertThat(e).hasMessageContaining("nothing listens").hasMessageNotContaining("1 ms");
  }

  @Test
  void the_deadline_names_every_target_that_is_not_ready() {
    ProblemException e =
        catchThrowableOfType(
            ProblemException.class,
            () ->
                new Await(
                        target -> probe(attempt -> target.name().equals("ready") ? READY : REFUSED),
                        (target, result, took) -> {},
                        ticker,
                        new Random(1))
                    .run(List.of(target("a", true), target("ready", true), target("b", true))));
    assertThat(e.problems()).hasSize(2);
    assertThat(e).hasMessageContaining("a (").hasMessageContaining("b (");
  }

  @Test
  void a_permanent_error_past_its_grace_ends_the_wait_with_its_own_code() {
    ProblemException e =
        catchThrowableOfType(
            ProblemException.class,
            () -> await(attempt -> WRONG_PASSWORD).run(List.of(target("db", true))));
    assertThat(e.exit()).isEqualTo(ExitCode.CREDENTIALS);
    assertThat(ticker.elapsed())
        .isBetween(RetryPolicy.DEFAULT.grace(), RetryPolicy.DEFAULT.grace().plusSeconds(2));
  }

  @Test
  void a_permanent_error_that_heals_within_its_grace_is_forgotten() throws Exception {
    IntFunction<ProbeResult> script =
        attempt -> {
          if (ticker.elapsed().toSeconds() < 10) {
            return WRONG_PASSWORD;
          }
          if (ticker.elapsed().toSeconds() < 12) {
            return REFUSED;
          }
          return ticker.elapsed().toSeconds() < 22 ? WRONG_PASSWORD : READY;
        };
    assertThat(await(script).run(List.of(target("db", true)))).containsExactly("db");
  }

  @Test
  void successes_must_come_in_a_row() throws Exception {
    RetryPolicy three = retryPolicy(3);
    AtomicInteger attempts = new AtomicInteger();
    IntFunction<ProbeResult> script =
        attempt -> {
          attempts.incrementAndGet();
          return attempt == 2 ? REFUSED : READY;
        };
    await(script).run(List.of(target("db", true, three)));
    assertThat(attempts).hasValue(6);
  }

  @Test
  void a_target_that_is_not_required_neither_holds_up_nor_fails_the_wait() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    Await await =
        new Await(
            target -> target.name().equals("db") ? probe(attempt -> READY) : new Stuck(never),
            (target, result, took) -> {},
            Ticker.SYSTEM,
            new Random(1));
    assertThat(await.run(List.of(target("db", true), target("extra", false))))
        .containsExactly("db");
  }

  @Test
  void a_stuck_probe_is_reported_and_never_doubled() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    Stuck stuck = new Stuck(never);
    try (BoundedProbe probe = new BoundedProbe("db", stuck)) {
      for (int i = 0; i < 3; i++) {
        assertThat(probe.attempt(Duration.ofMillis(1)))
            .isInstanceOfSatisfying(
                ProbeResult.NotYet.class,
                notYet -> assertThat(notYet.reason()).isEqualTo(Reason.NO_ANSWER));
      }
      Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> stuck.attempts.get() > 0);
      assertThat(stuck.attempts).hasValue(1);
    }
    assertThat(stuck.closed).isTrue();
  }

  @Test
  void a_probe_that_throws_is_not_yet_ready() throws Exception {
    try (BoundedProbe probe =
        new BoundedProbe(
            "db",
            probe(attempt -> {
              throw new IllegalStateException("bug");
            }))) {
      assertThat(probe.attempt(Duration.ofSeconds(1))).isInstanceOf(ProbeResult.NotYet.class);
    }
  }

  @Test
  void an_interruption_ends_the_wait_and_closes_every_probe() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    Stuck stuck = new Stuck(never);
    Await await =
        new Await(target -> stuck, (target, result, took) -> {}, Ticker.SYSTEM, new Random(1));
    AtomicLong interrupted = new AtomicLong();
    Thread waiter =
        Thread.ofPlatform()
            .start(() -> {
              try {
                await.run(List.of(target("db", true)));
              } catch (InterruptedException e) {
                interrupted.incrementAndGet();
              }
            });
    Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> stuck.attempts.get() == 1);
    waiter.interrupt();
    waiter.join(Duration.ofMinutes(2));
    assertThat(interrupted).hasValue(1);
    assertThat(stuck.closed).isTrue();
  }

  @Test
  void a_bug_in_opening_a_probe_is_not_hidden() {
    Await await =
        new Await(
            target -> {
              throw new IllegalArgumentException("bug");
            },
            (target, result, took) -> {},
            ticker,
            new Random(1));
    assertThatThrownBy(() -> await.run(List.of(target("db", true)))).hasRootCauseMessage("bug");
  }

  private Await await(IntFunction<ProbeResult> script) {
    return new Await(target -> probe(script), (target, result, took) -> {}, ticker, new Random(1));
  }

  private Probe probe(IntFunction<ProbeResult> script) {
    AtomicInteger attempts = new AtomicInteger();
    return new Probe() {
      @Override
      public ProbeResult attempt(Duration timeout) {
        return script.apply(attempts.getAndIncrement());
      }

      @Override
      public void close() {
        closed.add(true);
      }
    };
  }

  private static RetryPolicy retryPolicy(int successes) {
    RetryPolicy d = RetryPolicy.DEFAULT;
    return new RetryPolicy(
        d.deadline(), d.attempt(), d.firstDelay(), d.earlyCap(), d.lateCap(), successes, d.grace());
  }

  private static Target target(String name, boolean required) {
    return target(name, required, RetryPolicy.DEFAULT);
  }

  private static Target target(String name, boolean required, RetryPolicy retryPolicy) {
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
        retryPolicy,
        null);
  }

  /** Time that passes only in sleep. */
  private static final class Turned implements Ticker {
    private final AtomicLong now = new AtomicLong();

    @Override
    public long nanos() {
      return now.get();
    }

    @Override
    public void sleep(Duration duration) {
      now.addAndGet(Math.max(duration.toNanos(), 1));
    }

    Duration elapsed() {
      return Duration.ofNanos(now.get());
    }
  }

  /** An attempt that does not end before it is interrupted. */
  private static final class Stuck implements Probe {
    private final CountDownLatch never;
    private final AtomicInteger attempts = new AtomicInteger();
    private volatile boolean closed;

    Stuck(CountDownLatch never) {
      this.never = never;
    }

    @Override
    public ProbeResult attempt(Duration timeout) throws InterruptedException {
      attempts.incrementAndGet();
      never.await();
      return READY;
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
