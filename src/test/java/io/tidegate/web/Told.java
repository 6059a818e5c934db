package io.tidegate.web;

import io.tidegate.agent.AgentState;
import io.tidegate.agent.Snapshot;
import io.tidegate.agent.Snapshot.MigrationState;
import io.tidegate.agent.Snapshot.SnapshotSource;
import io.tidegate.agent.Snapshot.Step;
import io.tidegate.agent.Snapshot.TargetState;
import io.tidegate.agent.Snapshot.TargetState.Change;
import io.tidegate.migration.Migration.MigrationOutcome;
import io.tidegate.migration.MigrationListener.LockHolder;
import io.tidegate.policy.Guard.Verdict;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.replicas.ReplicaCount;
import io.tidegate.target.Credentials;
import io.tidegate.target.RetryPolicy;
import io.tidegate.target.ServiceUrl;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Target;
import io.tidegate.target.Target.Purpose;
import io.tidegate.target.Target.Role;
import io.tidegate.target.TlsPolicy.TlsSettings;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** What an agent might say: the bodies in the documentation are made of it. */
public record Told(Snapshot snapshot, Duration sinceHeartbeat) implements SnapshotSource {
  public static final Instant STARTED = Instant.parse("2026-11-21T06:00:00Z");
  static final Instant LATER = Instant.parse("2026-11-21T06:00:02.500Z");

  /** When the page is looked at. */
  static final Instant NOW = Instant.parse("2026-11-21T06:00:12.700Z");

  /** All is done; one target that is not required does not answer. */
  public static Told watching() {
    return with(new AgentState.Watching(), orders(), cache(false));
  }

  /** A required target is not there yet. */
  public static Told awaiting() {
    return new Told(
        new Snapshot(
            new AgentState.Awaiting(),
            STARTED,
            STARTED.plusMillis(200),
            steps(2),
            List.of(orders(), cache(true)),
            List.of(MigrationState.pending("orders")),
            new ReplicaCount.Unknown("nothing tells"),
            Verdict.CLEAN),
        Duration.ofMillis(120));
  }

  /** Another one's migration is waited for. */
  public static Told migrating() {
    return new Told(
        new Snapshot(
            new AgentState.Migrating("orders"),
            STARTED,
            LATER,
            steps(4),
            List.of(orders()),
            List.of(
                new MigrationState(
                    "orders",
                    MigrationState.Phase.WAITING,
                    null,
                    0,
                    0,
                    new LockHolder("web-7d9f on 10.0.0.7", LATER, "CREATE INDEX"),
                    0,
                    List.of(),
                    null)),
            new ReplicaCount.AtLeast(2, "tasks.web"),
            Verdict.CLEAN),
        Duration.ofMillis(120));
  }

  /** The third of five changesets runs. */
  static Told applying() {
    Snapshot waiting = migrating().snapshot();
    return new Told(
        new Snapshot(
            waiting.state(),
            waiting.started(),
            waiting.since(),
            waiting.steps(),
            waiting.targets(),
            List.of(
                new MigrationState(
                    "orders",
                    MigrationState.Phase.RUNNING,
                    "003-customers.sql",
                    3,
                    5,
                    null,
                    2,
                    List.of(),
                    null)),
            waiting.replicas(),
            waiting.verdict()),
        Duration.ofMillis(120));
  }

  /** The guard refuses; one finding is accepted. */
  static Told refused() {
    Problem problem =
        new Problem(
            ExitCode.REFUSED,
            "refused by the rule sqlite-replicas: DATABASE_URL is sqlite:///./app.db",
            "orders",
            "Use a server such as PostgreSQL");
    Finding error =
        finding(
            "sqlite-replicas",
            Severity.ERROR,
            "SQLite with several replicas",
            "`DATABASE_URL` is sqlite:///./app.db; 3 replicas declared by TIDEGATE_REPLICAS");
    Finding accepted =
        finding(
            "redis-eviction",
            Severity.WARNING,
            "A Redis that evicts keys",
            "maxmemory-policy is allkeys-lru; accepted until 2026-12-31: moved next month");
    Snapshot before = awaiting().snapshot();
    AgentState failed = new AgentState.Failed(List.of(problem));
    return new Told(
        new Snapshot(
            failed,
            STARTED,
            STARTED.plusMillis(200),
            List.of(before.steps().getFirst(), new Step(failed, STARTED.plusMillis(200))),
            before.targets(),
            before.migrations(),
            new ReplicaCount.Exactly(3, "TIDEGATE_REPLICAS"),
            new Verdict(
                List.of(
                    error,
                    finding(
                        "inline-credentials",
                        Severity.WARNING,
                        "A password in a URL",
                        "DATABASE_URL holds a password"),
                    finding(
                        "no-backup",
                        Severity.NOTICE,
                        "No backup is declared",
                        "orders declares no backup.directory")),
                List.of(accepted))),
        Duration.ofMillis(120));
  }

