package io.tidegate.policy.rules;

import io.tidegate.policy.Rule;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.policy.SharedCards;
import io.tidegate.policy.rules.FactRule.LiveServer;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Target.Purpose;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** The rules over the settings and the state of a live Redis or Valkey. */
final class RedisRules {
  private static final List<String> WRITE_STATES =
      List.of("rdb_last_bgsave_status", "aof_last_write_status", "aof_last_bgrewrite_status");

  /**
   * A primary that keeps nothing, with replicas. Its replicas are no backup, so that this is reported
   * instead of {@link #PERSISTENCE}, and accepted by itself.
   */
  static final FactRule EMPTY_PRIMARY =
      FactRule.withCaches(
          new RuleCard(
              "redis-empty-primary",
              Severity.ERROR,
              "A Redis primary that keeps nothing has replicas",
              "When the primary restarts it comes back empty, and its replicas copy that: every copy of"
                  + " the data is gone at once",
              "Set appendonly yes on the primary and its replicas, or keep the primary from restarting by"
                  + " itself, so that a replica takes over",
              URI.create(
                  "https://redis.io/docs/latest/operate/oss_and_stack/management/replication/"
                      + "#safety-of-replication-when-master-has-persistence-turned-off")),
          TargetKind.REDIS,
          RedisRules::emptyPrimary);

  /** Never an error: most of those that evict are caches whose purpose nobody declared. */
  static final FactRule EVICTION =
      new FactRule(SharedCards.REDIS_EVICTION, TargetKind.REDIS, RedisRules::eviction);

  /** An append-only file that the operating system writes to disk when it likes. */
  static final FactRule FSYNC =
      new FactRule(
          new RuleCard(
              "redis-fsync",
              Severity.WARNING,
              "A Redis leaves it to the operating system when its append-only file reaches the disk",
              "When the host fails, writes of about the last half minute are gone although Redis had"
                  + " acknowledged them",
              "Set appendfsync everysec, which is the default and costs little, or always",
              URI.create(
                  "https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/")),
          TargetKind.REDIS,
          RedisRules::fsync);

  /** The last attempt to put its data on disk failed. */
  static final FactRule LAST_WRITE =
      FactRule.withCaches(
          new RuleCard(
              "redis-last-write",
              Severity.WARNING,
              "A Redis failed to put its data on disk when it last tried",
              "Redis refuses writes by default after that, or goes on and loses them with the next restart",
              "Look into the server's log for the reason, most often a full disk, a directory that it may"
                  + " not write or too little memory to fork, and let it save again with BGSAVE or"
                  + " BGREWRITEAOF",
              URI.create("https://redis.io/docs/latest/commands/info/")),
          TargetKind.REDIS,
          RedisRules::lastWrite);

  /** It may grow without a limit of its own. */
  static final FactRule MEMORY =
      FactRule.withCaches(
          new RuleCard(
              "redis-memory",
              Severity.WARNING,
              "A Redis has no limit of its memory",
              "It grows until the kernel kills it, which a cache does sooner or later by design, and what"
                  + " was not yet on disk is gone",
              "Set maxmemory to about three quarters of the container's memory limit, with a"
                  + " maxmemory-policy that suits the purpose",
              URI.create("https://redis.io/docs/latest/operate/oss_and_stack/management/admin/")),
          TargetKind.REDIS,
          RedisRules::memory);

  /** It keeps nothing. One with replicas is left to {@link #EMPTY_PRIMARY}. */
  static final FactRule PERSISTENCE =
      new FactRule(SharedCards.REDIS_PERSISTENCE, TargetKind.REDIS, RedisRules::persistence);

  /** The app may run every command, as the default user may unless it is restricted. */
  static final FactRule SUPERUSER =
      FactRule.withCaches(
          new RuleCard(
              "redis-superuser",
              Severity.WARNING,
              "The app's Redis user may run every command",
              "Whoever gets hold of the app or its password may erase everything, read every key and"
                  + " reconfigure the server",
              "Give the app a user of its own with ACL SETUSER, without @dangerous and @admin, and put a"
                  + " password on the user default",
              URI.create(
                  "https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/")),
          TargetKind.REDIS,
          RedisRules::superuser);

  static final List<Rule> ALL =
      List.of(EMPTY_PRIMARY, EVICTION, FSYNC, LAST_WRITE, MEMORY, PERSISTENCE, SUPERUSER);

  private RedisRules() {}

  private static List<Finding> emptyPrimary(LiveServer server) {
    // That it is unknown what it keeps, redis-persistence reports.
    return hasReplicas(server)
            && Kept.by(server) instanceof Kept.Nothing(String seen)
            && server.managed().isEmpty()
        ? server.found(
            lostData(server),
            "%s; connected_slaves is %s; its purpose is %s; %s"
                .formatted(
                    seen,
                    server.known("connected_slaves").orElse("unknown"),
                    server.purpose(),
                    server.evidence().describeReplicas()))
        : List.of();
  }

  private static Severity lostData(LiveServer server) {
    if (server.target().purpose() == Purpose.CACHE) {
      return Severity.NOTICE;
    }
    return server.evidence().scaled() ? Severity.ERROR : Severity.WARNING;
  }

