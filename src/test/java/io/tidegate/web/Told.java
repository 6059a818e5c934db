package io.tidegate.web;

import io.tidegate.agent.AgentState;
import io.tidegate.agent.Snapshot;
import io.tidegate.agent.Snapshot.MigrationState;
import io.tidegate.agent.Snapshot.SnapshotSource;
import io.tidegate.agent.Snapshot.TargetState;
import io.tidegate.migration.Migration.MigrationOutcome;
import io.tidegate.migration.MigrationListener.LockHolder;
import io.tidegate.policy.Guard.Verdict;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
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

/** What an agent might say: the bodies in the documentation are made of it. */
public record Told(Snapshot snapshot, Duration sinceHeartbeat) implements SnapshotSource {
  public static final Instant STARTED = Instant.parse("2026-11-21T06:00:00Z");
  static final Instant LATER = Instant.parse("2026-11-21T06:00:02.500Z");

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
            STARTED,
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

  /** The same with other targets. */
  public static Told with(AgentState state, TargetState... targets) {
    Finding warning =
        new Finding(
            new RuleCard(
                "inline-credentials",
                Severity.WARNING,
                "A password in a URL",
                "Whoever can read the environment can read the password",
                "Set ORDERS_PASSWORD_FILE instead",
                URI.create("https://12factor.net/config")),
            Severity.WARNING,
            "orders",
            "DATABASE_URL holds a password");
    return new Told(
        new Snapshot(
            state,
            STARTED,
            LATER,
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

  static TargetState orders() {
    return new TargetState(
        target(
            "orders",
            new ServiceUrl(
                "postgresql", List.of(new HostPort("db", 5432)), "orders", Map.of("a", "b")),
            Purpose.STORE,
            true),
        "postgresql",
        true,
        "PostgreSQL 18.1, primary",
        null,
        LATER,
        LATER,
        Duration.ofMillis(4),
        0,
        Map.of("unreachable", 3L, "starting", 7L));
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
        Map.of("unreachable", 12L));
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
