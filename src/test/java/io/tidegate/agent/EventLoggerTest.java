package io.tidegate.agent;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.tidegate.migration.MigrationListener.LockHolder;
import io.tidegate.policy.Guard.Verdict;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.replicas.ReplicaCount;
import io.tidegate.replicas.ReplicaCount.Exactly;
import io.tidegate.replicas.ReplicaCount.Unknown;
import io.tidegate.target.Target;
import io.tidegate.target.Targets;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** How often the same is told again. */
class EventLoggerTest {
  private static final RuleCard RULE =
      new RuleCard(
          "event-logger-test",
          Severity.ERROR,
          "A rule of this test",
          "Data is lost.",
          "Do not.",
          URI.create("https://example.com/"));

  private final Logger log = (Logger) LoggerFactory.getLogger("io.tidegate");
  private final @Nullable Level before = log.getLevel();
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final AtomicLong now = new AtomicLong();
  private final EventLogger logger = new EventLogger(now::get);
  private Snapshot snapshot =
      new Snapshot(
          new AgentState.Watching(),
          Instant.EPOCH,
          Instant.EPOCH,
          List.of(new Snapshot.Step(new AgentState.Watching(), Instant.EPOCH)),
          List.of(),
          List.of(Snapshot.MigrationState.pending("app")),
          new Unknown("not counted yet"),
          Verdict.CLEAN);

  @BeforeEach
  void listen() {
    log.setLevel(Level.INFO);
    lines.start();
    log.addAppender(lines);
  }

  @AfterEach
  void stop() {
    log.detachAppender(lines);
    log.setLevel(before);
  }

  @Test
  void a_finding_is_not_told_again_when_only_the_source_of_the_count_changes() {
    evaluated(new Exactly(3, "in Kubernetes"));
    evaluated(new Exactly(3, "in Kubernetes, as the API server last said"));
    evaluated(new Exactly(3, "in Kubernetes"));

    assertThat(findings()).isEqualTo(1);
    assertThat(lines.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .contains(
            "the replica count is the same, and is known otherwise: 3 replicas in Kubernetes, as the"
                + " API server last said");
  }

  @Test
  void a_finding_is_told_again_when_the_count_itself_changes() {
    evaluated(new Exactly(3, "in Kubernetes"));
    evaluated(new Exactly(5, "in Kubernetes"));
    evaluated(new Unknown("the service account may not"));
    evaluated(new Unknown("nothing listens there"));

    assertThat(findings()).isEqualTo(3);
  }

  @Test
  void the_next_session_of_who_holds_the_lock_is_told_when_it_is_time_to() {
    snapshot = snapshot.after(new Event.Entered(new AgentState.Migrating("app")), Instant.EPOCH, 1);
    lockAwaited("session 10");
    lockAwaited("session 11");
    lockAwaited("session 12");
    logger.tick(snapshot);
    assertThat(lockWaits()).containsExactly("session 10");

    now.addAndGet(Duration.ofSeconds(10).toNanos());
    logger.tick(snapshot);
    now.addAndGet(Duration.ofSeconds(10).toNanos());
    logger.tick(snapshot);
    assertThat(lockWaits()).containsExactly("session 10", "session 12");
  }

  private List<String> lockWaits() {
    return lines.list.stream()
        .map(ILoggingEvent::getFormattedMessage)
        .map(line -> line.replace("app: waiting for the migration lock, held by ", ""))
        .toList();
  }

  private void lockAwaited(String who) {
    Target target = Targets.at("postgresql", 1, "/app").target();
    Event event = new Event.LockAwaited(target, new LockHolder(who, null, null));
    Snapshot former = snapshot;
    snapshot = former.after(event, Instant.EPOCH, 1);
    logger.submit(event, former, snapshot);
  }

  private void evaluated(ReplicaCount count) {
    Finding finding =
        new Finding(RULE, Severity.ERROR, "db", "DATABASE_URL is a file; " + count.describe());
    var event = new Event.Evaluated(count, new Verdict(List.of(finding), List.of()));
    Snapshot after = snapshot.after(event, Instant.EPOCH, 1);
    logger.submit(event, snapshot, after);
    snapshot = after;
  }

  private long findings() {
    return lines.list.stream()
        .filter(line -> line.getFormattedMessage().startsWith("event-logger-test: "))
        .count();
  }
}
