package io.tidegate.policy.rules;

import io.tidegate.policy.Rule;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import io.tidegate.policy.rules.FactRule.LiveServer;
import io.tidegate.target.Target.Role;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The rules over what live servers of several kinds have in common: roles and users. */
final class ServerRules {
  /**
   * A target that must be a primary and is a replica by now. Waiting ends at a primary only, so that
   * this is a failover in between, or a name that leads to several servers.
   */
  static final FactRule REQUIRED_PRIMARY =
      FactRule.onAll(
          new RuleCard(
              "required-primary",
              Severity.WARNING,
              "A target that must take writes is a replica",
              "Every write of the app fails, or is lost when the replica copies its primary again",
              "Let the URL lead to the primary alone, by the name that moves with a failover, or set"
                  + " TIDEGATE_TARGETS_<NAME>_ROLE=any where the app only reads",
              URI.create("https://www.postgresql.org/docs/current/hot-standby.html")),
          ServerRules::requiredPrimary);

  /** An app that may do anything to its database. */
  static final FactRule SUPERUSER =
      FactRule.onAll(
          new RuleCard(
              "superuser",
              Severity.WARNING,
              "A target is connected to as a superuser or root",
              "Any injection or stolen password then owns the whole server: all its"
                  + " databases, users and files, and nothing limits a mistake in a migration",
              "Create a user of its own that owns just this database, and connect as that",
              URI.create("https://www.postgresql.org/docs/current/role-attributes.html")),
          ServerRules::superuser);

  static final List<Rule> ALL = List.of(REQUIRED_PRIMARY, SUPERUSER);

  /** What a replica reports, or a server that takes no writes; the first that is seen is named. */
  private static final List<ReplicaSign> REPLICA_SIGNS =
      List.of(
          new ReplicaSign("in_recovery", Set.of("on")),
          new ReplicaSign("innodb_read_only", Set.of("ON", "1")),
          new ReplicaSign("isWritablePrimary", Set.of("false")),
          // MariaDB also has two that forbid locks: https://jira.mariadb.org/browse/MDEV-36425
          new ReplicaSign("read_only", Set.of("ON", "1", "NO_LOCK", "NO_LOCK_NO_ADMIN")),
          new ReplicaSign("role", Set.of("slave")),
          new ReplicaSign("super_read_only", Set.of("ON", "1")));

  private static final Set<String> MONGO_ROOTS = Set.of("root@admin", "__system@admin");

  private record ReplicaSign(String fact, Set<String> values) {}

  private ServerRules() {}

  /** Never an error: a failover must not end what starts, and the watch holds /ready back. */
  private static List<Finding> requiredPrimary(LiveServer server) {
    if (server.target().role() == Role.PRIMARY) {
      for (ReplicaSign sign : REPLICA_SIGNS) {
        Optional<String> value = server.known(sign.fact()).filter(sign.values()::contains);
        if (value.isPresent()) {
          return server.warning(
              "a primary is required, and %s is %s".formatted(sign.fact(), value.get()));
        }
      }
    }
    return List.of();
  }

  private static List<Finding> superuser(LiveServer server) {
    String what = "whether its user is a superuser";
    return switch (server.kind()) {
      case POSTGRES ->
          server.check(
              "superuser",
              what,
              value -> value.equals("on") ? server.warning("its user is a superuser") : List.of());
      case MYSQL ->
          server.check(
              "superuser",
              what,
              privilege ->
                  privilege.isEmpty()
                      ? List.of()
                      : server.warning("its user has " + privilege + " on *.*"));
      case MONGO ->
          server.check(
              "authenticatedUserRoles",
              what,
              roles ->
                  Arrays.stream(roles.split(", ", -1))
                      .filter(MONGO_ROOTS::contains)
                      .findFirst()
                      .map(role -> server.warning("its user has the role " + role))
                      .orElse(List.of()));
      case REDIS, SQLITE, MEMCACHED, OTHER -> List.of();
    };
  }
}