  private static List<Finding> persistence(LiveServer server) {
    Optional<ManagedService> managed = server.managed();
    if (managed.isPresent()) {
      return managed.get().durable()
          ? List.of()
          : server
              .whole()
              .unknown(
                  "whether it keeps its data",
                  "it is %s, where that is set with the provider".formatted(managed.get().name()));
    }
    return switch (Kept.by(server)) {
      case Kept.Something() -> List.of();
      case Kept.Nothing(String seen) when hasReplicas(server) -> List.of();
      case Kept.Nothing(String seen) ->
          server.found(
              lostData(server),
              "%s; its purpose is %s; %s"
                  .formatted(seen, server.purpose(), server.evidence().describeReplicas()));
      case Kept.NotReported(String reason) -> server.unknown("whether it keeps its data", reason);
    };
  }

  /** Whether it is a primary from which replicas copy right now. */
  private static boolean hasReplicas(LiveServer server) {
    return !server.has("role", "slave")
        && server.known("connected_slaves").filter(count -> !count.equals("0")).isPresent();
  }

  private static List<Finding> eviction(LiveServer server) {
    // Without a limit nothing is ever evicted.
    if (server.has("maxmemory", "0")) {
      return List.of();
    }
    Fact configured = server.fact("maxmemory-policy");
    Fact policy = configured instanceof Fact.Known ? configured : server.fact("maxmemory_policy");
    return switch (policy) {
      case Fact.Unknown(String reason) ->
          server.unknown("whether it throws keys away", "maxmemory-policy: " + reason);
      case Fact.Known(String name) when name.startsWith("allkeys-") ->
          evicts(server, Severity.WARNING, name, "any key may go");
      case Fact.Known(String name) when name.startsWith("volatile-") ->
          evicts(server, lostWithExpiry(server), name, "keys with an expiry may go early");
      case Fact.Known(String name) -> List.of();
    };
  }

  /** Sessions and the counters of a rate limit all have an expiry; jobs and records seldom do. */
  private static Severity lostWithExpiry(LiveServer server) {
    return switch (server.target().purpose()) {
      case SESSION, RATE_LIMIT -> Severity.WARNING;
      case QUEUE, STORE, CACHE -> Severity.NOTICE;
    };
  }

  private static List<Finding> evicts(
      LiveServer server, Severity severity, String policy, String meaning) {
    return server.found(
        severity,
        "maxmemory-policy is %s, so that %s; its purpose is %s"
            .formatted(policy, meaning, server.purpose()));
  }

  private static List<Finding> fsync(LiveServer server) {
    return server.has("appendonly", "yes")
            && server.has("appendfsync", "no")
            && server.managed().isEmpty()
        ? server.found(
            lostHalfMinute(server),
            "appendonly is yes and appendfsync is no; its purpose is " + server.purpose())
        : List.of();
  }

  /** Half a minute of sessions or counters is little; of jobs and records it is not. */
  private static Severity lostHalfMinute(LiveServer server) {
    return switch (server.target().purpose()) {
      case SESSION, RATE_LIMIT, CACHE -> Severity.NOTICE;
      case QUEUE, STORE -> Severity.WARNING;
    };
  }

  private static List<Finding> lastWrite(LiveServer server) {
    return WRITE_STATES.stream()
        .filter(state -> server.has(state, "err"))
        .flatMap(state -> server.warning(state + " is err").stream())
        .toList();
  }

  /** A cache fills by design; and where nothing is kept, being killed costs everything. */
  private static List<Finding> memory(LiveServer server) {
    // A provider limits the memory outside of the server.
    if (!server.has("maxmemory", "0") || server.managed().isPresent()) {
      return List.of();
    }
    boolean worse =
        server.target().purpose() == Purpose.CACHE || Kept.by(server) instanceof Kept.Nothing;
    return server.found(
        worse ? Severity.WARNING : Severity.NOTICE,
        "maxmemory is 0; its purpose is " + server.purpose());
  }

  /**
   * With a password it is what most people do; without one, whoever reaches the port is the user,
   * which on this host and on a Compose project's network are its own containers.
   */
  private static List<Finding> superuser(LiveServer server) {
    if (!server.has("acl_commands", "+@all") || server.managed().isPresent()) {
      return List.of();
    }
    String user = server.has("acl_user", "default") ? "the user default" : "its user";
    boolean open = server.known("acl_flags").filter(flags -> flags.contains("nopass")).isPresent();
    boolean near =
        ThisHost.hasAll(server.target(), server.evidence())
            || ThisHost.sharesDockerNetwork(server.target(), server.evidence());
    return server.found(
        open && !near ? Severity.WARNING : Severity.NOTICE,
        "%s has +@all%s".formatted(user, open ? " and needs no password" : ""));
  }

  /** What a server keeps over a restart, by its settings. */
  private sealed interface Kept {
    /** Snapshots, or an append-only file. */
    record Something() implements Kept {}

    /** Neither; what was seen. */
    record Nothing(String seen) implements Kept {}

    /** It does not report it; why. */
    record NotReported(String reason) implements Kept {}

    /** An unknown setting is not one that is off: only two that are known to be off are. */
    static Kept by(LiveServer server) {
      if (server.has("appendonly", "yes") || server.has("aof_enabled", "1")) {
        return new Something();
      }
      return switch (server.fact("save")) {
        case Fact.Unknown(String reason) ->
            new NotReported("CONFIG GET save gave nothing: " + reason);
        case Fact.Known(String points) when !points.isBlank() -> new Something();
        case Fact.Known(String none) when server.has("appendonly", "no") ->
            new Nothing("appendonly is no and save is empty");
        case Fact.Known(String none) when server.has("aof_enabled", "0") ->
            new Nothing("aof_enabled is 0 and save is empty");
        case Fact.Known(String none) ->
            new NotReported("save is empty, and it does not report whether appendonly is on");
      };
    }
  }
}