  private static Finding finding(String rule, Severity severity, String title, String evidence) {
    return new Finding(
        new RuleCard(
            rule,
            severity,
            title,
            "Whoever can read the environment can read the password",
            "Set ORDERS_PASSWORD_FILE instead",
            URI.create("https://12factor.net/config")),
        severity,
        "orders",
        evidence);
  }

  /** The same with other targets. */
  public static Told with(AgentState state, TargetState... targets) {
    Finding warning =
        finding(
            "inline-credentials",
            Severity.WARNING,
            "A password in a URL",
            "DATABASE_URL holds a password");
    return new Told(
        new Snapshot(
            state,
            STARTED,
            LATER,
            Stream.concat(steps(4).stream(), Stream.of(new Step(state, LATER))).toList(),
            List.of(targets),
            List.of(
                new MigrationState(
                    "orders",
                    MigrationState.Phase.DONE,
                    null,
                    0,
                    2,
                    null,
                    1,
                    List.of(),
                    new MigrationOutcome(
                        2, 10, 0, Duration.ofMillis(1500), Duration.ofMillis(250), 1))),
            new ReplicaCount.Exactly(3, "TIDEGATE_REPLICAS"),
            new Verdict(List.of(warning), List.of())),
        Duration.ofMillis(120));
  }

  /** The first states of a run. */
  private static List<Step> steps(int count) {
    return List.of(
            new Step(new AgentState.EvaluatingSettings(), STARTED),
            new Step(new AgentState.Awaiting(), STARTED.plusMillis(200)),
            new Step(new AgentState.EvaluatingServers(), STARTED.plusMillis(800)),
            new Step(new AgentState.Migrating("orders"), STARTED.plusMillis(1000)))
        .subList(0, count);
  }

  static TargetState orders() {
    return orders(true, "PostgreSQL 18.1, primary");
  }

  static TargetState orders(boolean ready, String detail) {
    return new TargetState(
        target(
            "orders",
            new ServiceUrl(
                "postgresql", List.of(new HostPort("db", 5432)), "orders", Map.of("a", "b")),
            Purpose.STORE,
            true),
        "postgresql",
        ready,
        detail,
        ready ? null : "unreachable",
        LATER,
        LATER,
        Duration.ofMillis(4),
        ready ? 0 : 3,
        Map.of("unreachable", 3L, "starting", 7L),
        List.of(
            new Change("unreachable", "connection refused", STARTED),
            new Change("starting", "the database system is starting up", STARTED.plusMillis(900)),
            new Change(ready ? null : "unreachable", detail, LATER)));
  }

  static TargetState cache(boolean required) {
    return cache(required, "connection refused");
  }

  static TargetState cache(boolean required, String detail) {
    return new TargetState(
        target(
            "cache",
            new ServiceUrl("redis", List.of(new HostPort("cache", 6379)), "0", Map.of()),
            Purpose.RATE_LIMIT,
            required),
        "redis",
        false,
        detail,
        "unreachable",
        STARTED,
        LATER,
        Duration.ofMillis(1),
        12,
        Map.of("unreachable", 12L),
        List.of(new Change("unreachable", detail, STARTED)));
  }

  static Target target(String name, ServiceUrl url, Purpose purpose, boolean required) {
    return new Target(
        name,
        name.toUpperCase(Locale.ROOT) + "_URL",
        url,
        Credentials.NONE,
        false,
        purpose,
        Role.PRIMARY,
        required,
        null,
        TlsSettings.FROM_URL,
        null,
        RetryPolicy.DEFAULT,
        null);
  }
}
