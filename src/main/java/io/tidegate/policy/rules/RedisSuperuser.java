package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Finding;
import io.tidegate.policy.Rule;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import java.net.URI;
import java.util.List;

/** An app that may run every command of Redis, as its default user may unless it is restricted. */
final class RedisSuperuser implements Rule {
  private static final RuleCard CARD =
      new RuleCard(
          "redis-superuser",
          Severity.WARNING,
          "The app's Redis user may run every command",
          "Whoever gets hold of the app or its password may erase everything, read every key and"
              + " reconfigure the server",
          "Give the app a user of its own with ACL SETUSER, without @dangerous and @admin, and put a"
              + " password on the user default",
          URI.create(
              "https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/"));

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<Finding> evaluate(Evidence evidence) {
    return RedisNode.in(evidence)
        .filter(node -> node.managed().isEmpty() && node.told("acl_commands", "+@all"))
        .map(node -> finding(node, evidence))
        .toList();
  }

  /**
   * With a password it is what most people do; without one, whoever reaches the port is the user,
   * which on this host and on a Compose project's network are its own containers.
   */
  private static Finding finding(RedisNode node, Evidence evidence) {
    String user = node.told("acl_user", "default") ? "the user default" : "its user";
    boolean open = node.told("acl_flags").filter(flags -> flags.contains("nopass")).isPresent();
    boolean near =
        ThisHost.all(node.target(), evidence) || ThisHost.besideIt(node.target(), evidence);
    return node.finding(
        CARD,
        open && !near ? Severity.WARNING : Severity.NOTICE,
        "%s has +@all%s".formatted(user, open ? " and needs no password" : ""));
  }
}
